"""Labeled photographs in folders: which exist, which are damaged, and which are for training, validation, and test.

    train/CLASS/photo.jpg                          split here: by class, by a seed
    train/CLASS/…, validation/CLASS/…, test/CLASS/…   taken as they are (as channels, or as folders of the train channel)

No photograph is in two splits: files with the same bytes stay together, and where given folders disagree, test goes
before validation and validation before training.
"""

import concurrent.futures
import dataclasses
import hashlib
import os
import pathlib
import random

import torch

import preprocessing

EXTENSIONS = {".jpg", ".jpeg", ".png", ".webp"}
SPLITS = ("train", "validation", "test")
OTHER_NAMES = {"valid": "validation", "val": "validation", "training": "train"}
MAXIMUM_FILE_BYTES = 100 << 20


class DataError(RuntimeError):
    """The folders cannot be trained on; the text names what to change."""


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
    skipped: list  # (path, why)
    duplicates: int  # files left out because the same bytes are in another split

    def digest(self):
        """Equal for two runs with the same data in the same splits."""
        total = hashlib.sha256()
        for split in SPLITS:
            for photograph in self.splits[split]:
                total.update(f"{split} {photograph.label} {photograph.digest}\n".encode())
        return total.hexdigest()

    def counts(self):
        return {
            name: {split: sum(p.label == label for p in self.splits[split]) for split in SPLITS}
            for label, name in enumerate(self.classes)
        }


def load(folders, seed, fractions, workers):
    """Reads every file once. `folders`: split's name to folder, "train" at least; `fractions`: of validation and test.

    Raises DataError when there are fewer than two classes, a class without a photograph, or too few to split.
    """
    folders = {name: pathlib.Path(folder) for name, folder in folders.items() if folder}
    if not folders["train"].is_dir():
        raise DataError(f"there is no folder {folders['train']} with a folder of photographs for each class")
    folders = _inner_splits(folders)
    classes = _class_names(folders["train"])
    if len(classes) < 2:
        found = f"only one class, {classes[0]}" if classes else "no class"
        raise DataError(f"{folders['train']} has {found}: a classifier needs at least two, each a folder of photographs")
    found, skipped = {}, []
    for split, folder in folders.items():
        unknown = sorted(set(_class_names(folder)) - set(classes))
        if unknown:
            raise DataError(f"{folder} has classes that {folders['train']} has not: {', '.join(unknown)}")
        found[split], broken = _read(folder, classes, workers)
        skipped += broken
    _without_empty_class(found["train"], classes, folders["train"], skipped)
    found, duplicates = _without_leaks(found)
    return Photographs(classes, _split(found, classes, seed, fractions), skipped, duplicates)


def listing(folder):
    """[(path, bytes)] of a folder, linked folders included; −1 bytes for a file that cannot be read."""
    folder, rows = pathlib.Path(folder), []

    def fail(error):
        raise DataError(f"{error.filename} cannot be read: {error.strerror}")

    for path, folders, files in os.walk(folder, onerror=fail, followlinks=True):
        # A link to a folder above would never end.
        folders[:] = [name for name in folders if pathlib.Path(path, name).resolve() not in (pathlib.Path(path).resolve(), *pathlib.Path(path).resolve().parents)]
        here = pathlib.Path(path).relative_to(folder).as_posix()
        prefix = "" if here == "." else f"{here}/"
        rows += [(f"{prefix}{name}/", 0) for name in folders]
        rows += [(f"{prefix}{name}", _bytes(os.path.join(path, name))) for name in files]
    return sorted(rows)


def _bytes(path):
    try:
        return os.stat(path).st_size
    except OSError:
        return -1


def _inner_splits(folders):
    """A channel whose folders are train, validation and test is three."""
    inner = {OTHER_NAMES.get(name, name): folders["train"] / name for name in _class_names(folders["train"])}
    if "train" in inner and "validation" in inner and set(inner) <= set(SPLITS):
        return {**inner, **{name: folder for name, folder in folders.items() if name != "train"}}
    return folders


def _class_names(folder):
    """Its folders, sorted; hidden ones (.ipynb_checkpoints) are none."""
    try:
        names = sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    except OSError as error:
        raise DataError(f"{folder} cannot be read: {error.strerror}") from error
    for name in names:
        if not name.isprintable() or name != name.strip():
            raise DataError(f"the class {name!r} cannot be a line of labels.txt: rename its folder")
    return names


def _read(folder, classes, workers):
    """([Photograph], [(path, why)]) of a folder of classes."""
    files = []
    for label, name in enumerate(classes):
        if (folder / name).is_dir():
            files += [
                (path, label)
                for path in sorted((folder / name).rglob("*"))
                if path.is_file() and path.suffix.lower() in EXTENSIONS and not path.name.startswith(".")
            ]

    def read(entry):
        path, label = entry
        name = path.relative_to(folder).as_posix()
        try:
            if path.stat().st_size > MAXIMUM_FILE_BYTES:
                return path, f"it has more than {MAXIMUM_FILE_BYTES >> 20} MB"
            data = path.read_bytes()
            preprocessing.decode(data)
        except (OSError, preprocessing.ImageError) as error:
            return path, str(error)
        return Photograph(path, name, label, hashlib.sha256(data).hexdigest())

    # Pillow decodes outside of the interpreter's lock.
    with concurrent.futures.ThreadPoolExecutor(max(1, workers)) as pool:
        results = list(pool.map(read, files))
    return [r for r in results if isinstance(r, Photograph)], [r for r in results if not isinstance(r, Photograph)]


def _without_empty_class(photographs, classes, folder, skipped):
    empty = [name for label, name in enumerate(classes) if all(p.label != label for p in photographs)]
    if empty:
        broken = sum(path.parent.name in empty for path, _ in skipped)
        reason = f" ({broken} there could not be read)" if broken else ""
        raise DataError(
            f"no photograph of {len(empty)} classes in {folder}: {', '.join(empty)}{reason}. "
            f"Add some ({', '.join(sorted(EXTENSIONS))}) or remove the folders"
        )


def _without_leaks(found):
    """Of the same bytes in two given splits the one for the more careful use stays."""
    seen, kept, duplicates = set(), {}, 0
    for split in reversed(SPLITS):
        if split in found:
            kept[split] = [p for p in found[split] if p.digest not in seen]
            duplicates += len(found[split]) - len(kept[split])
            seen |= {p.digest for p in found[split]}
    return kept, duplicates


def _split(found, classes, seed, fractions):
    splits = {split: list(found.get(split, [])) for split in SPLITS}
    wanted = [(split, fraction) for split, fraction in zip(("test", "validation"), reversed(fractions)) if split not in found]
    for label, name in enumerate(classes):
        groups = {}
        for photograph in splits["train"]:
            if photograph.label == label:
                groups.setdefault(photograph.digest, []).append(photograph)
        needed = 1 + sum(fraction > 0 for _, fraction in wanted)
        if len(groups) < needed:
            raise DataError(f"the class {name} has {len(groups)} different photographs; with these splits it needs at least {needed}")
        digests = sorted(groups)
        random.Random(f"{seed} {name}").shuffle(digests)
        start = 0
        for split, fraction in wanted:
            # At least one for each split, and one left over for training.
            count = max(1, min(round(len(digests) * fraction), len(digests) - needed + 1)) if fraction > 0 else 0
            moved = {p for digest in digests[start : start + count] for p in groups[digest]}
            start += count
            splits[split] += sorted(moved, key=lambda p: p.name)
            splits["train"] = [p for p in splits["train"] if p not in moved]
    if not splits["validation"]:
        raise DataError("no photograph for validation: give a channel \"validation\" or --validation-fraction above 0")
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
        image = preprocessing.decode(photograph.path.read_bytes())
        return torch.from_numpy(preprocessing.prepare(image, self.preparation, self.view(index))), photograph.label


def loader(views, batch_size, workers, order=None, pin_memory=False):
    """Batches in the given order of indices, or in that of the photographs."""
    return torch.utils.data.DataLoader(
        views, batch_size=batch_size, sampler=order if order is not None else range(len(views)), num_workers=workers, pin_memory=pin_memory
    )
