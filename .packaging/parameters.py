"""Prints the parameters of `sam deploy` for dist/bootstrap.zip, on one line for an unquoted $(...). If the shell would
split or expand a value, they are in dist/parameters.yaml, and only its address is printed.

In addition to the given NAME=VALUE these are Architecture, that of the zip; Release, the SHA-256 of the zip and of all
parameters: a new value makes the template publish a new version; and ClassLabelsFile, empty unless it is given: the stack
would keep its earlier value, and a function whose label file is not in the zip does not start.
"""

import base64
import hashlib
import json
import pathlib
import re
import sys
import zipfile

sys.dont_write_bytecode = True
import template  # noqa: E402

MACHINES = {0x3E: "x86_64", 0xB7: "arm64"}


# The shell splits or expands these between this command and sam deploy.
FRAGILE = re.compile(r"""[\s"'\\*?\[\]]""")


def fail(reason):
    sys.exit("\n".join(f"build-zip.sh --parameters: {line}" for line in str(reason).split("\n")))


def parse(arguments):
    parameters = {}
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", name):
            fail(f"{argument} is not NAME=VALUE")
        if name in parameters:
            fail(f"{name} is given twice")
        if not value.isprintable() or re.search(r"""\\[ "']|^(["'])(.*\1)?$""", value):
            # SAM removes such backslashes, and quotes around a value.
            fail(f"{name} has a character that cannot be passed to sam deploy: {value!r}")
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


def check_labels(parameters, names, path):
    """The label file of the parameters must be in the zip; one that no parameter names is only reported."""
    labels, others = parameters.setdefault("ClassLabelsFile", ""), [name for name in names if name != "bootstrap"]
    if labels and labels not in others:
        fail(f"{path} has no {labels}; run ./build-zip.sh --labels {labels}, or remove ClassLabelsFile={labels}")
    for name in others:
        if name != labels:
            print(f"build-zip.sh --parameters: warning: {path} has {name}, but no parameter uses it; add "
                  f"ClassLabelsFile={name}", file=sys.stderr)


def for_sam(parameters):
    """What stands behind --parameter-overrides. SAM CLI ignores those of samconfig.toml if it is used."""
    if not any(FRAGILE.search(value) for value in parameters.values()):
        # sam accepts an empty value only in quotes.
        return " ".join(f"{name}={value}" if value else f'{name}=""' for name, value in parameters.items())
    path = pathlib.Path("dist/parameters.yaml").resolve()
    if FRAGILE.search(str(path)):
        fail(f"the path {path} has a blank, quote, backslash, or wildcard, and so has a parameter; use another folder")
    path.write_text(json.dumps(parameters, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return f"file://{path}"


def main(arguments):
    parameters = parse(arguments)
    path = pathlib.Path("dist/bootstrap.zip")
    content, architecture, names = read_zip(path)
    if "Release" in parameters:
        fail("Release is computed and cannot be set; remove it")
    if parameters.setdefault("Architecture", architecture) != architecture:
        given = parameters["Architecture"]
        fail(f"{path} was built for {architecture} and would not start on {given}; remove Architecture={given}")
    check_labels(parameters, names, path)
    try:
        template.check(parameters, template.parameters("template.yaml"), {"Release"})
    except template.TemplateError as error:
        fail(error)
    lines = [f"{name}={value}" for name, value in sorted(parameters.items())]
    parameters["Release"] = hashlib.sha256(content + "\n".join(["", *lines]).encode()).hexdigest()
    print(for_sam(parameters))


if __name__ == "__main__":
    main(sys.argv[1:])
