"""Judges the pictures of `plan --report`: each scheme has its own page color and every color of the plots, and no
request was made to a network."""

import json
import pathlib
import sys

from PIL import Image

folder = pathlib.Path(sys.argv[1])
# The page's, and the first three of Report/PageStyle.swift.
schemes = {
    "light": {"page": (247, 247, 245), "lines": [(42, 111, 187), (217, 115, 13), (45, 138, 87)]},
    "dark": {"page": (20, 21, 23), "lines": [(106, 169, 234), (240, 160, 75), (98, 192, 141)]},
}


def main():
    for scheme, colors in schemes.items():
        for width in (400, 800, 1600):
            check_picture(f"{scheme}-{width}", width, colors)


def check_picture(name, width, colors):
    picture = Image.open(folder / f"{name}.png").convert("RGB")
    if picture.width != width:
        sys.exit(f"{name}: {picture.width} px wide")
    found = {color: count for count, color in picture.getcolors(maxcolors=1 << 24)}
    pixels = picture.width * picture.height
    page = found.get(colors["page"], 0)
    if not 0.02 < page / pixels < 0.9:
        sys.exit(f"{name}: {page} of {pixels} pixels have the page's color")
    for line in colors["lines"]:
        if found.get(line, 0) < 100:
            sys.exit(f"{name}: {found.get(line, 0)} pixels have the color {line}")
    if len(found) < 200:
        sys.exit(f"{name}: only {len(found)} colors, it is nearly blank")
    # Every band of the page has something in it; nothing sticks out at the right.
    for top in range(0, 2700, 300):
        band = picture.crop((0, top, picture.width, top + 300))
        if len(band.getcolors(maxcolors=1 << 24)) < 20:
            sys.exit(f"{name}: nothing between {top} and {top + 300}")
    margin = picture.crop((width - 8, 0, width, picture.height)).getcolors(maxcolors=1 << 24)
    if [color for _, color in margin] != [colors["page"]]:
        sys.exit(f"{name}: something reaches into the right margin")
    check_requests(name)
    print(f"{name}: {picture.width} by {picture.height}, {len(found)} colors")


def check_requests(name):
    log = json.loads((folder / f"{name}-net.json").read_text())
    # The browser's own errands, such as its clock, have no origin; a page's requests have the page's.
    outside = {
        event["params"]["url"]
        for event in log["events"]
        if event.get("params", {}).get("url", "").startswith(("http:", "https:", "ws:", "wss:"))
        and event["params"].get("initiator", "not an origin") != "not an origin"
    }
    if outside:
        sys.exit(f"{name}: asked for {', '.join(sorted(outside))}")


main()
