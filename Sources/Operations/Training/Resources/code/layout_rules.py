"""What layout.py and labels_csv.py share: the names and sentences of layout-rules.json, and folders as tuples of names."""

import dataclasses
import json
import pathlib

RULES = json.loads((pathlib.Path(__file__).parent / "layout-rules.json").read_text(encoding="utf-8"))
SPLITS = ("train", "validation", "test")
FORMATS = ", ".join("." + name for name in RULES["photographExtensions"])
MAXIMUM_LISTED = 10


class Refused(Exception):
    """The photographs cannot be trained on as they are; the text contains what to change."""


@dataclasses.dataclass(frozen=True)
class Assigned:
    channel: str  # of SageMaker; here the folder that was given for this split
    path: str  # below the channel
    name: str  # below the folder of classes: CLASS/…/photo.jpg
    label: str


@dataclasses.dataclass
class Level:
    """What is below a folder, each as a tuple of names; `folders` are those that hold anything that counts."""

    photographs: list
    folders: list
    tables: list  # CSV files

    def names(self):
        return sorted({parts[0] for parts in self.folders})

    def nested(self):
        """The folders that have photographs in folders of their own."""
        return {parts[0] for parts in self.photographs if len(parts) > 2}

    def has_table(self):
        return any(len(parts) == 1 for parts in self.tables)

    def inside(self, name):
        return Level(*([parts[1:] for parts in group if parts[0] == name and len(parts) > 1] for group in (self.photographs, self.folders, self.tables)))


def plain(name):
    """For comparison with the names of the rules."""
    return "".join(character for character in name.lower() if character not in "-_ ")


def split_of(name):
    return next((split for split, names in RULES["splits"].items() if plain(name) in names), None)


def check_class(name, place):
    """A class is a line of labels.txt: no control characters, no bytes that are not UTF-8, which Python reads as surrogates."""
    control = any(ord(c) < 32 or 127 <= ord(c) < 160 or 0xD800 <= ord(c) < 0xE000 or c in "\u2028\u2029\ufeff" for c in name)
    if not name or control or name != name.strip():
        refuse("class-name", place=place, **{"class": json.dumps(name, ensure_ascii=False)})


def refuse(key, **values):
    raise Refused(RULES["refusals"][key].format(formats=FORMATS, **values))


def joined(*parts):
    return "/".join(part for part in parts if part)


def listed(names):
    names = list(names)
    rest = f" and {len(names) - MAXIMUM_LISTED} more" if len(names) > MAXIMUM_LISTED else ""
    return ", ".join(names[:MAXIMUM_LISTED]) + rest
