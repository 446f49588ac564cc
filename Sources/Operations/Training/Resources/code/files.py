"""Files that are there whole or not at all, and checks of what a run will write, before it takes its time. Runs without torch."""

import contextlib
import datetime
import fcntl
import os
import pathlib
import shutil
import socket
import sys
import time

# Seconds that a run waits for the one before it: killed with its parent, it saves an epoch (inferencectl gives it 30),
# and its loaders of photographs, which hold the lock with it, look for it every 5 s.
PATIENCE = 40


class FileError(RuntimeError):
    """A file or folder cannot be used; the text names it."""


def write(contents):
    """Writes all files or, after an error, none. `contents`: path to its bytes, or to a function that writes to a file."""
    temporary = {pathlib.Path(path): pathlib.Path(path).with_name(f".{pathlib.Path(path).name}.{os.getpid()}") for path in contents}
    try:
        for (path, partial), content in zip(temporary.items(), contents.values()):
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(partial, "wb") as file:
                content(file) if callable(content) else file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for path, partial in temporary.items():
            os.replace(partial, path)
    except OSError as error:
        raise FileError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        for partial in temporary.values():
            with contextlib.suppress(OSError):
                partial.unlink()


def require_writable(folders):
    """Creates the folders. Raises FileError where a file could not be written into one of them."""
    for folder in map(pathlib.Path, folders):
        probe = folder / f".writable.{os.getpid()}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise FileError(f"{folder} cannot be used as a folder: {error.strerror}") from error


def require_space(folder, needed):
    """Raises FileError when the disk has less than this number of bytes free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise FileError(f"{folder} has {free >> 20} MB of free disk space; this run writes about {needed >> 20} MB")


@contextlib.contextmanager
def locked(folder):
    """Nobody else writes this folder in the meantime. Raises FileError that names an owner who has not ended after PATIENCE."""
    folder = pathlib.Path(folder).absolute()
    path = folder.with_name(f".{folder.name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = open(path, "a+", encoding="utf-8")
    except OSError as error:
        raise FileError(f"{path} cannot be written: {error.strerror}") from error
    with file:
        _take(file, folder)
        file.truncate(0)
        now = datetime.datetime.now(datetime.timezone.utc)
        file.write(f"process {os.getpid()} on {socket.gethostname()} since {now:%Y-%m-%dT%H:%M:%SZ}")
        file.flush()
        yield
        file.truncate(0)


def _take(file, folder):
    limit = time.monotonic() + PATIENCE
    told = False
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            owner = file.read().strip() or "another process"
        if time.monotonic() >= limit:
            raise FileError(f"{folder} is being written by {owner}: wait for it, stop it, or use another --model-dir")
        if not told:
            print(f"{folder} is being written by {owner}; waiting up to {PATIENCE} s for its end", file=sys.stderr, flush=True)
            told = True
        time.sleep(0.1)
