"""Uses the page of `local-invoke --serve` in Chromium, as a person would.

usage: console.py PROGRAM FOLDER CHROMIUM_OPTION...

Pictures go to FOLDER. What a person does is in console_session.py, how it looks in console_looks.py.
"""

import pathlib
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request

from console_browser import Browser
from console_looks import check_empty, check_looks
from console_session import check_session


class Served:
    """The program with --serve; its page is at `address`."""

    def __init__(self, program):
        began = time.monotonic()
        self.process = subprocess.Popen([program, "--serve", "0", "--timeout", "5"], stderr=subprocess.PIPE, text=True)
        self.lines = []
        self.address = None
        for line in self.process.stderr:
            self.lines.append(line)
            if found := re.match(r"Open (http://127\.0\.0\.1:\d+)/#([0-9a-f]{32})$", line):
                self.base, self.token = found.groups()
                self.address = line.split()[1]
                break
        if not self.address:
            sys.exit("local-invoke printed no address: " + "".join(self.lines))
        self.call("GET", "state")
        self.usable_milliseconds = (time.monotonic() - began) * 1000
        threading.Thread(target=lambda: self.lines.extend(self.process.stderr), daemon=True).start()

    def call(self, method, name, body=None):
        return self.open(f"/_page/{name}", body, {"X-Page-Token": self.token}, method)

    def open(self, path, body=None, headers=None, method=None):
        request = urllib.request.Request(self.base + path, body, headers or {}, method=method)
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.read()

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        if self.process.wait(timeout=30) != 0:
            sys.exit("local-invoke did not end with status 0")


def main():
    program, folder, *options = sys.argv[1:]
    folder = pathlib.Path(folder)
    driver = shutil.which("chromedriver")
    if not driver:
        sys.exit("there is no chromedriver")
    served = Served(program)
    try:
        with Browser(driver, [*options, f"--user-data-dir={folder}/profile"], folder) as browser:
            check_empty(browser, served)
            check_session(browser, served)
            check_looks(browser, served)
    finally:
        served.stop()
    print(f"time from --serve to a usable page: {served.usable_milliseconds:.0f} ms")


main()
