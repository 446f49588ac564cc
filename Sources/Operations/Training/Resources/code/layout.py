"""How a listing of files is understood: which photographs are of which class and split, and what is refused.

    understand({"train": [("dogImages/train/akita/1.jpg", 81_000), …]}, (0.15, 0.15))

Names and sizes only: the same rules decide for a folder here and for a prefix in S3 before anything is paid. The names and
sentences are in layout-rules.json, which Swift reads too (PhotographLayout); .ci/checks/training/layouts.json has cases with
their verdicts for both. Layouts:

    classes   CLASS/…/photo.jpg                       validation and test are split off by class and seed
    splits    train/CLASS/…, valid/CLASS/…, test/CLASS/…   names in any case; valid and test may be missing or be channels
    csv       a CSV of file, label and perhaps split, beside photographs without class folders

Each may be inside one folder that has nothing else (dogImages/). This module runs without torch.
"""

import collections
import dataclasses

import labels_csv
from layout_rules import FORMATS, RULES, SPLITS, Assigned, Level, Refused, check_class, joined, listed, plain, refuse, split_of  # noqa: F401

MAXIMUM_EXAMPLES = 3
OUTSIDE = "outside a class folder"


@dataclasses.dataclass
class Understood:
    layout: str
    root: str  # the folder that everything is in, "" when it is the channel itself
    splits: dict  # split: [Assigned]; what will be split off is still in train
    fractions: dict  # split: the part of each class to split off
    held_out: dict  # split: where its photographs come from
    ignored: dict  # reason: [path]

    @property
    def classes(self):
        return sorted({photograph.label for photograph in self.splits["train"]})

    def counts(self):
        """Photographs by class and split, as if all were whole and different."""
        table = {name: dict.fromkeys(SPLITS, 0) for name in self.classes}
        for split, photographs in self.splits.items():
            for photograph in photographs:
                table[photograph.label][split] += 1
        for row in table.values():
            for split, count in parts(row["train"], self.fractions).items():
                row["train"] -= count
                row[split] += count
        return table

    def verdict(self):
        return {
            "layout": self.layout, "root": self.root, "counts": self.counts(), "heldOut": self.held_out,
            "ignored": {reason: len(paths) for reason, paths in sorted(self.ignored.items())},
        }

    def lines(self):
        """What is printed before anything is read or paid."""
        counts = self.counts()
        totals = ", ".join(f"{sum(row[split] for row in counts.values())} {split}" for split in SPLITS)
        yield f"layout: {self.layout}{f' in {self.root}' if self.root else ''}; {len(counts)} classes: {listed(counts)}"
        yield f"counts by name: {totals}"
        yield "held out: " + "; ".join(f"{split}: {source}" for split, source in self.held_out.items())
        for reason, paths in sorted(self.ignored.items()):
            yield f"ignored: {len(paths)} × {reason}, for example {listed(sorted(paths)[:MAXIMUM_EXAMPLES])}"


def parts(count, fractions):
    """Photographs of a class of this size for each split: at least one each, and one is left for training."""
    left, sizes = count, {}
    for index, (split, fraction) in enumerate(fractions.items()):
        sizes[split] = max(1, min(round(count * fraction), left - (len(fractions) - index)))
        left -= sizes[split]
    return sizes


def understand(listings, fractions, place="the folder", outputs=(), read=None):
    """The photographs of the listings: channel to [(path, bytes)], where a path with / at its end is a folder.

    `fractions`: of validation and test, for those that the listings do not have. `outputs`: folders below train that this
    run writes. `read(path)`: the bytes of a CSV file of the train channel. Raises Refused.
    """
    ignored = {}
    levels = {channel: _sorted_out(listing, outputs if channel == "train" else (), ignored) for channel, listing in listings.items()}
    train = levels.pop("train")
    if not train.photographs:
        refuse("no-photographs", place=place, ignored=_parenthesis(ignored))
    root, level = _root(train, ignored)
    place = f"{place}/{root}" if root else place
    layout, splits, held_out = _by_folder_or_csv(level, root, place, ignored, read)
    for channel, found in levels.items():
        ignored.setdefault("replaced by a channel", []).extend(photograph.path for photograph in splits.pop(channel, []))
        splits[channel] = _classes(found, "", channel, f"the channel {channel}", ignored, channel)
        held_out[channel] = RULES["heldOut"]["channel"].format(split=channel)
    return _checked(layout, root, splits, held_out, fractions, place, {r: p for r, p in ignored.items() if p})


def _sorted_out(listing, outputs, ignored):
    """The Level of a channel; what it does not have is in `ignored`."""
    rows = sorted((tuple(part for part in path.split("/") if part), path.endswith("/"), size) for path, size in listing)
    marked = {tuple(part for part in path.split("/") if part) for path in outputs} | _earlier_outputs(rows)
    level, folders = Level([], [], []), set()
    for parts, is_folder, size in rows:
        reason = _unseen(parts, marked)
        if not reason:
            folders |= {parts[:count] for count in range(1, len(parts) + is_folder)}
        if is_folder:
            continue
        reason = reason or _unread(parts[-1], size)
        if not reason:
            level.photographs.append(parts)
            continue
        ignored.setdefault(reason, []).append("/".join(parts))
        if reason == ".csv":
            level.tables.append(parts)
    level.folders = sorted(folders)
    return level


def _earlier_outputs(rows):
    """Folders with a file that train.py writes, and no photograph."""
    folders = {parts[:-1] for parts, is_folder, _ in rows if not is_folder and len(parts) > 1 and parts[-1] in RULES["outputFiles"]}
    photographs = [parts for parts, is_folder, size in rows if not is_folder and not _unread(parts[-1], size)]
    return {folder for folder in folders if not any(parts[: len(folder)] == folder for parts in photographs)}


def _unseen(parts, marked):
    if any(part.startswith(".") for part in parts):
        return "hidden"
    if any(part.lower() in RULES["systemNames"] for part in parts):
        return "system file"
    if any(tuple(parts[:count]) in marked for count in range(1, len(parts) + 1)):
        return "output of a training"
    return None


def _unread(name, size):
    stem, dot, extension = name.rpartition(".")
    extension = extension.lower() if stem and dot else ""
    if extension not in RULES["photographExtensions"]:
        return f".{extension}" if extension else "no extension"
    if size == 0:
        return "empty file"
    if size < 0:
        return "unreadable file"
    return "file too large" if size > RULES["maximumFileBytes"] else None


def _root(level, ignored):
    """Down through folders that have no other beside them, as long as class folders or a CSV can be below: (path, Level)."""
    root = []
    while True:
        names = level.names()
        inner = level.inside(names[0]) if len(names) == 1 else None
        labeled = inner and not level.has_table() and inner.has_table()
        if not inner or not (level.nested() or labeled) or split_of(names[0]) in ("validation", "test"):
            return "/".join(root), level
        ignored.setdefault(OUTSIDE, []).extend(joined(*root, *parts) for parts in level.photographs if len(parts) == 1)
        root.append(names[0])
        level = inner


def _by_folder_or_csv(level, root, place, ignored, read):
    names = level.names()
    splits = {name: split_of(name) for name in names if split_of(name)}
    nested = level.nested()
    if not nested and (len(names) < 2 or len(splits) == len(names)):
        table = labels_csv.find(level, root, place, read)
        if table:
            return ("csv", *labels_csv.apply(table, level, root, place, ignored))
        if not names or splits:
            refuse("no-class-folders", place=place)
    if len(splits) == len(names):
        return ("splits", *_by_split(level, root, place, ignored, splits))
    if len(splits) > 1 or nested & set(splits):
        refuse("mixed-splits", place=place, splits=listed(splits), others=listed(n for n in names if n not in splits))
    _without_inner_splits(level, place)
    return "classes", {"train": _classes(level, root, "train", place, ignored)}, {}


def _by_split(level, root, place, ignored, folders):
    by_split = {}
    for name, split in folders.items():
        by_split.setdefault(split, []).append(name)
    for split, names in by_split.items():
        if len(names) > 1:
            refuse("two-folders", place=place, split=split, folders=listed(names))
    if "train" not in by_split:
        refuse("splits-without-train", place=place, splits=listed(folders))
    splits, held_out = {}, {}
    for split in SPLITS:
        for name in by_split.get(split, []):
            inner = level.inside(name)
            if split == "test" and not inner.folders:
                ignored.setdefault("unlabeled test photograph", []).extend(joined(root, name, *parts) for parts in inner.photographs)
                continue
            splits[split] = _classes(inner, joined(root, name), split, f"{place}/{name}", ignored)
            held_out[split] = RULES["heldOut"]["folder"].format(folder=name)
    held_out.pop("train")
    return splits, held_out


def _without_inner_splits(level, place):
    inner = collections.defaultdict(set)
    for parts in level.photographs:
        if len(parts) > 2 and split_of(parts[1]):
            inner[parts[0]].add(parts[1])
    for name, folders in sorted(inner.items()):
        if len(set(map(split_of, folders))) > 1:
            refuse("splits-inside-class", place=place, **{"class": name}, splits=listed(sorted(folders)))


def _classes(level, base, split, place, ignored, channel="train"):
    """[Assigned] of a folder of class folders; a class without photographs for training is refused."""
    for name in level.names():
        check_class(name, place)
    assigned = [Assigned(channel, joined(base, *parts), "/".join(parts), parts[0]) for parts in level.photographs if len(parts) > 1]
    outside = [joined(base, *parts) for parts in level.photographs if len(parts) == 1]
    ignored.setdefault(OUTSIDE, []).extend(outside)
    empty = set(level.names()) - {photograph.label for photograph in assigned}
    if empty and split == "train":
        refuse("empty-classes", place=place, classes=listed(sorted(empty)), ignored=_parenthesis(ignored))
    return assigned


def _checked(layout, root, splits, held_out, fractions, place, ignored):
    splits.setdefault("train", [])
    classes = sorted({photograph.label for photograph in splits["train"]})
    if not classes:
        refuse("empty-split", place=place, split="train")
    if len(classes) < 2:
        refuse("one-class", place=place, **{"class": classes[0]})
    for split in SPLITS[1:]:
        unknown = {photograph.label for photograph in splits.get(split, [])} - set(classes)
        if unknown:
            refuse("unknown-classes", place=f"{place}, {held_out[split]},", classes=listed(sorted(unknown)))
        if split in splits and not splits[split]:
            refuse("empty-split", place=place, split=split)
    # Test first: what is left decides about validation.
    wanted = {split: fraction for split, fraction in (("test", fractions[1]), ("validation", fractions[0])) if split not in splits and fraction > 0}
    if "validation" not in splits and "validation" not in wanted:
        refuse("no-validation")
    needed = 1 + len(wanted)
    sizes = collections.Counter(photograph.label for photograph in splits["train"])
    few = [f"{name} has {sizes[name]}" for name in classes if sizes[name] < needed]
    if few:
        refuse("too-few", needed=needed, classes=listed(few))
    sources = {
        split: held_out.get(split) or (RULES["heldOut"]["fraction"].format(percent=f"{100 * wanted[split]:g}") if split in wanted else RULES["heldOut"]["none"])
        for split in SPLITS[1:]
    }
    return Understood(layout, root, {split: splits.get(split, []) for split in SPLITS}, wanted, sources, ignored)


def _parenthesis(ignored):
    text = listed(f"{len(paths)} × {reason}" for reason, paths in sorted(ignored.items()) if paths)
    return f" (ignored: {text})" if text else ""
