"""Cold starts of the zip beside the tutorial's own stack, in the same run, taking turns (see measure.c).

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
import subprocess
import sys
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
IMAGE_BYTES = 100_000
# Milliseconds to the first /next and to the first answer; MiB of memory.
TARGETS = {"first /next": 3.0, "first answer": 4.5, "peak memory": 12.0}
# The times were set on a machine where the tutorial's stack takes this long to its first answer. On a slower
# one, by the same measure in the same run, they are longer by as much; on a faster one they stay.
TUTORIAL_MS = 356.0
BUNDLES = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"]


def build(work: pathlib.Path) -> pathlib.Path:
    program = work / "measure"
    subprocess.run(
        ["clang", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program, HERE / "measure.c", "-lssl", "-lcrypto"],
        check=True,
    )
    return program


def certificates(work: pathlib.Path) -> None:
    """A private root, and a certificate for 127.0.0.1 from it."""
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": work}
    key = ["-newkey", "rsa:2048", "-nodes"]
    subprocess.run(
        ["openssl", "req", "-x509", *key, "-days", "2", "-subj", "/CN=Private root", "-keyout", "root.key",
         "-out", "root.pem"], **quiet)
    subprocess.run(
        ["openssl", "req", *key, "-subj", "/CN=127.0.0.1", "-keyout", "server.key", "-out", "server.csr"], **quiet)
    (work / "extensions").write_text("subjectAltName=IP:127.0.0.1\n")
    subprocess.run(
        ["openssl", "x509", "-req", "-in", "server.csr", "-CA", "root.pem", "-CAkey", "root.key",
         "-CAcreateserial", "-days", "2", "-extfile", "extensions", "-out", "server.pem"], **quiet)
    root = (work / "root.pem").read_text()
    source = (ROOT / "Sources/Function/HTTPClient/AmazonTrustRoots.swift").read_text()
    pem = source.split('"""')[1]
    five = "\n".join(line.strip() for line in pem.splitlines()) + "\n"
    (work / "small.pem").write_text(five + root)
    (work / "one.pem").write_text(root)
    for bundle in filter(os.path.exists, BUNDLES):
        (work / "full.pem").write_text(pathlib.Path(bundle).read_text() + root)
        break


def subject(name: str, command: str, **more: str) -> str:
    environment = {
        "AWS_LAMBDA_RUNTIME_API": "{runtime}", "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY", "AWS_SESSION_TOKEN": "TOKEN",
        "ENDPOINT_NAME": "dog-breeds", "AWS_ENDPOINT_URL_S3": "http://{s3}",
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": "http://{endpoint}", "PATH": os.environ["PATH"], **more,
    }
    return ";".join([name, " ".join(f"{k}={v}" for k, v in environment.items()), command])


def measure(program: pathlib.Path, work: pathlib.Path, runs: int, subjects: list[str], *options: str):
    # The core that is left to the measured process; the servers keep to the others.
    core = min(os.sched_getaffinity(0))
    output = subprocess.run(
        [program, "--runs", str(runs), "--cpu", str(core), "--image", work / "image", *options, *subjects],
        check=True, stdout=subprocess.PIPE, text=True, cwd=work).stdout
    rows = collections.defaultdict(list)
    for line in output.splitlines():
        name, next_us, answer_us, cpu_us, kib = line.split("\t")
        rows[name].append((int(next_us) / 1e3, int(answer_us) / 1e3, int(cpu_us) / 1e3, int(kib) / 1024))
    # The first round warms the page cache.
    return {name: [statistics.median(column) for column in zip(*values[1:])] for name, values in rows.items()}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=41)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--tutorial", metavar="PYTHON")
    parser.add_argument("--zip", type=pathlib.Path, default=ROOT / "dist/bootstrap.zip")
    parser.add_argument("--also", action="append", default=[], metavar="NAME=PROGRAM")
    options = parser.parse_args()

    work = (ROOT / ".build-ci" / "startup").absolute()
    work.mkdir(parents=True, exist_ok=True)
    (work / "image").write_bytes(b"\xff\xd8\xff" + os.urandom(IMAGE_BYTES - 3))
    certificates(work)
    program = build(work)
    bootstrap = work / "bootstrap"
    bootstrap.write_bytes(zipfile.ZipFile(options.zip).read("bootstrap"))
    bootstrap.chmod(0o755)

    subjects = [subject("bootstrap", str(bootstrap))]
    subjects += [subject(*pair.split("=", 1)) for pair in options.also]
    if options.tutorial:
        subjects.append(subject(
            "awslambdaric + boto3", f"{options.tutorial} -m awslambdaric tutorial_function.handler",
            LAMBDA_TASK_ROOT=str(HERE), PYTHONPATH=str(HERE), PYTHONDONTWRITEBYTECODE="1",
            AWS_LAMBDA_FUNCTION_NAME="classify", AWS_LAMBDA_FUNCTION_VERSION="1",
            AWS_LAMBDA_FUNCTION_MEMORY_SIZE="256", HOME=str(work)))
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")),
                 platform.machine())
    secure = [
        subject(name, str(bootstrap), AWS_CA_BUNDLE=str(work / file),
                AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME="https://{endpoint}")
        for name, file in [("one root", "one.pem"), ("small store", "small.pem"), ("full bundle", "full.pem")]
        if (work / file).exists()
    ]
    results = measure(program, work, options.runs, subjects + secure, "--tls", "server.pem", "server.key")
    plain = results["bootstrap"][2]
    print(f"one core of {model}, Linux {platform.release()}; medians of {options.runs - 1} interleaved runs")
    print(f"{'':24}{'first /next':>14}{'first answer':>14}{'CPU':>12}{'peak memory':>14}")
    for name, (first_next, answer, cpu, mib) in results.items():
        if name == "one root":
            print("the same with the endpoint over HTTPS")
        more = f"  {cpu - plain:+.2f} ms CPU" if name in ("one root", "small store", "full bundle") else ""
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
