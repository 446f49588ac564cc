"""Prints the names of a program's functions that run under the mock of AWS, in the order in which the linker places them.

  order.py --program FILE --symbols FILE >.packaging/hot-functions.txt

First what runs without TLS: the start, each invocation (what both run stands between them), a first invocation. Then what TLS
adds to them. A page fault maps the fifteen pages around it too, so that a function that runs apart from the others takes
64 KiB of memory.
"""

import argparse
import collections
import pathlib
import subprocess

import counting
import counts
import mock_aws


def names(runs: counting.Counting) -> list[str]:
    # The linker folds functions of the same instructions into one, and knows the place of that one only.
    at: dict[int, set[str]] = collections.defaultdict(set)
    folded: dict[str, set[str]] = collections.defaultdict(set)
    places = list(zip(runs.symbols.addresses, runs.symbols.names))
    for address, name in places:
        at[address].add(name)
    for address, name in places:
        folded[name] |= at[address]

    def used(functions: collections.Counter) -> set[str]:
        return {alias for name, count in functions.items() if count >= 1 for alias in folded.get(name, ())}

    warm, more = (runs.instructions(count, is_secured=True) for count in (counting.WARM, counting.WARM + counting.MORE))
    more.subtract(warm)
    start, each, first = used(runs.start()), used(runs.each()), used(runs.instructions(1))
    secured = used(runs.instructions(1, is_secured=True))
    found: dict[str, None] = {}
    for functions in (start - each, start, each, first, used(more), secured):
        found |= dict.fromkeys(sorted(functions))
    return list(found)


def variables(runs: counting.Counting, symbols: counts.Symbols) -> list[str]:
    """Those that the start uses: each page of them is a fault, or two."""
    # A thread's own ones have no address.
    first, last = next(address for address in symbols.addresses if address), symbols.addresses[-1]
    trace, ends = runs.trace()
    with trace.open("rb") as file:
        matches = (counting.ACCESS.match(line) for line in file.read(ends[0]).splitlines())
        used = {int(match[1], 16) for match in matches if match}
    trace.unlink()
    return sorted({symbols.name(address) for address in used if first <= address <= last})


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
    print("\n".join(variables(runs, counts.Symbols(options.symbols, counts.VARIABLES)) + names(runs)))


main()
