"""first_epoch.py START FILE: copies standard input to standard output; at the first line of an epoch FILE gets the seconds
since START, in nanoseconds of the clock."""

import pathlib
import sys
import time

start, file = int(sys.argv[1]), pathlib.Path(sys.argv[2])
for line in sys.stdin:
    sys.stdout.write(line)
    sys.stdout.flush()
    if line.startswith("epoch=1 ") and not file.exists():
        file.write_text(f"{(time.time_ns() - start) / 1e9:.1f}")
