"""train.py that is killed: interrupted.py BATCHES ARGUMENT... sends itself SIGKILL after that number of batches."""

import os
import pathlib
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "Sources/Operations/Training/Resources/code"))
import train  # noqa: E402
import training_loop  # noqa: E402

left = int(sys.argv.pop(1))


def check(interruption):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)


training_loop.Interruption.check = check
sys.exit(train.main())
