"""How the page looks, and whether everyone can use it: axe-core, widths, and pictures."""

from PIL import Image

from console_session import choose_fault, expect, send_event

README_WIDTH, README_HEIGHT, README_BYTES = 1280, 1140, 300_000


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
    browser.look(README_WIDTH, "light")
    browser.find("#restart").click()
    browser.wait(lambda: browser.text("#warmth") == "Next is a cold start", "the new environment")
    classified(browser)
    shrink(browser.picture("readme", README_HEIGHT))


def classified(browser):
    choose_fault(browser, "")
    if not browser.find("#store").is_selected():
        browser.find("#store").click()
    browser.wait(lambda: browser.find("#changed-count").get_property("textContent") == "1 changed", "the results' bucket")
    send_event(browser, "s3.json")
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


def shrink(path):
    """README's picture must be small: 256 colors are enough for it."""
    Image.open(path).convert("RGB").quantize(256, dither=Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)
    expect(path.stat().st_size < README_BYTES, f"README's picture has {path.stat().st_size} bytes")
