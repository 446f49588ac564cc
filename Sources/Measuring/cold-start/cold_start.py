"""Cold starts of the zip beside the tutorial's own stack, in the same run, taking turns, under mock-aws.

  cold_start.py [--runs N] [--check] [--tutorial PYTHON] [--zip FILE] [--also NAME=PROGRAM ...]

FILE is dist/bootstrap.zip unless given; PYTHON is an interpreter with awslambdaric and boto3. Prints medians
and the CPU time of a first event over HTTPS with the small trust store and with a full bundle. --check
exits with 1 when a target is missed.
"""

import argparse
import collections
import os
import pathlib
import platform
import statistics
import sys
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import mock_aws

TUTORIAL = HERE.parent / "benchmark/Resources"
# Milliseconds to the first /next and to the first answer; MiB of memory.
TARGETS = {"first /next": 3.0, "first answer": 4.5, "peak memory": 12.0}
# The times were set on a machine where the tutorial's stack takes this long to its first answer. On a slower
# one, by the same measure in the same run, they are longer by as much; on a faster one they stay.
TUTORIAL_MS = 356.0
BUNDLES = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"]


class Subject:
    """A program to start, and whether the endpoint speaks HTTPS with it; S3 never does here."""

    def __init__(self, command: list[str], is_secured: bool = False, **environment: str):
        self.command = command
        self.options = ["--chain", "chain.pem", "--key", "server.key", "--plain-s3"] if is_secured else []
        self.environment = environment

    def run(self, mock: pathlib.Path) -> tuple[float, ...]:
        """Milliseconds to the first /next and to the first answer, of the processor, and MiB."""
        found = mock_aws.run(mock, ["--apart", *self.options], self.command, **self.environment)
        times = ("firstNextMicroseconds", "firstAnswerMicroseconds", "coldCPUMicroseconds")
        return (*(found[time] / 1e3 for time in times), found["peakKibibytes"] / 1024)


def measure(mock: pathlib.Path, runs: int, subjects: dict[str, Subject]) -> dict[str, list[float]]:
    rows = collections.defaultdict(list)
    for _ in range(runs):
        for name, subject in subjects.items():
            rows[name].append(subject.run(mock))
    # The first round warms the page cache.
    return {name: [statistics.median(column) for column in zip(*values[1:])] for name, values in rows.items()}


def trust_stores(work: pathlib.Path) -> dict[str, str]:
    """Files with the private root: alone, beside the five of Amazon, beside the system's."""
    mock_aws.certificates(work)
    stores = {"one root": "root.pem", "small store": "store.pem"}
    for bundle in filter(os.path.exists, BUNDLES):
        (work / "full.pem").write_text(pathlib.Path(bundle).read_text() + (work / "root.pem").read_text())
        return stores | {"full bundle": "full.pem"}
    return stores


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=41)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--tutorial", metavar="PYTHON")
    parser.add_argument("--zip", type=pathlib.Path, default=mock_aws.ROOT / "dist/bootstrap.zip")
    parser.add_argument("--also", action="append", default=[], metavar="NAME=PROGRAM")
    options = parser.parse_args()

    work = (mock_aws.ROOT / ".build-ci" / "cold-start").absolute()
    work.mkdir(parents=True, exist_ok=True)
    mock = mock_aws.build(work)
    bootstrap = work / "bootstrap"
    bootstrap.write_bytes(zipfile.ZipFile(options.zip).read("bootstrap"))
    bootstrap.chmod(0o755)

    subjects = {"bootstrap": Subject([str(bootstrap)])}
    for pair in options.also:
        name, program = pair.split("=", 1)
        subjects[name] = Subject([program])
    if options.tutorial:
        subjects["awslambdaric + boto3"] = Subject(
            [options.tutorial, "-m", "awslambdaric", "tutorial_function.handler"],
            LAMBDA_TASK_ROOT=str(TUTORIAL), PYTHONPATH=str(TUTORIAL), PYTHONDONTWRITEBYTECODE="1", HOME=str(work))
    stores = trust_stores(work)
    for name, file in stores.items():
        subjects[name] = Subject([str(bootstrap)], is_secured=True, AWS_CA_BUNDLE=file)
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")),
                 platform.machine())
    results = measure(mock, options.runs, subjects)
    plain = results["bootstrap"][2]
    print(f"one core of {model}, Linux {platform.release()}; medians of {options.runs - 1} interleaved runs")
    print(f"{'':24}{'first /next':>14}{'first answer':>14}{'CPU':>12}{'peak memory':>14}")
    for name, (first_next, answer, cpu, mib) in results.items():
        if name == "one root":
            print("the same with the endpoint over HTTPS")
        more = f"  {cpu - plain:+.2f} ms CPU" if name in stores else ""
        print(f"{name:24}{first_next:11.2f} ms{answer:11.2f} ms{cpu:9.2f} ms{mib:10.1f} MiB{more}")

    slowness = max(1.0, results["awslambdaric + boto3"][1] / TUTORIAL_MS) if options.tutorial else 1.0
    if slowness > 1:
        print(f"this machine is {slowness:.2f} times slower than the one of the targets; the times' targets, too")
    missed = 0
    first_next, answer, _, mib = results["bootstrap"]
    for (name, limit), value in zip(TARGETS.items(), (first_next, answer, mib)):
        allowed = limit if name == "peak memory" else limit * slowness
        if value > allowed:
            missed += 1
            print(f"startup: {name} is {value:.2f}, the target is {allowed:.2f}")
    print(f"{len(TARGETS) - missed} targets held, {missed} missed")
    return 1 if missed and options.check else 0


sys.exit(main())
