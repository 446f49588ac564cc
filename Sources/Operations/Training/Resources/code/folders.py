"""Folders of photographs on this machine, as layout.py understands them. Runs without torch."""

import os
import pathlib

import layout
from layout_rules import Refused as DataError


def understand(folders, fractions, outputs=()):
    """What the folders hold, by names alone: (layout.Understood, split's name to the folder that was given for it).

    `folders`: split's name to folder, "train" at least; `fractions`: of validation and test; `outputs`: what this run
    writes. Raises DataError when they cannot be trained on.
    """
    folders = {name: pathlib.Path(folder) for name, folder in folders.items() if folder}
    for folder in folders.values():
        if not folder.is_dir():
            raise DataError(f"there is no folder {folder} with a folder of photographs for each class")
    train = folders["train"].resolve()
    inside = [pathlib.Path(path).resolve() for path in outputs if path]
    inside = [path.relative_to(train).as_posix() for path in inside if train in path.parents]
    listings = {name: listing(folder) for name, folder in folders.items()}
    read = lambda path: (folders["train"] / path).read_bytes()  # noqa: E731
    return layout.understand(listings, fractions, folders["train"], inside, read), folders


def listing(folder):
    """[(path, bytes)] of a folder, linked folders included; −1 bytes for a file that cannot be read."""
    folder, rows = pathlib.Path(folder), []

    def fail(error):
        raise DataError(f"{error.filename} cannot be read: {error.strerror}")

    for path, folders, files in os.walk(folder, onerror=fail, followlinks=True):
        here = pathlib.Path(path)
        # A link to a folder above would never end.
        above = {here.resolve(), *here.resolve().parents}
        folders[:] = [name for name in folders if (here / name).resolve() not in above]
        prefix = "" if here == folder else f"{here.relative_to(folder).as_posix()}/"
        rows += [(f"{prefix}{name}/", 0) for name in folders]
        rows += [(f"{prefix}{name}", _size(here / name)) for name in files]
    return sorted(rows)


def _size(path):
    try:
        return path.stat().st_size
    except OSError:
        return -1
