"""From the bytes of an image file to what the network sees: the one way for training and for serving.

`decode` makes an upright RGB image of a file; `prepare` makes the network's input of it. Training gives `prepare` an
augmentation, and that is all the difference there is.
"""

import dataclasses
import io

import numpy
from PIL import Image, ImageOps, UnidentifiedImageError

# Telephones with 50 megapixels make 8160×6144 or 8192×6144; a small file may claim more ("decompression bomb").
MAXIMUM_PIXELS = 51_000_000
# The shorter side is resized to 256 pixels, so an image of 1×65,500 would become one of 4,300 megapixels.
# Both limits are those of the local model (RGBImage.swift).
MAXIMUM_ASPECT_RATIO = 50
# Larger images are halved while they are decoded: Pillow holds four bytes per pixel, and turning an image upright
# takes as much again.
MAXIMUM_FULL_PIXELS = 24_000_000
STRIP_ROWS = 512
ORIENTATION = 0x0112  # EXIF
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

    EXIF orientation is applied; palettes, gray, CMYK, and 16 bits per channel become RGB; transparency is flattened to
    white. Of an animation the first frame counts. An image of more than 24 megapixels is returned at half its size.
    Takes at most 400 MB. Raises ImageError for anything that is not a whole image of these formats and limits.
    """
    try:
        image = Image.open(io.BytesIO(data), formats=formats)
        _check_size(*image.size)
        if image.width * image.height <= MAXIMUM_FULL_PIXELS:
            return _upright(_rgb(image), image)
        if image.format == "JPEG":
            image.draft(None, (image.width // 2, image.height // 2))
            return _upright(_rgb(image), image)
        return _upright(_halved(image), image)
    except ImageError:
        raise
    except UnidentifiedImageError:
        raise ImageError(f"{len(data)} bytes that are not an image of the formats {', '.join(formats)}") from None
    except Exception as error:  # Pillow's readers raise OSError, SyntaxError, ValueError, struct.error, …
        raise ImageError(f"the image is broken: {error}") from error


def _check_size(width, height):
    if width * height > MAXIMUM_PIXELS:
        raise ImageError(f"the image has {width}×{height} pixels; the maximum is {MAXIMUM_PIXELS}")
    if max(width, height) > MAXIMUM_ASPECT_RATIO * min(width, height):
        raise ImageError(
            f"the image has {width}×{height} pixels; the longer side must be at most {MAXIMUM_ASPECT_RATIO} times the shorter"
        )


def _upright(rgb, image):
    """The pixels turned as the file says."""
    try:
        orientation = image.getexif().get(ORIENTATION)
    except Exception:  # damaged EXIF data must not lose a readable image
        return rgb
    turns = Image.Transpose
    turn = {
        2: turns.FLIP_LEFT_RIGHT, 3: turns.ROTATE_180, 4: turns.FLIP_TOP_BOTTOM, 5: turns.TRANSPOSE,
        6: turns.ROTATE_270, 7: turns.TRANSVERSE, 8: turns.ROTATE_90,
    }.get(orientation)
    return rgb if turn is None else rgb.transpose(turn)


def _halved(image):
    """RGB at half the size, in strips: no second copy of the whole image."""
    image.load()
    half = Image.new("RGB", (-(-image.width // 2), -(-image.height // 2)))
    for top in range(0, image.height, STRIP_ROWS):
        strip = image.crop((0, top, image.width, min(top + STRIP_ROWS, image.height)))
        half.paste(_rgb(strip).reduce(2), (0, top // 2))
    return half


def _rgb(image):
    image.load()
    if image.mode.startswith("I;16") or image.mode == "I":
        # Pillow's own conversion cuts at 255 instead of scaling.
        image = Image.fromarray((numpy.asarray(image).astype("u4") >> 8).clip(0, 255).astype("u1"))
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


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
