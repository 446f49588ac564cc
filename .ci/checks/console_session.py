"""What a person does on the page, and what it shows."""

import base64
import http.server
import json
import os
import sys
import threading

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

PHOTOGRAPH = "events/objects/dog-photos/uploads/mixed-breed.jpg"
DROP = """
const [data, name, done] = arguments
const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0))
const files = new DataTransfer()
files.items.add(new File([bytes], name, {type: "image/jpeg"}))
const began = performance.now()
new MutationObserver((_, observer) => {
  if (!document.querySelector("#shown .bars")) return
  observer.disconnect()
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)))
}).observe(document.querySelector("#shown"), {childList: true, subtree: true})
document.querySelector("#drop").dispatchEvent(new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: files}))
"""


def expect(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")
    print(f"ok: {what}")


def check_session(browser, served):
    browser.look(1600, "light")
    browser.open(served.address)
    expect("#" not in browser.driver.current_url, "the token leaves the address bar")
    expect(not browser.said(), "nothing is said on the console")
    drop(browser, served)
    edit(browser)
    faults(browser)
    variables(browser)
    strangers(browser, served)
    others(browser, served)
    keyboard(browser)
    lock(browser, served)
    foreign_page(browser, served)


def rows(browser):
    return [(row.find_element("css selector", "th").text.split("\n")[0],
             row.find_element("css selector", ".status").text) for row in browser.all("#shown .timeline tbody tr")]


def drop(browser, served):
    with open(PHOTOGRAPH, "rb") as file:
        photograph = file.read()
    # What a program gets for the same photograph.
    answer = json.loads(served.open("/", photograph))["results"][0]
    best = f"{answer['class']} {answer['probability'] * 100:.1f} %"
    browser.wait(lambda: browser.shown() == 1, "the invocation of another program")
    expect("the function URL" in browser.text(".meta"), "an invocation by curl appears by itself")
    browser.find("#restart").click()
    browser.wait(lambda: browser.text("#warmth") == "Next is a cold start", "the new environment")
    data = base64.b64encode(photograph).decode()
    times = [browser.driver.execute_async_script(DROP, data, "rex + co.jpg") for _ in range(3)]
    browser.wait(lambda: browser.shown() == 4, "three drops")
    expect(browser.text("#verdict") == best, f"a dropped photograph is classified: {best}")
    bars = browser.all("#shown .bars")[0].find_elements("css selector", "li")
    expect(len(bars) == 5 and bars[0].text.startswith(answer["class"]), "the five best classes have bars")
    widths = [float(bar.find_element("css selector", ".fill").value_of_css_property("width")[:-2]) for bar in bars]
    expect(widths == sorted(widths, reverse=True) and widths[0] > 2 * widths[-1], "the bars have their lengths")
    browser.wait(lambda: browser.script("return document.querySelector('.picture img')?.naturalWidth > 0"), "the picture")
    expect("rex%20+%20co" not in browser.text("#shown"), "the name of the file is shown as it is")
    expect("uploads/rex+%2B+co.jpg" in browser.find("#event-text").get_property("value"), "the event has the encoded key")
    expect(rows(browser) == [("GetObject", "200"), ("InvokeEndpoint", "200"), ("Invocation", "")], "each call has a row")
    expect([each in browser.text(".log") for each in ("START Req", "END Req", "REPORT Req")] == [True] * 3, "Lambda's lines")
    cold = [entry.text for entry in browser.all("#history .entry-detail")]
    expect("cold" not in cold[0] and "cold" in cold[2], "the first drop was a cold start, the next ones were warm")
    browser.find("#store").click()
    browser.wait(lambda: browser.text("#changed-count") == "1 changed" or browser.find("#changed-count").get_property(
        "textContent") == "1 changed", "the changed variable")
    browser.after(lambda: browser.find("#replay").click())
    expect([row[0] for row in rows(browser)] == ["Init", "GetObject", "InvokeEndpoint", "PutObject", "Invocation"],
           "a stored result is a third call, and a cold start has its Init")
    print(f"time from drop to bars: {times[0]:.0f} ms cold, {min(times[1:]):.0f} ms warm")


def edit(browser):
    area = browser.find("#event-text")
    area.click()
    browser.script("arguments[0].value = arguments[0].value.replace('rex+%2B+co.jpg', 'nobody.jpg')", area)
    browser.after(lambda: area.send_keys(Keys.CONTROL, Keys.ENTER))
    expect(browser.text("#verdict") == "Failed: S3.NoSuchKey", "an edited event is replayed; its error is shown")
    expect("Lambda retries the event" in browser.text("#caller"), "what the caller gets is explained")
    area = browser.find("#event-text")
    browser.script("arguments[0].value = '{\"a\":'", area)
    browser.find("#replay").click()
    browser.wait(lambda: browser.find("#alert").is_displayed(), "the alert")
    expect(browser.text("#alert").startswith("Lambda accepts only JSON as an event"), "what is not JSON is refused")


def send_event(browser, name):
    browser.choose("#event-file", name)
    browser.after(lambda: browser.find("#send-event").click())


def choose_fault(browser, name):
    browser.choose("#fault", name)
    browser.wait(lambda: browser.find("#first-only").is_enabled() == bool(name), "the fault")


def faults(browser):
    choose_fault(browser, "s3AccessDenied")
    send_event(browser, "sqs.json")
    expect("AccessDenied" in browser.text(".log"), "S3's 403 is in the log")
    expect("queue" in browser.text("#caller"), f"SQS gets: {browser.text('#caller p')}")
    choose_fault(browser, "endpointUnavailable")
    send_event(browser, "http-api-image.json")
    expect("HTTP 503" in browser.text("#caller") or "HTTP 502" in browser.text("#caller"),
           f"an HTTP client gets: {browser.text('#caller p')}")
    choose_fault(browser, "endpointThrottled")
    browser.find("#first-only").click()
    send_event(browser, "s3.json")
    expect([row for row in rows(browser) if row[0] == "InvokeEndpoint"]
           == [("InvokeEndpoint", "429 (fault)"), ("InvokeEndpoint", "200")], "a retry after throttling succeeds")
    choose_fault(browser, "endpointSilent")
    browser.find("#first-only").click()
    send_event(browser, "s3.json")
    expect("no answer" in browser.text(".timeline") and browser.text("#verdict").startswith("Failed"),
           f"a timeout: {browser.text('#verdict')}")
    choose_fault(browser, "")


def variables(browser):
    browser.find("#variables summary").click()
    field = browser.find("#variable-TOP_K")
    field.send_keys("2")
    browser.find("#apply").click()
    browser.wait(lambda: browser.text("#changed-count") == "2 changed", "the change")
    send_event(browser, "s3.json")
    expect(len(browser.all("#shown .bars li")) == 2, "a changed variable has its effect")
    browser.find("#reset").click()
    browser.wait(lambda: not browser.find("#changed-count").is_displayed(), "the reset")
    browser.find("#variables summary").click()


def strangers(browser, served):
    """A key that is HTML, in the event, the log, the answer, and the list of calls."""
    key = "<img src=x onerror=document.title='pwned'><script>document.title='pwned'</script>.jpg"
    event = json.dumps({"bucket": "dog-photos", "key": key})
    browser.after(lambda: served.open("/2015-03-31/functions/function/invocations", event.encode()))
    expect(key in browser.text(".timeline"), "HTML in a key is text")
    expect(not browser.all("#shown img[src='x'], #shown script") and browser.driver.title != "pwned", "none of it is an element")
    answered = json.dumps({"Records": [{"eventSource": "<b>x</b>"}]})
    browser.after(lambda: served.open("/2015-03-31/functions/function/invocations", answered.encode()))
    expect(not browser.all("#shown b"), "HTML in an error is text")
    expect(not browser.said(), "nothing is said on the console")


def others(browser, served):
    count = len(browser.all("#history li"))
    browser.open(served.base)
    expect(len(browser.all("#history li")) == count, f"after a reload the {count} invocations are there")
    first = browser.all("#history .entry")[-1]
    first.click()
    browser.wait(lambda: browser.shown() == 1, "the first invocation")
    expect(first.get_attribute("aria-current") == "true", "an earlier invocation can be opened")
    hosts = browser.script("return [...new Set(performance.getEntriesByType('resource').map(e => new URL(e.name).host))]")
    expect(hosts == [served.base.removeprefix("http://")], "there is no request to another host")


def keyboard(browser):
    """From the top of the page to a result with Tab, arrows, and Enter."""
    browser.script("document.activeElement.blur(); scrollTo(0, 0)")
    path = []
    for _ in range(12):
        ActionChains(browser.driver).send_keys(Keys.TAB).perform()
        active = browser.driver.switch_to.active_element
        path.append(active.get_attribute("id") or active.text)
        outlined = browser.script(
            "const e = document.activeElement; return [e, e.parentElement].some("
            "(each) => getComputedStyle(each).outlineStyle !== 'none')")
        expect(outlined, f"Tab shows where it is: {path[-1]}")
        if path[-1] == "event-file":
            active.send_keys("s3.json")
        if path[-1] == "send-event":
            browser.after(lambda: active.send_keys(Keys.ENTER))
            break
    expect(path[:5] == ["Skip to the result", "file", "source", "event-file", "send-event"], "the keyboard alone is enough")
    expect("German shepherd" in browser.find("#status").get_property("textContent"), "a screen reader hears the result")
    browser.after(lambda: browser.find("#file").send_keys(os.path.abspath(PHOTOGRAPH)))
    expect("mixed-breed.jpg" in browser.text(".image figcaption"), "a chosen file is classified")
    browser.after(lambda: drop_paths(browser, "events", PHOTOGRAPH))
    browser.wait(lambda: "events: it cannot be read" in browser.text("#alert"), "what was wrong with the folder")


def drop_paths(browser, *paths):
    files = [os.path.abspath(path) for path in paths]
    for kind in ("dragEnter", "dragOver", "drop"):
        browser.driver.execute_cdp_cmd("Input.dispatchDragEvent", {
            "type": kind, "x": 200, "y": 200, "data": {"items": [], "files": files, "dragOperationsMask": 1}})


def lock(browser, served):
    browser.script("localStorage.clear()")
    browser.driver.get(served.base)
    browser.wait(lambda: browser.find("#locked").is_displayed(), "the request for the token")
    browser.find("#address").send_keys("http://127.0.0.1/", Keys.ENTER)
    browser.wait(lambda: browser.find("#alert").is_displayed(), "the refusal")
    browser.find("#address").clear()
    browser.find("#address").send_keys("0" * 32, Keys.ENTER)
    browser.wait(lambda: "belongs to another run" in browser.text("#alert"), "the refusal of another run's token")
    browser.find("#address").clear()
    browser.find("#address").send_keys(served.address, Keys.ENTER)
    browser.wait(lambda: browser.find("#layout").is_displayed(), "the page")
    expect(True, "without the token the page asks for its address")


class ForeignPage(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>foreign</title>")

    def log_message(self, *_):
        pass


def foreign_page(browser, served):
    """A page of another origin posts an event as text, without a preflight request."""
    count = len(json.loads(served.call("GET", "state"))["invocations"])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), ForeignPage)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    browser.driver.get(f"http://localhost:{server.server_port}/")
    sent = browser.driver.execute_async_script("""
        const done = arguments[1]
        fetch(arguments[0], {method: "POST", mode: "no-cors", headers: {"Content-Type": "text/plain"},
          body: '{"url": "s3://dog-photos/uploads/mixed-breed.jpg"}'}).then(() => done("sent"), (error) => done(String(error)))
        """, f"{served.base}/2015-03-31/functions/function/invocations")
    after = len(json.loads(served.call("GET", "state"))["invocations"])
    server.shutdown()
    expect(after == count, f"a foreign page invokes nothing (its request: {sent})")
