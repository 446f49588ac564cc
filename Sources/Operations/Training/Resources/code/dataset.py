"""Labeled photographs: which exist and of which class (layout.py), which are damaged, and which are for training,
validation, and test.

No photograph is in two splits: files with the same bytes stay together, and where given folders disagree, test goes
before validation and validation before training.
"""

import collections
import concurrent.futures
import dataclasses
import hashlib
import pathlib
import random

import torch

import layout
import preprocessing
from layout_rules import SPLITS, Refused as DataError

@dataclasses.dataclass(frozen=True)
class Photograph:
    path: pathlib.Path
    name: str  # path below the channel's folder, with /
    label: int
    digest: str  # SHA-256 of the bytes


@dataclasses.dataclass
class Photographs:
    classes: list
    splits: dict  # split's name: [Photograph], sorted by name
    skipped: list  # (path, class, why)
    duplicates: int  # files left out because the same bytes are in another split

    def digest(self):
        """Equal for two runs with the same data in the same splits."""
        total = hashlib.sha256()
        for split in SPLITS:
            for photograph in self.splits[split]:
                total.update(f"{split} {photograph.label} {photograph.digest}\n".encode())
        return total.hexdigest()

    def counts(self):
        totals = {split: collections.Counter(p.label for p in self.splits[split]) for split in SPLITS}
        return {name: {split: totals[split][label] for split in SPLITS} for label, name in enumerate(self.classes)}


def load(understood, folders, seed, workers):
    """Reads every file once. Raises DataError when too few photographs of a class can be read."""
    classes = understood.classes
    found, skipped = {}, []
    for split, assigned in understood.splits.items():
        whole, broken = _read(assigned, folders, classes, workers)
        found[split], contradictory = _without_contradictions(whole, classes)
        skipped += broken + contradictory
    _without_empty_class(found["train"], classes, folders["train"], skipped)
    found, duplicates = _without_leaks(found)
    for split in SPLITS[1:]:
        if understood.splits[split] and not found[split]:
            raise DataError(f"no photograph for {split} is left: all of {understood.held_out[split]} are damaged or also in another split")
    return Photographs(classes, _split(found, classes, seed, understood.fractions), skipped, duplicates)


def _read(assigned, folders, classes, workers):
    """([Photograph], [(path, why)]) of what layout.py assigned to a split."""
    labels = {name: label for label, name in enumerate(classes)}

    def read(entry):
        path = folders[entry.channel] / entry.path
        try:
            data = path.read_bytes()
            preprocessing.decode(data)
        except (OSError, preprocessing.ImageError) as error:
            return path, entry.label, error.strerror if isinstance(error, OSError) else str(error)
        return Photograph(path, entry.name, labels[entry.label], hashlib.sha256(data).hexdigest())

    # Pillow decodes outside of the interpreter's lock.
    with concurrent.futures.ThreadPoolExecutor(max(1, workers)) as pool:
        results = list(pool.map(read, sorted(assigned, key=lambda entry: entry.name)))
    return [r for r in results if isinstance(r, Photograph)], [r for r in results if not isinstance(r, Photograph)]


def _without_contradictions(photographs, classes):
    """The same bytes in two classes are right in one of them at most, and would be in two splits: none of them is used."""
    labels = collections.defaultdict(set)
    for photograph in photographs:
        labels[photograph.digest].add(photograph.label)
    several = lambda p: len(labels[p.digest]) > 1  # noqa: E731
    why = lambda p: f"the same file is in the classes {layout.listed(classes[label] for label in sorted(labels[p.digest]))}"  # noqa: E731
    return [p for p in photographs if not several(p)], [(p.path, classes[p.label], why(p)) for p in photographs if several(p)]


def _without_empty_class(photographs, classes, folder, skipped):
    present = {photograph.label for photograph in photographs}
    empty = [name for label, name in enumerate(classes) if label not in present]
    if empty:
        broken = sum(name in empty for _, name, _ in skipped)
        raise DataError(f"no photograph of {layout.listed(empty)} in {folder} could be used: {broken} are skipped, for example {skipped[0][0]}: {skipped[0][2]}")


def _without_leaks(found):
    """Of the same bytes in two given splits the one for the more careful use stays."""
    seen, kept, duplicates = set(), {}, 0
    for split in reversed(SPLITS):
        kept[split] = [p for p in found[split] if p.digest not in seen]
        duplicates += len(found[split]) - len(kept[split])
        seen |= {p.digest for p in found[split]}
    return kept, duplicates


def _split(found, classes, seed, fractions):
    splits = {split: list(found[split]) for split in SPLITS}
    groups = [{} for _ in classes]
    for photograph in splits["train"]:
        groups[photograph.label].setdefault(photograph.digest, []).append(photograph)
    needed, moved = 1 + len(fractions), {}
    for name, photographs in zip(classes, groups):
        if len(photographs) < needed:
            raise DataError(f"the class {name} has {len(photographs)} different photographs that can be read; with these splits it needs at least {needed}")
        digests = sorted(photographs)
        random.Random(f"{seed} {name}").shuffle(digests)
        start = 0
        for split, count in layout.parts(len(digests), fractions).items():
            moved.update({p: split for digest in digests[start : start + count] for p in photographs[digest]})
            start += count
    for photograph, split in moved.items():
        splits[split].append(photograph)
    splits["train"] = [p for p in splits["train"] if p not in moved]
    return {split: sorted(photographs, key=lambda p: p.name) for split, photographs in splits.items()}


def augmentation(seed, epoch, index):
    """The view of a training photograph in an epoch: a function of these three alone, for every worker and order."""
    chance = random.Random(f"{seed} {epoch} {index}")
    return preprocessing.Augmentation(chance.random(), chance.random(), chance.uniform(0.7, 1.0), chance.random() < 0.5)


class Views(torch.utils.data.Dataset):
    """Photographs as (input, label); `view(index)` gives the augmentation, or None."""

    def __init__(self, photographs, preparation, view=lambda index: None):
        self.photographs, self.preparation, self.view = photographs, preparation, view

    def __len__(self):
        return len(self.photographs)

    def __getitem__(self, index):
        photograph = self.photographs[index]
        try:
            image = preprocessing.decode(photograph.path.read_bytes())
        except (OSError, preprocessing.ImageError) as error:
            # Whole a moment ago: deleted or changed since.
            raise DataError(f"{photograph.path} can no longer be read: {error}. Restore it and run the command again") from error
        return torch.from_numpy(preprocessing.prepare(image, self.preparation, self.view(index))), photograph.label


def loader(views, batch_size, workers, order=None, pin_memory=False):
    """Batches in the given order of indices, or in that of the photographs."""
    return torch.utils.data.DataLoader(
        views, batch_size=batch_size, sampler=order if order is not None else range(len(views)), num_workers=workers, pin_memory=pin_memory
    )
