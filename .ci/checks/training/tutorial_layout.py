"""tutorial_layout.py CLASSES TARGET: folders of classes as the tutorial has them, TARGET/train|valid|test/001.Name/…; of
every four photographs one is for test and one for valid, and a few files lie about that are none."""

import pathlib
import shutil
import sys

source, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
for number, folder in enumerate(sorted(path for path in source.iterdir() if path.is_dir()), 1):
    for index, photograph in enumerate(sorted(folder.iterdir())):
        split = ("train", "train", "valid", "test")[index % 4]
        place = target / split / f"{number:03}.{folder.name.capitalize()}"
        place.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(photograph, place / photograph.name)
(target / "train/.DS_Store").write_bytes(b"x")
(target / "__MACOSX/train").mkdir(parents=True)
(target / "__MACOSX/train/._1.jpg").write_bytes(b"x")
(target / "readme.txt").write_bytes(b"x")
