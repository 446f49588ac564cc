"""Listings and how they are understood: the cases of layouts.json, which Swift's tests read too, and folders of this machine."""

import json
import pathlib
import tempfile
import unittest

import support
import folders
import layout

CASES = json.loads(pathlib.Path(__file__).with_name("layouts.json").read_text(encoding="utf-8"))


def answer(case):
    """The verdict, or the sentence of a refusal."""
    sizes, files = case.get("sizes", {}), case.get("files", {})
    listings = {
        channel: [(path, sizes.get(path, 0 if path.endswith("/") else 1000)) for path in paths] for channel, paths in case["listings"].items()
    }
    fractions = case.get("fractions", [0.15, 0.15])
    try:
        return layout.understand(listings, fractions, "DATA", case.get("outputs", ()), lambda path: files[path].encode()).verdict()
    except layout.Refused as refused:
        return str(refused)


class Cases(unittest.TestCase):
    def test_each_listing_has_its_verdict(self):
        self.assertGreaterEqual(len(CASES), 50)
        for case in CASES:
            with self.subTest(case["name"]):
                self.assertEqual(answer(case), case.get("verdict", case.get("refusal")))

    def test_the_order_of_a_listing_does_not_matter(self):
        for case in CASES:
            with self.subTest(case["name"]):
                turned = {channel: paths[::-1] for channel, paths in case["listings"].items()}
                self.assertEqual(answer({**case, "listings": turned}), answer(case))

    def test_no_photograph_gets_lost(self):
        for case in CASES:
            if "verdict" in case and "csv" != case["verdict"]["layout"]:
                with self.subTest(case["name"]):
                    counted = sum(sum(row.values()) for row in case["verdict"]["counts"].values()) + sum(case["verdict"]["ignored"].values())
                    self.assertEqual(counted, sum(not path.endswith("/") for paths in case["listings"].values() for path in paths))


class Folders(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def test_linked_folders_are_listed_and_a_loop_is_not_followed(self):
        support.make_photographs(self.folder / "elsewhere", ["akita"], 2)
        (self.folder / "data/beagle").mkdir(parents=True)
        (self.folder / "data/akita").symlink_to(self.folder / "elsewhere/akita")
        (self.folder / "data/beagle/loop").symlink_to(self.folder / "data")
        (self.folder / "data/beagle/broken.jpg").symlink_to(self.folder / "nowhere.jpg")
        listed = folders.listing(self.folder / "data")
        self.assertEqual([path for path, _ in listed], ["akita/", "akita/0.png", "akita/1.png", "beagle/", "beagle/broken.jpg"])
        self.assertEqual(dict(listed)["beagle/broken.jpg"], -1)

    def test_a_missing_folder_is_refused_by_name(self):
        with self.assertRaisesRegex(folders.DataError, "nowhere"):
            folders.listing(self.folder / "nowhere")


if __name__ == "__main__":
    unittest.main()
