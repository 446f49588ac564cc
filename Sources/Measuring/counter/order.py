"""Prints the names of a program's functions that run under the mock of AWS, in the order in which the linker places them.

  order.py --program FILE --symbols FILE >.packaging/hot-functions.txt

First what runs without TLS: the start, each invocation (what both run stands between them), a first invocation. Then what TLS
adds to them. A page fault maps the fifteen pages around it too, so that a function that runs apart from the others takes
64 KiB of memory. Those of the start and of an invocation stand in the order in which they first run.
"""

import argparse
import collections
import pathlib
import subprocess

import counting
import counts
import mock_aws


class Trace:
    """What the start, and one invocation later on, access."""

    def __init__(self, runs: counting.Counting):
        trace, (first, _, start, end) = runs.trace()
        with trace.open("rb") as file:
            lines = file.read(first).splitlines()
            self.variables = {int(match[1], 16) for line in lines if (match := counting.ACCESS.match(line))}
            file.seek(start)
            lines += file.read(end - start).splitlines()
        trace.unlink()
        # In the order of their first execution.
        self.instructions = [int(line.split(b",")[0].split()[1], 16) for line in dict.fromkeys(lines)
                             if line.startswith(b"I")]


def names(runs: counting.Counting, trace: Trace) -> list[str]:
    # The linker folds functions of the same instructions into one, and knows the place of that one only.
    at: dict[int, set[str]] = collections.defaultdict(set)
    folded: dict[str, set[str]] = collections.defaultdict(set)
    places = list(zip(runs.symbols.addresses, runs.symbols.names))
    for address, name in places:
        at[address].add(name)
    for address, name in places:
        folded[name] |= at[address]
    executed = dict.fromkeys(runs.symbols.name(address) for address in trace.instructions)
    ranks = {alias: rank for rank, name in enumerate(executed) for alias in folded.get(name, ())}

    def used(functions: collections.Counter) -> set[str]:
        return {alias for name, count in functions.items() if count >= 1 for alias in folded.get(name, ())}

    warm, more = (runs.instructions(count, is_secured=True) for count in (counting.WARM, counting.WARM + counting.MORE))
    more.subtract(warm)
    start, each, first = used(runs.start()), used(runs.each()), used(runs.instructions(1))
    secured = used(runs.instructions(1, is_secured=True))
    found: dict[str, None] = {}
    for functions in (start - each, start, each, first, used(more), secured):
        found |= dict.fromkeys(sorted(functions, key=lambda name: (ranks.get(name, len(ranks)), name)))
    return list(found)


def variables(trace: Trace, symbols: counts.Symbols) -> list[str]:
    """Those that the start uses: each page of them is a fault, or two."""
    # A thread's own ones have no address.
    first, last = next(address for address in symbols.addresses if address), symbols.addresses[-1]
    return sorted({symbols.name(address) for address in trace.variables if first <= address <= last})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--symbols", type=pathlib.Path, required=True)
    options = parser.parse_args()
    work = (mock_aws.ROOT / ".build" / "order").resolve()
    work.mkdir(parents=True, exist_ok=True)
    mock_aws.certificates(work)
    subprocess.run(
        ["clang", "-O1", "-shared", "-fPIC", "-o", work / "slow-clock", counting.HERE / "slow-clock.c"], check=True)
    runs = counting.Counting(options.program, options.symbols, work)
    trace = Trace(runs)
    print("\n".join(variables(trace, counts.Symbols(options.symbols, counts.VARIABLES)) + names(runs, trace)))


main()
