"""inferencectl results over a generated stream: bounded memory, and an export that is killed and continued.

usage: results_stream_check.py INFERENCECTL FOLDER COUNT EXPORTED
  COUNT     results that are listed, and summarized from parts
  EXPORTED  results that are read with GETs, exported, and summarized from the bucket
"""

import gzip
import json
import os
import shutil
import subprocess
import sys
import time

from results_duckdb import compare
from results_stream import image_key, serve, write_parts

MAXIMUM_KILOBYTES = 100_000
# Runs a program from a small process: a child's peak begins with that of its parent, which has DuckDB here.
METER = """
import resource, subprocess, sys
status = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(status)
"""


def environment(server):
    return {
        **os.environ, "AWS_ENDPOINT_URL": f"http://{server.address}", "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example"}


def measured(program, arguments, server, take=None):
    """Runs the program; its output goes to `take` line by line. Returns output, seconds, and the peak in kB."""
    start = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-S", "-c", METER, program, "results", *arguments], env=environment(server),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    text = None
    if take:
        for line in process.stdout:
            take(line)
    else:
        text = process.stdout.read()
    errors = process.stderr.read()
    assert process.wait() == 0, errors[-2000:]
    kilobytes = int(errors.split()[-1])
    assert kilobytes < MAXIMUM_KILOBYTES, f"{arguments[0]} took {kilobytes} kB"
    return text, time.monotonic() - start, kilobytes


def listed(program, server, count):
    seen = 0

    def take(line):
        nonlocal seen
        if line.startswith("WRITTEN"):
            return
        assert line.endswith(f" s3://photos/{image_key(seen)}\n"), line
        seen += 1

    _, seconds, kilobytes = measured(program, ["list", "--from", "s3://kept/results", "--keys"], server, take)
    assert seen == count, f"{seen} of {count} were listed"
    return f"{count:,} listed in {seconds:.0f} s with {kilobytes / 1000:.0f} MB"


def summarized(program, server, folder, count):
    text, seconds, kilobytes = measured(
        program, ["summary", "--from", folder, "--output", "json", "--threshold", "0.6", "--threshold", "0.9"], server)
    summary = json.loads(text)
    assert summary["results"] == count, summary["results"]
    compared = compare(summary, os.path.join(folder, "part-*.jsonl.gz"))
    return f"{count:,} summarized in {seconds:.0f} s with {kilobytes / 1000:.0f} MB, {compared} figures as DuckDB's"


def lines(folder):
    for name in sorted(os.listdir(folder)):
        if name.endswith(".jsonl.gz"):
            with gzip.open(os.path.join(folder, name), "rt", encoding="utf-8") as part:
                yield from part


def exported(program, server, folder, count):
    """Killed twice without warning, then completed: each result once, and in order."""
    arguments = [program, "results", "export", "--from", "s3://kept/results", "--to", folder, "--part-results", "900"]
    kills = 0
    for share in (0.2, 0.6):
        process = subprocess.Popen(arguments, env=environment(server), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while server.reads < count * share and process.poll() is None:
            time.sleep(0.005)
        process.kill()
        kills += process.wait() == -9
    assert kills == 2, f"only {kills} runs were killed while they worked"
    _, seconds, kilobytes = measured(program, arguments[2:], server)
    keys = [json.loads(line)["resultKey"] for line in lines(folder)]
    assert keys == [f"results/photos/{image_key(number)}.json" for number in range(count)], f"{len(keys)} of {count}"
    assert not [name for name in os.listdir(folder) if name.endswith(".partial")]
    # A document read from the bucket and from a part gives the same figures.
    both = [
        measured(program, ["summary", "--from", place, "--output", "json"], server)
        for place in ("s3://kept/results", folder)]
    assert both[0][0] == both[1][0]
    rate = count / both[0][1]
    return (
        f"{count:,} exported over two kills with {kilobytes / 1000:.0f} MB, each once; summarized from the bucket at "
        f"{rate:,.0f} GET/s with {both[0][2] / 1000:.0f} MB")


def main():
    program, folder, count, few = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    many = serve(count)
    verdicts = [listed(program, many, count)]
    parts = os.path.join(folder, "parts")
    write_parts(parts, count)
    verdicts.append(summarized(program, many, parts, count))
    # As a model of 133 classes has them.
    verdicts.append(exported(program, serve(few, classes=133), os.path.join(folder, "export"), few))
    shutil.rmtree(folder)
    print("; ".join(verdicts))


if __name__ == "__main__":
    main()
