"""Runs a Lambda runtime under the mock of the Runtime API, S3 and SageMaker (mock-aws); for the scripts beside."""

import json
import os
import pathlib
import subprocess

MEASURING = pathlib.Path(__file__).resolve().parent
ROOT = MEASURING.parent.parent
SOURCES = [*sorted((MEASURING / "mock-aws").glob("*.c")), *sorted((MEASURING / "meter").glob("*.c"))]
# Of the length that Lambda's session tokens have.
SESSION_TOKEN = "TOKEN" * 100
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY",
    "AWS_SESSION_TOKEN": SESSION_TOKEN, "ENDPOINT_NAME": "dog-breeds", "AWS_LAMBDA_FUNCTION_NAME": "classify",
    "AWS_LAMBDA_FUNCTION_VERSION": "1", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256", "NO_PROXY": "127.0.0.1",
}

# Of every certificate in a chain of that kind.
KEYS = {
    "short": ("-newkey", "rsa:2048"),
    "rsa": ("-newkey", "rsa:2048"),
    "rsa-pss": ("-newkey", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"),
    "ecdsa": ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
    "ecdsa-384": ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"),
    "ed25519": ("-newkey", "ed25519"),
    "ed448": ("-newkey", "ed448"),
}


def build(work: pathlib.Path) -> pathlib.Path:
    """The mock, compiled into the folder."""
    program = work / "mock-aws"
    subprocess.run(
        ["clang", "-O2", "-Wall", "-Wextra", "-Werror", f"-I{MEASURING / 'meter/include'}", "-o", program, *SOURCES,
         "-lcrypto", "-lssl", "-lz"],
        check=True)
    return program


def certificates(work: pathlib.Path, kind: str = "short") -> None:
    """A certificate for 127.0.0.1 from an intermediate authority: of kind "short" with RSA and nothing else.

    The other kinds, by their KEYS, have chains as AWS's servers send them: behind the intermediate the root as an older root
    has signed it, and that one as a still older one has. In the folder then: chain.pem and server.key for the server; root.pem, which the client needs; store.pem, that
    root beside the five that the function has built in.
    """
    def openssl(*arguments: str) -> None:
        finished = subprocess.run(["openssl", *arguments], cwd=work, capture_output=True, text=True)
        if finished.returncode:
            raise SystemExit(f"openssl {arguments[0]} failed: {finished.stderr.strip()}")

    def issue(name: str, subject: str, issuer: str, extension: str) -> None:
        (work / f"{name}.ext").write_text(extension)
        openssl("req", "-new", *key, "-nodes", "-subj", f"/CN={subject}", "-keyout", f"{name}.key",
                "-out", f"{name}.csr")
        sign(name, issuer, name)

    def sign(name: str, issuer: str, result: str) -> None:
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key",
                "-CAcreateserial", "-days", "2", "-extfile", f"{name}.ext", "-out", f"{result}.pem")

    def root(name: str, subject: str) -> None:
        openssl("req", "-x509", *key, "-nodes", "-days", "2", "-subj", f"/CN={subject}", "-keyout", f"{name}.key",
                "-out", f"{name}.pem")

    def cross_sign(name: str, subject: str, issuer: str) -> None:
        (work / f"{name}.ext").write_text("basicConstraints=critical,CA:TRUE")
        openssl("req", "-new", "-key", f"{name}.key", "-subj", f"/CN={subject}", "-out", f"{name}.csr")
        sign(name, issuer, f"{name}-cross-signed")

    key = KEYS[kind]
    names = ["server", "intermediate"]
    root("root", "Private root")
    issue("intermediate", "Private intermediate", "root", "basicConstraints=critical,CA:TRUE")
    issue("server", "127.0.0.1", "intermediate", "subjectAltName=IP:127.0.0.1")
    if kind != "short":
        root("older", "Private older root")
        root("oldest", "Private oldest root")
        cross_sign("root", "Private root", "older")
        cross_sign("older", "Private older root", "oldest")
        names += ["root-cross-signed", "older-cross-signed"]
    chain = [(work / f"{name}.pem").read_text() for name in names]
    (work / "chain.pem").write_text("".join(chain))
    swift = (ROOT / "Sources/Function/HTTPClient/AmazonTrustRoots.swift").read_text()
    amazon = "".join(line.strip() + "\n" for line in swift.split('"""')[1].splitlines())
    (work / "store.pem").write_text(amazon + (work / "root.pem").read_text())


def run(mock: pathlib.Path, options: list[str], command: list[str], **environment: str) -> dict:
    """What the mock found; the command runs in the folder of the mock, on the same core as it."""
    core = str(max(os.sched_getaffinity(0)))
    finished = subprocess.run(
        [mock, "--core", core, *options, "--", *command], cwd=mock.parent, env=ENVIRONMENT | environment,
        stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if finished.returncode:
        raise SystemExit(finished.stderr.strip())
    return json.loads(finished.stdout)
