"""tutorial_page.py FOLDER: judges the page of train local --report and its pictures: what the report says is on it, the
photographs of the mistakes are in it, both schemes have their colors, and the browser asked no network for anything."""

import html
import json
import pathlib
import re
import sys

from PIL import Image

folder = pathlib.Path(sys.argv[1])
# Of Report/PageStyle.swift: the page, and the two lines of the curves.
SCHEMES = {
    "light": [(247, 247, 245), (42, 111, 187), (217, 115, 13)],
    "dark": [(20, 21, 23), (106, 169, 234), (240, 160, 75)],
}


def main():
    # Numbers and their units are bound by no-break spaces.
    page = (folder / "page.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    report = json.loads((folder / "trained/report.json").read_text(encoding="utf-8"))
    test = report["test"]
    assert f"{100 * test['accuracy']:.1f} % of {len(test['photographs'])} held-out photographs" in page
    for heading in ("Result", "Epochs", "Worst confusions", "Confusion matrix", "Classes", "Calibration", "Settings"):
        assert f"<h2>{heading}</h2>" in page, heading
    for name in report["classes"]:
        assert html.escape(name, quote=True) in page, name
    pictures = len(re.findall(r'<img src="data:image/jpeg;base64,', page))
    assert pictures == len(test["worst"]), f"{pictures} pictures of {len(test['worst'])} mistakes"
    assert "<script" not in page and "http" not in page.replace("http-equiv", "")
    for scheme, colors in SCHEMES.items():
        picture = Image.open(folder / f"{scheme}.png").convert("RGB")
        found = {color: count for count, color in picture.getcolors(maxcolors=1 << 24)}
        assert found.get(colors[0], 0) > 0.02 * picture.width * picture.height, f"{scheme}: the page's color"
        for color in colors[1:]:
            assert found.get(color, 0) >= 100, f"{scheme}: {found.get(color, 0)} pixels have the color {color}"
        # The browser's own errands, such as its clock, have no origin; a page's requests have the page's.
        log = json.loads((folder / f"{scheme}-net.json").read_text())
        asked = {
            event["params"]["url"] for event in log["events"]
            if event.get("params", {}).get("url", "").startswith("http") and event["params"].get("initiator", "not an origin") != "not an origin"
        }
        assert not asked, asked
    print(f"page: accuracy {test['accuracy']:.3f} of {len(test['photographs'])}, {pictures} mistakes with their photographs, {len(page) >> 10} KB")


main()
