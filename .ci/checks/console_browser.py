"""Chromium by Selenium, with Debian's own chromedriver."""

import base64

from axe_core_python.selenium import Axe
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

LIMIT_SECONDS = 60


class Browser:
    def __init__(self, driver, options, folder):
        chosen = webdriver.ChromeOptions()
        for option in options:
            chosen.add_argument(option)
        chosen.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.folder = folder
        self.driver = webdriver.Chrome(chosen, webdriver.ChromeService(driver))
        self.driver.set_script_timeout(LIMIT_SECONDS)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def wait(self, condition, what):
        WebDriverWait(self.driver, LIMIT_SECONDS, 0.02).until(lambda _: condition(), f"waited for {what}")

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.find(selector).text

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def open(self, address):
        self.driver.get("about:blank")
        self.driver.get(address)
        self.wait(lambda: self.script("return document.body.dataset.ready"), "the page")

    def shown(self):
        """The number of the invocation that the page shows; 0 for none."""
        return int(self.script("return document.body.dataset.shown") or 0)

    def after(self, action):
        """Does something that makes the page show another invocation, and waits for it."""
        before = self.shown()
        action()
        self.wait(lambda: self.shown() > before, "the next result")

    def choose(self, selector, value):
        self.script(
            "const s = document.querySelector(arguments[0]); s.value = arguments[1];"
            "s.dispatchEvent(new Event('change', {bubbles: true}))", selector, value)

    def said(self):
        """What the page said on the console since the last call, but for answers with an error status."""
        return [each["message"] for each in self.driver.get_log("browser")
                if "the server responded with a status of" not in each["message"]]

    def look(self, width, scheme, height=900):
        """Width in CSS pixels, and light or dark."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": scheme},
                         {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def picture(self, name, height=None):
        """The whole page, or its upper part."""
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": height or size["height"], "scale": 1}
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True})
        path = self.folder / f"{name}.png"
        path.write_bytes(base64.b64decode(shot["data"]))
        return path

    def barriers(self):
        """What axe-core finds, one line per rule."""
        found = Axe().run(self.driver)["violations"]
        return [f"{rule['id']}: {rule['help']}: " + "; ".join(node["html"][:160] for node in rule["nodes"][:4])
                for rule in found]
