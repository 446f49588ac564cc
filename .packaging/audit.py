"""Checks a deployment package before Lambda does, and fails loudly.

provided.al2023 guarantees a program glibc 2.34 and no other library. Each problem is printed on one line; with any
problem the exit status is 1.
"""

import argparse
import pathlib
import re
import stat
import subprocess
import sys
import tempfile
import zipfile

MAXIMUM_ZIP_BYTES = 4_200_000
ALLOWED_LIBRARIES = re.compile(r"libc\.so\.6|ld-linux-(x86-64\.so\.2|aarch64\.so\.1)")
# Swift's metadata contains the names of modules, also in a program without symbols.
FOUNDATION = re.compile(rb"FoundationEssentials|_FoundationICU|libFoundation|CFRuntime")


def version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def problems_of_hardening(dump: str, sections: str) -> list[str]:
    """What an attacker who can write to memory could change (docs/startup.md): tables of addresses, read-only data, code."""
    problems = []
    segments = [
        (kind, int(start, 16), int(start, 16) + int(size, 16), flags)
        for kind, start, size, flags in re.findall(
            r"^\s*(\w+) off\s+\S+ vaddr (\S+) .*\n.* memsz (\S+) flags (\S+)", dump, re.MULTILINE)
    ]
    protected = [(start, end) for kind, start, end, _ in segments if kind == "RELRO"]
    writable = [(start, end) for kind, start, end, flags in segments if kind == "LOAD" and "w" in flags]
    # DF_BIND_NOW
    flags = re.search(r"^\s*FLAGS\s+(\S+)", dump, re.MULTILINE)
    if not flags or not int(flags[1], 16) & 8:
        problems.append("bootstrap resolves functions lazily (no BIND_NOW)")
    if any("w" in flags and "x" in flags for _, _, _, flags in segments):
        problems.append("bootstrap has a segment or a stack that is writable and executable")
    for name, address in re.findall(r"^\s*\d+ (\S+)\s+\S+ ([0-9a-f]{16})\b", sections, re.MULTILINE):
        start = int(address, 16)
        is_writable = any(first <= start < last for first, last in writable)
        is_protected = any(first <= start < last for first, last in protected)
        if name in (".got", ".got.plt", ".data.rel.ro", ".dynamic", ".init_array") and is_writable and not is_protected:
            problems.append(f"{name} of bootstrap stays writable (no full RELRO)")
        if name.startswith(".rodata") and is_writable:
            problems.append(f"{name} of bootstrap is in a writable segment")
    return problems


def problems_of_program(path: pathlib.Path, objdump: str, maximum_glibc: str) -> list[str]:
    content = path.read_bytes()
    if content[:4] != b"\x7fELF":
        return ["bootstrap is not an ELF program"]
    dump = subprocess.run([objdump, "-p", path], capture_output=True, text=True, check=True).stdout
    problems = []
    for library in re.findall(r"^\s*NEEDED\s+(\S+)$", dump, re.MULTILINE):
        if not ALLOWED_LIBRARIES.fullmatch(library):
            problems.append(f"bootstrap needs {library}, which provided.al2023 may not have")
    for name in sorted(set(re.findall(r"\b(GLIBC_\S+|GLIBCXX_\S+|CXXABI_\S+)", dump))):
        number = name.removeprefix("GLIBC_")
        if not re.fullmatch(r"[\d.]+", number):
            problems.append(f"bootstrap needs symbols of version {name}")
        elif version(number) > version(maximum_glibc):
            problems.append(f"bootstrap needs symbols of {name}; provided.al2023 has {maximum_glibc}")
    problems += problems_of_hardening(dump, subprocess.run([objdump, "-h", path], capture_output=True, text=True).stdout)
    if found := FOUNDATION.search(content):
        problems.append(f"Foundation is linked into bootstrap ({found[0].decode()})")
    return problems


def problems_of_zip(path: pathlib.Path, objdump: str, maximum_glibc: str) -> list[str]:
    problems = []
    if (size := path.stat().st_size) > MAXIMUM_ZIP_BYTES:
        problems.append(f"the zip is {size:,} bytes, the limit is {MAXIMUM_ZIP_BYTES:,}")
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        if "bootstrap" not in names:
            return problems + [f"there is no bootstrap at the root, but {', '.join(names) or 'nothing'}"]
        mode = package.getinfo("bootstrap").external_attr >> 16
        if not stat.S_ISREG(mode) or mode & 0o555 != 0o555:
            problems.append(f"bootstrap is not an executable file: {stat.filemode(mode)}")
        with tempfile.TemporaryDirectory() as folder:
            package.extract("bootstrap", folder)
            program = pathlib.Path(folder, "bootstrap")
            return problems + problems_of_program(program, objdump, maximum_glibc)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--objdump", required=True)
    parser.add_argument("--maximum-glibc", required=True)
    parser.add_argument("zip", type=pathlib.Path)
    options = parser.parse_args()
    try:
        problems = problems_of_zip(options.zip, options.objdump, options.maximum_glibc)
    except (OSError, zipfile.BadZipFile, subprocess.CalledProcessError) as error:
        problems = [str(error)]
    for problem in problems:
        print(f"audit: {problem}", file=sys.stderr)
    if problems:
        print(f"audit: {options.zip} is not suitable for provided.al2023", file=sys.stderr)
        return 1
    print(f"audit: {options.zip} is suitable for provided.al2023, {options.zip.stat().st_size:,} bytes")
    return 0


sys.exit(main())
