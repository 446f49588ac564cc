"""Prints the parameters of `sam deploy` for dist/bootstrap.zip, on one line for an unquoted $(...).

In addition to the given NAME=VALUE these are Architecture, that of the zip, and Release, the SHA-256 of the zip and of
all parameters: a new value makes the template publish a new version.
"""

import base64
import hashlib
import pathlib
import re
import sys
import zipfile

MACHINES = {0x3E: "x86_64", 0xB7: "arm64"}


def fail(reason):
    sys.exit(f"build-zip.sh --parameters: {reason}")


def parse(arguments):
    parameters = {}
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", name):
            fail(f"{argument} is not NAME=VALUE")
        if name in parameters:
            fail(f"{name} is given twice")
        if re.search(r"""[\s"'\\*?\[\]]""", value):
            # The shell would split or expand it between this command and sam deploy.
            fail(f"{name} has a blank, quote, backslash, or wildcard; set it in samconfig.toml instead")
        parameters[name] = value
    return parameters


def read_zip(path):
    """Content, architecture and names of the zip, which must be unchanged since build-zip.sh."""
    try:
        content = path.read_bytes()
        recorded = {kind: pathlib.Path(f"{path}.{kind}").read_text().strip() for kind in ("arch", "sha256")}
    except OSError as error:
        fail(f"{error.filename} does not exist; run ./build-zip.sh first")
    if base64.b64encode(hashlib.sha256(content).digest()).decode() != recorded["sha256"]:
        fail(f"{path} does not match {path}.sha256; run ./build-zip.sh again")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        with archive.open("bootstrap") as program:
            header = program.read(20)
    architecture = MACHINES.get(int.from_bytes(header[18:20], "little"))
    if architecture != recorded["arch"]:
        fail(f"{path} is for {architecture}, but {path}.arch contains {recorded['arch']}; run ./build-zip.sh again")
    return content, architecture, names


def main(arguments):
    parameters = parse(arguments)
    path = pathlib.Path("dist/bootstrap.zip")
    content, architecture, names = read_zip(path)
    if "Release" in parameters:
        fail("Release is computed and cannot be set; remove it")
    if parameters.setdefault("Architecture", architecture) != architecture:
        given = parameters["Architecture"]
        fail(f"{path} was built for {architecture} and would not start on {given}; remove Architecture={given}")
    labels = parameters.get("ClassLabelsFile")
    if labels and labels not in names:
        fail(f"{path} has no {labels}; run ./build-zip.sh --labels {labels}")
    lines = [f"{name}={value}" for name, value in sorted(parameters.items())]
    parameters["Release"] = hashlib.sha256(content + "\n".join(["", *lines]).encode()).hexdigest()
    # sam accepts an empty value only in quotes.
    print(" ".join(f"{name}={value}" if value else f'{name}=""' for name, value in parameters.items()))


if __name__ == "__main__":
    main(sys.argv[1:])
