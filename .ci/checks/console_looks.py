"""How the page looks, and whether everyone can use it: axe-core, widths, and pictures."""

import shutil

from PIL import Image

from console_session import choose_fault, expect, send_event

README_WIDTH, README_BYTES = 1280, 300_000
PHOTOGRAPH = "events/objects/dog-photos/uploads/Schäferhund Rex.jpg"


def check_empty(browser, served):
    """Before the first invocation, and without a token."""
    browser.driver.get(served.base)
    browser.wait(lambda: browser.find("#locked").is_displayed(), "the request for the token")
    check_states(browser, "locked")
    browser.open(served.address)
    check_states(browser, "empty")


def check_looks(browser, served):
    browser.open(served.address)
    for name, prepare in (("result", classified), ("failure", failed)):
        prepare(browser)
        check_states(browser, name)
    readme(browser)


def readme(browser):
    """A photograph without an earlier result, after a cold start, down to the calls."""
    choose_fault(browser, "")
    browser.look(README_WIDTH, "light")
    browser.find("#restart").click()
    browser.wait(lambda: browser.text("#warmth") == "Next is a cold start", "the new environment")
    photograph = shutil.copy(PHOTOGRAPH, browser.folder / "rex.jpg")
    browser.after(lambda: browser.find("#file").send_keys(str(photograph)))
    wait_for_picture(browser)
    bottom = browser.script("return document.querySelector('.timeline').closest('section').getBoundingClientRect().bottom + scrollY")
    path = browser.picture("readme", int(bottom) + 20)
    shrink(Image.open(path).convert("RGB"), path)
    expect(path.stat().st_size < README_BYTES, f"README's picture has {path.stat().st_size} bytes")


def shrink(image, path):
    """256 colors: the most frequent ones, which are the page's, exactly; the others for the photograph."""
    frequent = [part for _, color in sorted(image.getcolors(1 << 24), reverse=True)[:64] for part in color]
    palette = Image.new("P", (1, 1))
    palette.putpalette(frequent + image.quantize(192).getpalette()[:192 * 3])
    image.quantize(palette=palette).save(path, optimize=True)


def classified(browser):
    choose_fault(browser, "")
    if not browser.find("#store").is_selected():
        browser.find("#store").click()
    browser.wait(lambda: browser.find("#changed-count").get_property("textContent") == "1 changed", "the results' bucket")
    send_event(browser, "s3.json")
    wait_for_picture(browser)


def wait_for_picture(browser):
    browser.wait(lambda: browser.script("return document.querySelector('.picture img')?.naturalWidth > 0"), "the picture")


def failed(browser):
    choose_fault(browser, "endpointUnavailable")
    send_event(browser, "s3-two-records.json")


def check_states(browser, name):
    for scheme in ("light", "dark"):
        for width in (400, 1600):
            check_state(browser, f"{name}-{scheme}-{width}", width, scheme)


def check_state(browser, name, width, scheme):
    browser.look(width, scheme)
    reach = browser.script("return document.scrollingElement.scrollWidth")
    expect(reach <= width, f"{name}: nothing sticks out at the right ({reach} px)")
    picture = Image.open(browser.picture(name)).convert("RGB")
    lightness = sum(picture.getpixel((2, 2))) / 3
    expect((lightness > 200) == (scheme == "light"), f"{name}: the scheme is {scheme}")
    barriers = browser.barriers()
    for barrier in barriers:
        print(barrier)
    expect(not barriers, f"{name}: axe-core finds no barrier")

