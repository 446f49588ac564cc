"""wait_for_line.py PATTERN FOLDER: returns when a training.log below the folder has a line of this pattern; status 1 after
two minutes."""

import pathlib
import re
import sys
import time

pattern, folder = re.compile(sys.argv[1], re.MULTILINE), pathlib.Path(sys.argv[2])
limit = time.monotonic() + 120
while time.monotonic() < limit:
    if any(pattern.search(path.read_text(errors="replace")) for path in folder.rglob("training.log")):
        sys.exit(0)
    time.sleep(0.05)
sys.exit(1)
