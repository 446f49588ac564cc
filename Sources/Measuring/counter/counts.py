"""Reads what callgrind and strace wrote."""

import bisect
import collections
import pathlib
import re
import statistics
import subprocess

COST = re.compile(r"0x([0-9a-f]+) \d+ (\d+)$")
NEXT = re.compile(r'"GET /2018-06-01/runtime/invocation/next ')


FUNCTIONS, VARIABLES = "tTwW", "bBdDV"


class Symbols:
    """The functions or variables of a program whose symbols are in a file of their own."""

    def __init__(self, debug: pathlib.Path, kinds: str = FUNCTIONS):
        lines = subprocess.run(
            ["nm", "--defined-only", "--numeric-sort", debug], check=True, capture_output=True, text=True).stdout
        functions = [line.split(" ", 2) for line in lines.splitlines() if line[17] in kinds]
        self.addresses = [int(address, 16) for address, _, _ in functions]
        self.names = [name for _, _, name in functions]

    def name(self, address: int) -> str:
        index = bisect.bisect_right(self.addresses, address) - 1
        return self.names[index] if index >= 0 else hex(address)


def instructions(profile: pathlib.Path, program: str, symbols: Symbols) -> collections.Counter:
    """Instructions by function, from a profile with --dump-instr=yes and without compression."""
    found: collections.Counter = collections.Counter()
    is_own = is_call = False
    function = ""
    for line in profile.read_text().splitlines():
        if line.startswith("ob="):
            is_own = pathlib.PurePath(line[3:]).name == program
        elif line.startswith("fn="):
            function = line[3:]
        elif line.startswith("calls="):
            # The next line holds the cost of what was called, which has lines of its own.
            is_call = True
        elif match := COST.match(line):
            if not is_call:
                found[symbols.name(int(match[1], 16)) if is_own else function] += int(match[2])
            is_call = False
        elif line.startswith("summary:") or line.startswith("totals:"):
            total = int(line.split()[1])
    if sum(found.values()) != total:
        raise SystemExit(f"{profile}: {sum(found.values())} instructions were found, its total is {total}")
    return found


def system_calls(log: pathlib.Path) -> list[int]:
    """System calls up to each request for an event: the first one's, then each invocation's."""
    found, count = [], 0
    for line in log.read_text(errors="replace").splitlines():
        if " resumed>" in line:
            continue
        count += 1
        if NEXT.search(line):
            found.append(count)
            count = 0
    return found


def each_invocation(calls: list[int]) -> int:
    """The median without the first invocation, which opens connections."""
    return int(statistics.median_low(calls[2:]))
