"""Prints the parameters of `sam deploy` for dist/bootstrap.zip, on one line for an unquoted $(...).

Beside the given NAME=VALUE that is Architecture, as the zip was built, and Release: the SHA-256 of the zip and of all
parameters, by which the template knows that there is something new to publish.
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
            fail(f"{name} has a blank, quote, backslash or wildcard; put it into samconfig.toml instead")
        parameters[name] = value
    return parameters


def read_zip(path):
    """Content, architecture and names of the zip, which must be as build-zip.sh left it."""
    try:
        content = path.read_bytes()
        recorded = {kind: pathlib.Path(f"{path}.{kind}").read_text().strip() for kind in ("arch", "sha256")}
    except OSError as error:
        fail(f"{error.filename} is not there; run ./build-zip.sh first")
    if base64.b64encode(hashlib.sha256(content).digest()).decode() != recorded["sha256"]:
        fail(f"{path} is not what {path}.sha256 says; run ./build-zip.sh again")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        with archive.open("bootstrap") as program:
            header = program.read(20)
    architecture = MACHINES.get(int.from_bytes(header[18:20], "little"))
    if architecture != recorded["arch"]:
        fail(f"the program in {path} is for {architecture}, {path}.arch says {recorded['arch']}")
    return content, architecture, names


def main(arguments):
    parameters = parse(arguments)
    path = pathlib.Path("dist/bootstrap.zip")
    content, architecture, names = read_zip(path)
    if "Release" in parameters:
        fail("Release is computed here, it cannot be given")
    if parameters.setdefault("Architecture", architecture) != architecture:
        fail(f"{path} was built for {architecture}; as {parameters['Architecture']} it would not start")
    labels = parameters.get("ClassLabelsFile")
    if labels and labels not in names:
        fail(f"{path} has no {labels}; run ./build-zip.sh --labels {labels}")
    lines = [f"{name}={value}" for name, value in sorted(parameters.items())]
    parameters["Release"] = hashlib.sha256(content + "\n".join(["", *lines]).encode()).hexdigest()
    # sam takes an empty value only in quotes.
    print(" ".join(f"{name}={value}" if value else f'{name}=""' for name, value in parameters.items()))


if __name__ == "__main__":
    main(sys.argv[1:])
