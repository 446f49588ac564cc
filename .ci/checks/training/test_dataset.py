"""Folders of photographs: what is taken, skipped and refused; that no photograph is in two splits."""

import pathlib
import shutil
import tempfile
import unittest

import support
import dataset
import folders as reading

CLASSES = ["aardvark", "bee", "cat"]


class DatasetTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.train = self.folder / "photographs"

    def load(self, seed=1, fractions=(0.2, 0.2), **folders):
        understood, given = reading.understand({"train": self.train, **folders}, fractions)
        return dataset.load(understood, given, seed, 2)

    def assertRefused(self, pattern, **arguments):
        with self.assertRaisesRegex(dataset.DataError, pattern):
            self.load(**arguments)

    def names(self, photographs, split):
        return {photograph.name for photograph in photographs.splits[split]}


class Splits(DatasetTest):
    def test_each_class_is_split_by_itself_and_nothing_is_in_two_splits(self):
        support.make_photographs(self.train, CLASSES, 10)
        photographs = self.load()
        self.assertEqual(photographs.counts(), {name: {"train": 6, "validation": 2, "test": 2} for name in CLASSES})
        parts = [self.names(photographs, split) for split in dataset.SPLITS]
        self.assertEqual(len(set.union(*parts)), sum(map(len, parts)))

    def test_the_seed_decides(self):
        support.make_photographs(self.train, CLASSES, 10)
        self.assertEqual(self.load(seed=3).splits, self.load(seed=3).splits)
        self.assertNotEqual(self.names(self.load(seed=3), "test"), self.names(self.load(seed=4), "test"))

    def test_copies_of_a_photograph_stay_together(self):
        support.make_photographs(self.train, CLASSES, 6)
        for index in range(6):
            shutil.copy(self.train / f"bee/{index}.png", self.train / f"bee/copy-of-{index}.png")
        for seed in range(10):
            photographs = self.load(seed=seed)
            digests = [{p.digest for p in photographs.splits[split]} for split in dataset.SPLITS]
            self.assertFalse(digests[0] & digests[1] or digests[0] & digests[2] or digests[1] & digests[2])

    def test_a_photograph_in_two_classes_is_in_neither(self):
        support.make_photographs(self.train, CLASSES, 6)
        for index in range(2):
            shutil.copy(self.train / f"bee/{index}.png", self.train / f"cat/copy-of-{index}.png")
        for seed in range(10):
            photographs = self.load(seed=seed)
            self.assertEqual(sum(map(len, photographs.splits.values())), 16)
            self.assertEqual(sorted(path.name for path, _, _ in photographs.skipped), ["0.png", "1.png", "copy-of-0.png", "copy-of-1.png"])
            self.assertEqual({why for _, _, why in photographs.skipped}, {"the same file is in the classes bee, cat"})

    def test_given_folders_are_taken_as_they_are_less_what_leaks(self):
        support.make_photographs(self.train, CLASSES, 5)
        support.make_photographs(self.folder / "validation", CLASSES, 2, first_seed=100)
        support.make_photographs(self.folder / "test", CLASSES, 2, first_seed=200)
        shutil.copy(self.folder / "test/cat/0.png", self.train / "cat/leaked.png")
        shutil.copy(self.folder / "test/cat/1.png", self.folder / "validation/cat/leaked.png")
        photographs = self.load(validation=self.folder / "validation", test=self.folder / "test")
        self.assertEqual([len(photographs.splits[split]) for split in dataset.SPLITS], [15, 6, 6])
        self.assertEqual(photographs.duplicates, 2)

    def test_a_channel_may_hold_the_three_folders(self):
        for name, count in [("train", 4), ("valid", 2), ("test", 1)]:
            support.make_photographs(self.train / name, CLASSES, count, first_seed=100 * count)
        photographs = self.load()
        self.assertEqual(photographs.classes, CLASSES)
        self.assertEqual([len(photographs.splits[split]) for split in dataset.SPLITS], [12, 6, 3])

    def test_a_class_with_too_few_photographs_is_refused(self):
        support.make_photographs(self.train, CLASSES, 4)
        support.make_photographs(self.train, ["zebra"], 2)
        self.assertRefused("at least 3 different ones: zebra has 2")

    def test_without_a_test_fraction_two_photographs_are_enough(self):
        support.make_photographs(self.train, CLASSES, 2)
        self.assertEqual([len(self.load(fractions=(0.2, 0)).splits[split]) for split in dataset.SPLITS], [3, 3, 0])


class BadInput(DatasetTest):
    def test_a_broken_image_is_named_skipped_and_counted(self):
        support.make_photographs(self.train, CLASSES, 5)
        (self.train / "bee/broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut off")
        (self.train / "cat/empty.png").write_bytes(b"")
        photographs = self.load()
        self.assertEqual([path.name for path, _, _ in photographs.skipped], ["broken.jpg"])
        self.assertEqual(sum(map(len, photographs.splits.values())), 15)

    def test_other_files_and_hidden_ones_are_not_looked_at(self):
        support.make_photographs(self.train, CLASSES, 5)
        for name in ("notes.txt", "bee/README", "bee/._0.png", ".DS_Store", ".ipynb_checkpoints/x.png"):
            (self.train / name).parent.mkdir(exist_ok=True)
            (self.train / name).write_bytes(b"?")
        photographs = self.load()
        self.assertEqual((photographs.classes, photographs.skipped), (CLASSES, []))

    def test_an_empty_class_folder_is_refused_by_name(self):
        support.make_photographs(self.train, CLASSES, 5)
        (self.train / "dodo").mkdir()
        self.assertRefused("has no photographs of dodo")

    def test_a_class_of_broken_images_is_refused_with_their_number(self):
        support.make_photographs(self.train, CLASSES, 5)
        (self.train / "dodo").mkdir()
        for name in "abc":
            (self.train / f"dodo/{name}.jpg").write_bytes(b"?")
        self.assertRefused("no photograph of dodo in .* could be used: 3 are skipped, for example .*/dodo/a.jpg")

    def test_one_class_or_none_is_refused(self):
        self.train.mkdir()
        self.assertRefused("has no photographs")
        support.make_photographs(self.train, ["cat"], 5)
        self.assertRefused("only one class, cat")

    def test_a_missing_folder_is_refused(self):
        self.assertRefused("there is no folder .*photographs")

    def test_a_class_that_only_validation_has_is_refused(self):
        support.make_photographs(self.train, CLASSES, 5)
        support.make_photographs(self.folder / "validation", [*CLASSES, "dodo"], 1)
        self.assertRefused("channel validation, has classes that the training photographs do not have: dodo", validation=self.folder / "validation")

    def test_a_class_name_that_is_no_line_is_refused(self):
        support.make_photographs(self.train, [*CLASSES, "two\nlines"], 3)
        self.assertRefused("cannot be a line of labels.txt")


if __name__ == "__main__":
    unittest.main()
