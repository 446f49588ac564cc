"""Shared by the unit tests beside it: the scripts under test on the path, and small made-up photographs."""

import contextlib
import io
import os
import pathlib
import sys
from unittest import mock

import numpy
from PIL import Image

CODE = pathlib.Path(__file__).resolve().parents[3] / "Sources/Operations/Training/Resources/code"
sys.path.insert(0, str(CODE))


def picture(seed, width=64, height=48, mode="RGB"):
    """Smooth colors, another for each seed."""
    noise = numpy.random.default_rng(seed).integers(0, 256, (4, 4, 3), dtype="u1")
    return Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC).convert(mode)


def encoded(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def make_photographs(folder, classes, count, first_seed=0):
    """count PNG files in each class, reddish, greenish, … so that they can be distinguished; all of them different."""
    for label, name in enumerate(classes):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for index in range(count):
            image = numpy.asarray(picture(first_seed + 1000 * label + index)).astype("u2") // 3
            image[..., label % 3] += 160
            (folder / name / f"{index}.png").write_bytes(encoded(Image.fromarray(image.astype("u1"))))


def train_here(*arguments, environment=()):
    """train.py's main in this process: (exit status, standard output, standard error)."""
    import train

    output, errors = io.StringIO(), io.StringIO()
    with mock.patch.object(sys, "argv", ["train.py", "--workers", "0", "--device", "cpu", *map(str, arguments)]), mock.patch.dict(
        os.environ, dict(environment)
    ), contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        try:
            status = train.main()
        except SystemExit as exit:  # argparse's
            status = exit.code
    return status, output.getvalue(), errors.getvalue()
