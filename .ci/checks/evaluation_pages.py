"""The pages of evaluations, results, and backfills in Chromium: nothing sticks out, nothing is loaded, nothing is run, and
axe-core finds no barrier, light and dark, at 400 and 1,600 px. Pictures go to FOLDER.

    evaluation_pages.py FOLDER CHROMIUM_OPTION...
"""

import base64
import io
import pathlib
import re
import shutil
import sys

from PIL import Image

from console_browser import Browser

WIDTHS, SCHEMES = (400, 1600), ("light", "dark")
MAXIMUM_PICTURE_BYTES, MAXIMUM_PAGE_BYTES, MAXIMUM_SIDE = 24_000, 4 << 20, 240
DATA = re.compile(rb'<img src="data:image/jpeg;base64,([^"]+)"')


def main():
    folder, *options = sys.argv[1:]
    folder = pathlib.Path(folder)
    with Browser(shutil.which("chromedriver"), options, folder) as browser:
        for page in sorted((folder / "pages").glob("*.html")):
            check_page(browser, page)
    check_pictures((folder / "pages/dogs.html").read_bytes())


def check_page(browser, page):
    size = page.stat().st_size
    expect(size < MAXIMUM_PAGE_BYTES, f"{page.name}: {size} bytes")
    for scheme in SCHEMES:
        for width in WIDTHS:
            browser.look(width, scheme)
            browser.driver.get(page.absolute().as_uri())
            name = f"{page.stem}-{scheme}-{width}"
            check_state(browser, name, width, scheme)
            # What is folded away is judged, too.
            browser.script("document.querySelectorAll('details').forEach((each) => { each.open = true })")
            check_state(browser, f"{name}-open", width, scheme)
            check_barriers(browser, name)


def check_state(browser, name, width, scheme):
    reach = browser.script("return document.scrollingElement.scrollWidth")
    expect(reach <= width, f"{name}: nothing sticks out at the right ({reach} px)")
    picture = Image.open(browser.picture(name)).convert("RGB")
    lightness = sum(picture.getpixel((2, 2))) / 3
    expect((lightness > 200) == (scheme == "light"), f"{name}: the scheme is {scheme}")
    expect(browser.script("return document.scripts.length") == 0, f"{name}: no script")
    expect(browser.script("return performance.getEntriesByType('resource').filter((each) => /^(http|file|ws)/.test(each.name)).length") == 0,
           f"{name}: nothing is loaded")
    expect(browser.script("return [...document.images].every((each) => each.alt.length > 0)"), f"{name}: pictures have a text")
    if name.startswith("dogs-"):
        expect(browser.script("return [...document.images].every((each) => each.naturalWidth > 0)"), f"{name}: pictures are shown")
    said = [line for line in browser.said() if "data:image" not in line]
    expect(not said, f"{name}: nothing on the console {said}")


def check_barriers(browser, name):
    barriers = browser.barriers()
    for barrier in barriers:
        print(barrier)
    expect(not barriers, f"{name}: axe-core finds no barrier")


def check_pictures(html):
    """Small, and nothing but pixels."""
    pictures = [base64.b64decode(data) for data in DATA.findall(html)]
    expect(len(pictures) >= 12, f"{len(pictures)} photographs are on the page")
    for data in pictures:
        image = Image.open(io.BytesIO(data))
        expect(max(image.size) <= MAXIMUM_SIDE and len(data) <= MAXIMUM_PICTURE_BYTES, f"{image.size}, {len(data)} bytes")
        expect(not image.getexif() and b"Exif" not in data and b"at home" not in data, "no metadata is left")


def expect(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")


main()
