"""What a run that is interrupted keeps: the state after its last epoch, and the state before in case the last is damaged."""

import hashlib
import json
import os
import pathlib

import torch

import files


def key(decisive):
    """A short name for everything that decides a result; `decisive` is anything JSON can say."""
    return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()[:16]


class Checkpoints:
    """The files of one run in a folder that other runs may use too."""

    def __init__(self, folder, run_key):
        self.folder = pathlib.Path(folder)
        self.path = self.folder / f"checkpoint-{run_key}.pth"
        self.previous = self.path.with_suffix(".pth.previous")

    def save(self, text, tensors):
        """`text`: numbers as JSON, which is exact: the reader that runs no code knows tensors and text (in torch 1.13, no float)."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.path.exists():
            os.replace(self.path, self.previous)
        files.write({self.path: lambda file: torch.save({**tensors, "text": json.dumps(text)}, file)})

    def load(self, device, report):
        """(text, tensors) of the last whole one, or None."""
        for path in (self.path, self.previous):
            if path.exists():
                try:
                    content = torch.load(path, map_location=device, weights_only=True)
                    return json.loads(content.pop("text")), content
                except Exception as error:  # UnpicklingError, RuntimeError, EOFError, …
                    rest = "the one before it is used" if path == self.path and self.previous.exists() else "training begins anew"
                    report(f"the checkpoint {path} is damaged ({(str(error) or type(error).__name__).splitlines()[0]}): {rest}")
        return None

    def remove(self):
        """The run has its result."""
        self.path.unlink(missing_ok=True)
        self.previous.unlink(missing_ok=True)
        # Of runs that were killed while they wrote.
        for partial in self.folder.glob(f".{self.path.name}.*"):
            partial.unlink(missing_ok=True)
