"""Writes the deployment package: the same bytes for the same input, wherever and whenever.

Beside FILE.zip it writes FILE.zip.sha256 (base64, what Lambda calls CodeSha256) and FILE.zip.arch.
"""

import argparse
import base64
import hashlib
import pathlib
import platform
import re
import sys
import zipfile

MAXIMUM_LABEL_BYTES = 1 << 20


def entry(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.create_system = 3  # Unix: the mode below counts.
    info.external_attr = (0o100000 | mode) << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def checked_labels(path: pathlib.Path) -> bytes:
    if path.name == "bootstrap":
        sys.exit("zip.py: a label file cannot be called bootstrap")
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", path.name):
        # The pattern of the template's ClassLabelsFile.
        sys.exit(f"zip.py: the name of a label file may have only letters, digits, and _ . -, not {path.name}")
    labels = path.read_bytes()
    if len(labels) > MAXIMUM_LABEL_BYTES:
        sys.exit(f"zip.py: {path} is larger than 1 MiB")
    try:
        lines = labels.decode().splitlines()
    except UnicodeDecodeError as error:
        sys.exit(f"zip.py: {path} is not UTF-8: {error}")
    if not lines or not all(lines):
        sys.exit(f"zip.py: {path} has no label or an empty line")
    return labels


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--check-labels", type=pathlib.Path, help="only check this label file")
    parser.add_argument("--program", type=pathlib.Path)
    parser.add_argument("--labels", type=pathlib.Path)
    parser.add_argument("zip", type=pathlib.Path, nargs="?")
    options = parser.parse_args()
    if options.check_labels:
        checked_labels(options.check_labels)
        return

    with zipfile.ZipFile(options.zip, "w", compresslevel=9) as package:
        package.writestr(entry("bootstrap", 0o755), options.program.read_bytes())
        if options.labels:
            package.writestr(entry(options.labels.name, 0o644), checked_labels(options.labels))
            print(f"labels: CLASS_LABELS=/var/task/{options.labels.name}")

    digest = hashlib.sha256(options.zip.read_bytes()).digest()
    architecture = {"x86_64": "x86_64", "aarch64": "arm64"}[platform.machine()]
    options.zip.with_suffix(".zip.sha256").write_text(base64.b64encode(digest).decode() + "\n")
    options.zip.with_suffix(".zip.arch").write_text(architecture + "\n")


main()
