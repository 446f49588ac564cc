"""Counts what the function does, where a stopwatch would measure the machine.

  counter.py --program FILE --symbols FILE [--counts FILE] [--update]
  counter.py --judge FILE [--baselines FILE]

Instructions by callgrind and system calls by strace, of FILE under the mock of AWS on loopback:

  start              from the start of the process to its first GET /next
  invocation         one event with an image of 100 KB, when connections are open; without the instructions of SHA-256
  firstHTTPSAnswer   from the start of the process to its second GET /next, with S3 and the endpoint over HTTPS
  firstHTTPSAnswerRSA, firstHTTPSAnswerECDSA
                     the same with chains of four certificates, as AWS's servers send them
  submission         one event with an image for an asynchronous endpoint, when connections are open
  result             SNS's message about that image, with the reply in it

Exit status 1 when one of them is more than 3 % (HTTPS 10 %) above the baseline of this compiler, OpenSSL and
processor (baselines.json). Where there is none, the counts are only reported. --counts keeps them in a file, which
--judge compares without counting anew. --update writes them into baselines.json.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import counts
import mock_aws
from counting import MORE, WARM, Counting, hashing

BASELINES = HERE / "baselines.json"
LIMITS = {"start": 1.03, "invocation": 1.03, "firstHTTPSAnswer": 1.10, "submission": 1.03, "result": 1.03,
          "firstHTTPSAnswerRSA": 1.10, "firstHTTPSAnswerECDSA": 1.10}
CHAINS = {"firstHTTPSAnswer": "short", "firstHTTPSAnswerRSA": "rsa", "firstHTTPSAnswerECDSA": "ecdsa"}
KEY = ("compiler", "openSSL", "processor")


def output(*command: str | pathlib.Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def compile_c(name: str, work: pathlib.Path, *options: str) -> None:
    output("clang", "-O1", "-Wall", "-Wextra", "-Werror", *options, "-o", work / name, HERE / f"{name}.c")


def key(program: pathlib.Path, work: pathlib.Path) -> dict:
    """What decides which code runs."""
    features = work / "processor-features"
    compile_c("processor-features", work)
    openssl = re.search(rb"OpenSSL (\d+\.\d+\.\d+)", program.read_bytes())
    compiler = re.search(r"Swift version (\S+)", output("swiftc", "--version"))
    return {
        "compiler": f"Swift {compiler[1]}" if compiler else "unknown",
        "openSSL": openssl[1].decode() if openssl else "unknown",
        "processor": output("valgrind", "-q", "--tool=none", features),
    }


def surroundings() -> dict:
    """Versions that may explain a difference, but do not excuse it."""
    glibc = re.search(r"[\d.]+$", output("getconf", "GNU_LIBC_VERSION"))
    return {"glibc": glibc[0] if glibc else "unknown", "valgrind": output("valgrind", "--version").split("-")[1]}


class Comparing(Counting):
    """All counts of the function."""

    def __init__(self, program: pathlib.Path, symbols: pathlib.Path, work: pathlib.Path):
        super().__init__(program, symbols, work)
        compile_c("slow-clock", work, "-shared", "-fPIC")

    def all(self) -> dict:
        each = self.each()
        profiles = {
            "start": self.start(),
            "invocation": each,
            "submission": self.each("submission"),
            "result": self.each("result"),
        }
        calls = {}
        for name, chain in CHAINS.items():
            mock_aws.certificates(self.work, chain)
            profiles[name] = self.instructions(1, is_secured=True)
            calls[name] = sum(self.system_calls(1, is_secured=True))
        for name, functions in profiles.items():
            lines = [f"{round(count):12,}  {function}\n" for function, count in functions.most_common() if count >= 1]
            (self.work / f"functions-{name}.txt").write_text("".join(lines))
        hashed = hashing(each)
        if hashed < 1:
            raise SystemExit("SHA-256 was not found in an invocation: the symbols are those of another program")
        plain = self.system_calls(WARM + MORE)
        calls |= {"start": plain[0], "invocation": counts.each_invocation(plain)}
        for call in ("submission", "result"):
            calls[call] = counts.each_invocation(self.system_calls(WARM + MORE, call=call))
        found = {name: {"instructions": round(sum(functions.values())), "systemCalls": calls[name]}
                 for name, functions in profiles.items()}
        found["invocation"]["instructions"] -= hashed
        return found


def read_baselines(path: pathlib.Path = BASELINES) -> list[dict]:
    return json.loads(path.read_text())["baselines"]


def is_same_key(one: dict, other: dict) -> bool:
    return all(one[part] == other[part] for part in KEY)


def update(measured: dict) -> None:
    others = [entry for entry in read_baselines() if not is_same_key(entry, measured)]
    entries = sorted([*others, measured], key=lambda entry: [entry[part] for part in KEY])
    BASELINES.write_text(json.dumps({"baselines": entries}, indent=2) + "\n")
    print(f"counter: written into {BASELINES.relative_to(mock_aws.ROOT)}")


def judge(measured: dict, baselines: list[dict]) -> int:
    """Prints every count beside its baseline; 1 when one rose too far."""
    baseline = next((entry for entry in baselines if is_same_key(entry, measured)), None)
    print("; ".join(measured[part] if part == "processor" else f"{part} {measured[part]}" for part in KEY))
    worse, better = [], []
    for name, limit in LIMITS.items():
        for unit, value in measured["counts"][name].items():
            before = baseline["counts"].get(name, {}).get(unit) if baseline else None
            change = f"  {before:12,}  {(value / before - 1) * 100:+6.2f} %" if before else ""
            print(f"{name:23}{unit:14}{value:12,}{change}")
            if before and value > before * limit:
                worse.append(f"{name}: {value:,} {unit}; the limit is {limit - 1:.0%} above {before:,}")
            if before and value * 1.03 < before:
                better.append(name)
    if not baseline:
        print("counter: NOTHING WAS COMPARED: there is no baseline for this compiler, OpenSSL and processor.\n"
              "counter: add one with .ci/checks/counter.sh --update, on a commit whose counts are as they should be.")
    if better:
        print(f"counter: {', '.join(sorted(set(better)))} fell by more than 3 %: lower the baseline with --update")
    for line in worse:
        print(f"counter: WORSE: {line}")
    if worse and measured["with"] != baseline["with"]:
        print(f"counter: the baseline was counted with {baseline['with']}, this with {measured['with']}")
    return 1 if worse else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path)
    parser.add_argument("--symbols", type=pathlib.Path)
    parser.add_argument("--counts", type=pathlib.Path)
    parser.add_argument("--judge", type=pathlib.Path)
    parser.add_argument("--baselines", type=pathlib.Path, default=BASELINES)
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    if options.judge:
        return judge(json.loads(options.judge.read_text()), read_baselines(options.baselines))
    if not options.program or not options.symbols:
        parser.error("--program and --symbols are required")
    work = mock_aws.ROOT / ".build-ci" / "counter"
    work.mkdir(parents=True, exist_ok=True)
    comparing = Comparing(options.program, options.symbols, work.resolve())
    measured = key(options.program, work) | {"with": surroundings(), "counts": comparing.all()}
    if options.counts:
        options.counts.write_text(json.dumps(measured, indent=2) + "\n")
    if options.update:
        update(measured)
    return judge(measured, read_baselines(options.baselines))


sys.exit(main())
