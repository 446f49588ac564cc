"""From the bytes of an image file to what the network sees: the one way for training and for serving.

`decode` makes an upright RGB image of a file; `prepare` makes the network's input of it. Training gives `prepare` an
augmentation, and that is all the difference there is.
"""

import dataclasses
import io

import numpy
from PIL import Image, ImageOps, UnidentifiedImageError

# 50 megapixels are 150 MB of RGB; a small file may claim to be more ("decompression bomb").
MAXIMUM_PIXELS = 50_000_000
# Training reads all of them; of these the endpoint takes JPEG and PNG (inference.py).
FORMATS = ("JPEG", "PNG", "WEBP")


class ImageError(ValueError):
    """These bytes are not a readable image; the text contains the reason."""


@dataclasses.dataclass(frozen=True)
class Preprocessing:
    """What the network was trained with; travels in model.json beside the weights."""

    resized_shorter_side: int  # pixels
    side: int  # pixels of the square that is cut out of the middle
    mean: tuple  # of red, green and blue, where 0 is black and 1 is white
    standard_deviation: tuple


@dataclasses.dataclass(frozen=True)
class Augmentation:
    """A random view of a training image: where the square lies in what the resize leaves over, its size, and whether it is mirrored."""

    x: float = 0.5  # 0: left … 1: right
    y: float = 0.5  # 0: top … 1: bottom
    scale: float = 1.0  # the square's side as part of the shorter side of the *resized* image's square, at most 1
    mirrored: bool = False


def decode(data, formats=FORMATS):
    """An upright RGB image of the bytes of a file.

    EXIF orientation is applied; palettes, gray, CMYK, and 16 bits per channel become RGB; transparency is flattened to white.
    Of an animation the first frame counts. Raises ImageError for anything that is not a whole image of these formats.
    """
    try:
        image = Image.open(io.BytesIO(data), formats=formats)
        if image.width * image.height > MAXIMUM_PIXELS:
            raise ImageError(f"{image.width}×{image.height} pixels are more than {MAXIMUM_PIXELS}")
        image.load()
        return _rgb(_upright(image))
    except ImageError:
        raise
    except UnidentifiedImageError:
        raise ImageError(f"{len(data)} bytes that are not an image of the kinds {', '.join(formats)}") from None
    except Exception as error:  # Pillow's readers raise OSError, SyntaxError, ValueError, struct.error, …
        raise ImageError(f"the image is broken: {error}") from error


def _upright(image):
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # damaged EXIF data must not lose a readable image
        return image


def _rgb(image):
    if image.mode.startswith("I;16") or image.mode == "I":
        # Pillow's own conversion cuts at 255 instead of scaling.
        image = Image.fromarray((numpy.asarray(image).astype("u4") >> 8).clip(0, 255).astype("u1"))
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")


def prepare(image, preprocessing, augmentation=None):
    """The network's input of an RGB image: float32, 3×side×side, channels red, green, blue, normalized.

    Without an augmentation: the shorter side resized (bicubic), the square in the middle.
    """
    side = preprocessing.side
    width, height = image.size
    shorter = min(width, height)
    # Integers as torchvision's Resize takes them.
    resized = tuple(preprocessing.resized_shorter_side * length // shorter for length in (width, height))
    view = augmentation or Augmentation()
    cut = max(1, round(side * view.scale))
    left, top = round((resized[0] - cut) * view.x), round((resized[1] - cut) * view.y)
    if cut == side:
        image = image.resize(resized, Image.Resampling.BICUBIC).crop((left, top, left + side, top + side))
    else:
        # The same square of the original, in one step.
        horizontal, vertical = width / resized[0], height / resized[1]
        box = (left * horizontal, top * vertical, (left + cut) * horizontal, (top + cut) * vertical)
        image = image.resize((side, side), Image.Resampling.BICUBIC, box=box)
    if view.mirrored:
        image = ImageOps.mirror(image)
    values = numpy.asarray(image, dtype=numpy.float32) / numpy.float32(255)
    mean = numpy.asarray(preprocessing.mean, dtype=numpy.float32)
    deviation = numpy.asarray(preprocessing.standard_deviation, dtype=numpy.float32)
    return numpy.ascontiguousarray(((values - mean) / deviation).transpose(2, 0, 1))
