"""Images of all sizes and modes, and what the container's preprocessing and the local model make of them.

    images.py make FOLDER
    images.py container FOLDER VERDICTS
    images.py one FILE
    images.py compare CONTAINER REPLAY
"""

import io
import json
import pathlib
import resource
import struct
import subprocess
import sys
import time
import zlib

import numpy
from PIL import Image, PngImagePlugin

CODE = pathlib.Path(__file__).parents[2] / "Sources/Operations/Training/Resources/code"
MAXIMUM_MEGABYTES, MAXIMUM_SECONDS = 400, 3
# Of larger images the container makes half the size, so the pixels differ.
MAXIMUM_FULL_PIXELS = 24_000_000
REFUSED = ("thin", "truncated", "bomb", "empty", "text")


def picture(width, height, channels=3, seed=1):
    """Smooth color and some noise, a row at a time."""
    random = numpy.random.default_rng(seed)
    pixels = numpy.empty((height, width, channels), numpy.uint8)
    x = numpy.linspace(0, 255, width)
    for row in range(height):
        for channel in range(channels):
            pixels[row, :, channel] = (x * (channel + 1) / 3 + row * 255 / height + random.integers(0, 16)) % 256
    return pixels


def encoded(image, kind, **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, color, depth, raw, *chunks):
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    data = zlib.compress(raw, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def exif(orientation):
    data = Image.Exif()
    data[0x0112] = orientation
    return data.tobytes()


def files():
    small = Image.fromarray(picture(320, 240))
    alpha = numpy.dstack([picture(256, 256), numpy.arange(65536).reshape(256, 256) % 256]).astype(numpy.uint8)
    yield "plain.jpg", encoded(small, "JPEG")
    yield "plain.png", encoded(small, "PNG")
    yield "progressive.jpg", encoded(small, "JPEG", progressive=True)
    yield "gray.jpg", encoded(small.convert("L"), "JPEG")
    yield "gray.png", encoded(small.convert("L"), "PNG")
    yield "one-bit.png", encoded(small.convert("1"), "PNG")
    for depth in (2, 4):
        row = bytes(range(256))[: 64 * depth // 8]
        yield f"gray-{depth}-bits.png", png(64, 8, 0, depth, b"".join(b"\0" + row for _ in range(8)))
    yield "cmyk.jpg", encoded(small.convert("CMYK"), "JPEG")
    yield "palette.png", encoded(small.quantize(64), "PNG")
    yield "palette-16.png", encoded(small.quantize(16), "PNG", bits=4)
    yield "palette-transparent.png", encoded(small.quantize(64), "PNG", transparency=bytes(range(0, 256, 4)))
    yield "rgba.png", encoded(Image.fromarray(alpha), "PNG")
    yield "gray-alpha.png", encoded(Image.fromarray(alpha).convert("LA"), "PNG")
    yield "color-key.png", encoded(Image.new("RGB", (40, 40), (1, 2, 3)), "PNG", transparency=(1, 2, 3))
    yield "gray-key.png", encoded(small.convert("L"), "PNG", transparency=100)
    deep = (picture(64, 48).astype(">u2") * 256 + 200).astype(">u2")
    yield "sixteen-bit-gray.png", png(64, 48, 0, 16, b"".join(b"\0" + row.tobytes() for row in deep[:, :, 0]))
    yield "sixteen-bit-rgb.png", png(64, 48, 2, 16, b"".join(b"\0" + row.tobytes() for row in deep))
    quad = numpy.dstack([deep, deep[:, :, 0]])
    yield "sixteen-bit-rgba.png", png(64, 48, 6, 16, b"".join(b"\0" + numpy.ascontiguousarray(row).tobytes() for row in quad))
    gamma = chunk(b"gAMA", struct.pack(">I", 100_000))
    yield "gamma.png", png(64, 8, 0, 8, 8 * (b"\0" + bytes(range(64))), gamma)
    yield "animated.png", encoded(small, "PNG", save_all=True, append_images=[Image.new("RGB", small.size)])
    for orientation in range(2, 9):
        yield f"orientation-{orientation}.jpg", encoded(small, "JPEG", exif=exif(orientation))
        yield f"orientation-{orientation}.png", encoded(small, "PNG", exif=exif(orientation))
    yield "wide-50.png", encoded(Image.new("L", (500, 10), 7), "PNG")
    whole = encoded(small, "JPEG")
    yield "truncated.jpg", whole[: len(whole) // 2]
    whole = encoded(small, "PNG")
    yield "truncated.png", whole[: len(whole) // 2]
    yield "empty.jpg", b""
    yield "text.jpg", b"not an image"
    for width, height in ((1, 65_500), (65_500, 1), (1, 20_000), (20_000, 1), (1, 51)):
        yield f"thin-{width}x{height}.jpg", encoded(Image.new("RGB", (width, height), "green"), "JPEG")
        yield f"thin-{width}x{height}.png", encoded(Image.new("RGB", (width, height), "green"), "PNG")
    yield "thin-1x40000000.png", png(1, 40_000_000, 0, 1, bytes(80_000_000))
    yield "bomb-9000x9000.png", encoded(Image.new("1", (9_000, 9_000)), "PNG")
    large = Image.fromarray(picture(4_032, 3_024))
    yield "12-megapixels.jpg", encoded(large, "JPEG", quality=90)
    yield "12-megapixels-turned.jpg", encoded(large, "JPEG", quality=90, exif=exif(6))
    yield "12-megapixels.png", encoded(large, "PNG", compress_level=1)
    large = Image.fromarray(picture(8_160, 6_144))
    yield "50-megapixels.jpg", encoded(large, "JPEG", quality=90)
    yield "50-megapixels-turned.jpg", encoded(large, "JPEG", quality=90, exif=exif(6))
    yield "50-megapixels.png", encoded(large, "PNG", compress_level=1)
    large.putalpha(128)
    yield "50-megapixels-rgba.png", encoded(large, "PNG", compress_level=1)


def make(folder):
    folder = pathlib.Path(folder)
    done = folder / "made"
    if done.exists() and done.read_bytes() == pathlib.Path(__file__).read_bytes():
        return
    folder.mkdir(exist_ok=True)
    for name, data in files():
        (folder / name).write_bytes(data)
    done.write_bytes(pathlib.Path(__file__).read_bytes())


def one(path):
    """The container's verdict on one file, in a process of its own."""
    sys.path.insert(0, str(CODE))
    import preprocessing

    data = pathlib.Path(path).read_bytes()
    view = preprocessing.Preprocessing(256, 224, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    start, verdict = time.process_time(), {}
    try:
        image = preprocessing.decode(data, ("JPEG", "PNG"))
        preprocessing.prepare(image, view)
        verdict = {"width": image.width, "height": image.height}
        seconds = time.process_time() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        verdict["pixels"] = zlib.crc32(image.tobytes())
    except preprocessing.ImageError as error:
        seconds = time.process_time() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        verdict["refusal"] = str(error)
    print(json.dumps({**verdict, "seconds": seconds, "megabytes": peak / 1000}))


def container(folder, output):
    verdicts = {}
    for path in sorted(pathlib.Path(folder).glob("*.*g")):
        answer = subprocess.run([sys.executable, __file__, "one", path], check=True, capture_output=True, text=True)
        verdicts[path.name] = json.loads(answer.stdout)
    pathlib.Path(output).write_text(json.dumps(verdicts))


def compare(container_path, replay_path):
    container, replay = (json.loads(pathlib.Path(path).read_text()) for path in (container_path, replay_path))
    problems = []
    print("image                         verdict   pixels     container          replay")
    for name, ours in sorted(container.items()):
        theirs = replay[name]
        verdicts = ["refusal" in verdict for verdict in (ours, theirs)]
        should_refuse = name.startswith(REFUSED)
        if verdicts != [should_refuse] * 2:
            problems.append(f"{name}: container {ours}, replay {theirs}")
        same = "–"
        if verdicts == [False, False] and name.endswith(".png") and ours["width"] == theirs["width"]:
            same = "equal" if ours["pixels"] == theirs["pixels"] else "differ"
        if same == "differ" or (same == "–" and name.endswith(".png") and not should_refuse and not name.startswith("50-")):
            problems.append(f"{name}: the pixels differ: container {ours}, replay {theirs}")
        for who, verdict in (("container", ours), ("replay", theirs)):
            if verdict["megabytes"] > MAXIMUM_MEGABYTES or verdict["seconds"] > MAXIMUM_SECONDS:
                problems.append(f"{name}: {who} took {verdict['megabytes']:.0f} MB and {verdict['seconds']:.1f} s")
        print(
            f"{name:29} {'refused' if verdicts[0] else 'read':8}  {same:7} {ours['megabytes']:5.0f} MB {ours['seconds']:6.2f} s"
            f"  {theirs['megabytes']:5.0f} MB {theirs['seconds']:6.2f} s"
        )
    for problem in problems:
        print(problem)
    if problems:
        sys.exit(1)
    print(f"{len(container)} images, one verdict each, at most {MAXIMUM_MEGABYTES} MB and {MAXIMUM_SECONDS} s")


commands = {"make": make, "container": container, "one": one, "compare": compare}
commands[sys.argv[1]](*sys.argv[2:])
