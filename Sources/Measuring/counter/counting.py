"""Instructions, system calls, and pages of a program under the mock of AWS; counter.py compares them, this prints them.

  counting.py --program FILE --symbols FILE [--argument WORD] [--set NAME=VALUE]

FILE with symbols may be the program itself. Prints what it takes up to the first GET /next and for one invocation with an
image of 100 KB, as JSON: instructions, of an invocation without those of SHA-256 (callgrind); system calls (strace); pages of
4 KiB that it reads, writes, or executes (lackey).
"""

import argparse
import collections
import json
import pathlib
import re
import sys
import typing

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import counts
import mock_aws

# What valgrind shows of the processor has no SHA instructions, with which this is a tenth of that.
SHA256 = re.compile(r"sha256_block")
WARM, MORE = 10, 20
# I, L, S, or M: an instruction, a load, a store, both; its address; its bytes.
ACCESS = re.compile(rb"[ I][ LSM] ([0-9a-f]+),(\d+)")
PAGE_BITS = 12


class Counting:
    """The runs of one program, under callgrind and under strace."""

    def __init__(self, program: pathlib.Path, symbols: pathlib.Path, work: pathlib.Path,
                 arguments: tuple[str, ...] = (), **environment: str):
        self.work = work
        self.arguments = arguments
        self.environment = environment
        # One that strace leaves behind for a moment keeps the old file.
        (work / "bootstrap").unlink(missing_ok=True)
        (work / "bootstrap").write_bytes(program.read_bytes())
        (work / "bootstrap").chmod(0o755)
        self.symbols = counts.Symbols(symbols)
        self.mock = mock_aws.build(work)

    def run(self, invocations: int, is_secured: bool, *tool: str, call: str = "") -> None:
        options = ["--invocations", str(invocations), "--log", "log"]
        environment = self.environment | {"AWS_CA_BUNDLE": "store.pem"}
        if call:
            options += ["--asynchronous", call]
            environment["ENDPOINT_KIND"] = "asynchronous"
        if is_secured:
            options += ["--chain", "chain.pem", "--key", "server.key"]
            tool = ("env", "LD_PRELOAD=./slow-clock", *tool)
        (self.work / "log").unlink(missing_ok=True)
        # A short name, relative: its length is part of what the loader and the runtime read.
        mock_aws.run(self.mock, options, [*tool, "./bootstrap", *self.arguments], **environment)

    def instructions(self, invocations: int, is_secured: bool = False, call: str = "") -> collections.Counter:
        self.run(invocations, is_secured, "valgrind", "--tool=callgrind", "--callgrind-out-file=profile",
                 "--dump-instr=yes", "--compress-strings=no", "--compress-pos=no", call=call)
        return counts.instructions(self.work / "profile", "bootstrap", self.symbols)

    def start(self) -> collections.Counter:
        # The signal that ends it may come while it still gets ready to wait.
        return min((self.instructions(0) for _ in range(3)), key=collections.Counter.total)

    def each(self, call: str = "") -> collections.Counter:
        """Of one invocation: the difference, so that the start and all that happens once cancel."""
        warm, more = self.instructions(WARM, call=call), self.instructions(WARM + MORE, call=call)
        return collections.Counter({name: (more[name] - warm[name]) / MORE for name in more | warm})

    def trace(self) -> tuple[pathlib.Path, list[int]]:
        """Each access to memory in three invocations; where in the file each request for an event is."""
        trace = self.work / "trace"
        found = mock_aws.run(
            self.mock, ["--invocations", "3", "--log", "log", "--trace", "trace"],
            ["valgrind", "--tool=lackey", "--basic-counts=no", "--trace-mem=yes", "--log-file=trace", "./bootstrap",
             *self.arguments], **self.environment)
        return trace, found["traceBytes"]

    def pages(self) -> tuple[int, int]:
        """Up to the first request for an event, and of the third invocation."""
        trace, (first, _, start, end) = self.trace()
        with trace.open("rb") as file:
            used = pages(file, first)
            file.seek(start)
            each = pages(file, end - start)
        trace.unlink()
        return used, each

    def system_calls(self, invocations: int, is_secured: bool = False, call: str = "") -> list[int]:
        self.run(invocations, is_secured, "strace", "-f", "-qq", "-e", "signal=none", "-s", "200", "-o", "calls",
                 call=call)
        found = counts.system_calls(self.work / "calls")
        if len(found) != invocations + 1:
            raise SystemExit(f"{len(found)} requests for an event in {self.work / 'calls'}, not {invocations + 1}")
        return found


def pages(trace: typing.BinaryIO, size: int) -> int:
    """The pages in the next bytes of a trace."""
    used: set[int] = set()
    for line in trace:
        if match := ACCESS.match(line):
            address = int(match[1], 16)
            used.add(address >> PAGE_BITS)
            used.add(address + int(match[2]) - 1 >> PAGE_BITS)
        size -= len(line)
        if size <= 0:
            break
    return len(used)


def hashing(functions: collections.Counter) -> int:
    """The instructions of SHA-256."""
    return round(sum(count for name, count in functions.items() if SHA256.search(name)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--symbols", type=pathlib.Path, required=True)
    parser.add_argument("--argument", action="append", default=[])
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    options = parser.parse_args()
    work = mock_aws.ROOT / ".build" / "counting"
    work.mkdir(parents=True, exist_ok=True)
    counting = Counting(options.program, options.symbols, work.resolve(), tuple(options.argument),
                        **dict(pair.split("=", 1) for pair in options.set))
    each, calls = counting.each(), counting.system_calls(WARM + MORE)
    first_pages, pages_each = counting.pages()
    print(json.dumps({
        "firstNextPages": first_pages, "pages": pages_each, "firstNextInstructions": counting.start().total(), "firstNextSystemCalls": calls[0],
        "instructions": round(each.total()) - hashing(each), "systemCalls": counts.each_invocation(calls),
    }))


if __name__ == "__main__":
    main()
