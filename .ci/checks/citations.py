"""Finds paths and flags that documents and comments name and that are not there.

    citations.py PROGRAM=HELP.json...

HELP.json is what the program prints for --experimental-dump-help. Looked at are every Markdown page and the comments of
every source, script and template.

A path is a link of a page, or a word that begins with a folder of the repository's top level, or the name of a page, a
script or a source (`README.md`, `docs/deploy.md`, `.ci/run`, `fuzz.sh`). A path with capitals for something that varies
(`DIR/BUCKET/KEY`), with a star or with a variable is none; what a build or a check makes is none either.

A flag is `--word`. Behind one of our programs it has to be an option of just that command; alone it has to be an option
of one of our programs or scripts, or to stand in what a script passes to another program.
"""

import json
import os
import re
import subprocess
import sys
from fnmatch import fnmatch

# Of other programs, tried or explained in prose and used in no script.
OTHERS = {"--symbol-ordering-file", "--icf", "--bp-compression-sort", "--obj"}
MADE = ("dist/", ".build", "plan.html", "bootstrap.zip")
SOURCES = ("*.swift", "*.c", "*.h", "*.py", "*.sh", "*.yaml", "*.yml", "Package.swift", ".ci/run")

tracked = subprocess.run(["git", "ls-files"], check=True, capture_output=True, text=True).stdout.split("\n")[:-1]
folders = {""}
for path in tracked:
    parts = path.split("/")
    folders |= {"/".join(parts[:count]) for count in range(1, len(parts))}
names = {os.path.basename(path) for path in tracked}
top = {path.split("/")[0] for path in tracked}

findings = []
counted = {"paths": 0, "flags": 0, "files": 0}


def find(place, what):
    findings.append(f"{place}: {what}")


# MARK: Flags

def options(command):
    return {f"--{name['name']}" for argument in command.get("arguments", []) for name in argument.get("names", [])
            if name["kind"] == "long"} | {"--help", "--version"}


def all_options(command):
    return options(command).union(*(all_options(sub) for sub in command.get("subcommands", [])))


programs = {}
for argument in sys.argv[1:]:
    name, path = argument.split("=")
    with open(path, encoding="utf-8") as file:
        programs[name] = json.load(file)["command"]
ours = set().union(*(all_options(command) for command in programs.values()))
FLAG = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*[a-z0-9](?![\w-])")


def code_lines(path):
    marks = "//" if path.endswith((".swift", ".c", ".h")) else "#"
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            if not line.lstrip().startswith(marks):
                yield line


known = ours | OTHERS
for path in tracked:
    if any(fnmatch(path, pattern) for pattern in SOURCES) and not os.path.islink(path):
        for line in code_lines(path):
            known |= set(FLAG.findall(line))


def command_options(words):
    """The options of the command that the words begin with; None when it is none of our programs'."""
    name = os.path.basename(words[0])
    command = programs.get(name)
    if command is None:
        return None, name
    for word in words[1:]:
        inner = {sub["commandName"]: sub for sub in command.get("subcommands", [])}
        if word not in inner:
            if inner and re.fullmatch(r"[a-z][a-z-]+", word):
                return set(), f"there is no {name} {word}"
            break
        command, name = inner[word], f"{name} {word}"
    default = [sub for sub in command.get("subcommands", []) if sub["commandName"] == command.get("defaultSubcommand")]
    return options(command).union(*map(options, default)), name


def check_command(place, text):
    """A line of a shell example, or code within a sentence, that begins with one of our programs."""
    text = re.sub(r"\s#\s.*", "", text)
    for part in re.split(r"[|;&]+", text):
        words = [word for word in part.split() if not re.fullmatch(r"[A-Z_]+=\S*", word)]
        if words[:2] == ["swift", "run"]:
            words = [word for index, word in enumerate(words[2:])
                     if word not in ("-c", "release") or index > 1]
        if not words:
            continue
        allowed, name = command_options(words)
        if allowed is None:
            continue
        if not allowed:
            find(place, name)
        for flag in FLAG.findall(part):
            counted["flags"] += 1
            if flag not in allowed and flag not in ("--product", "--scratch-path"):
                find(place, f"{name} has no {flag}")


# MARK: Paths

WORD = re.compile(r"[\w.~*$@{}<>/+-]+")
ENDINGS = (".md", ".sh", ".py", ".swift", ".yaml", ".yml", ".json", ".svg", ".png", ".csv", ".jpg", ".c", ".txt")


def looks_like_path(word):
    if any(letter in word for letter in "*$<>{}@~") or word.startswith(("/", "http", "s3:")):
        return False
    head = word.split("/")[0]
    return "/" in word and head in top or word.endswith((".md", ".sh")) and word != head + "." or (
        word.startswith(".ci/") or word.startswith(".github/"))


def exists(word, base):
    word = word.rstrip("/.").removeprefix("./")
    if word.startswith("../shared") or any(word.startswith(made) for made in MADE):
        return True
    if "/" in word and re.search(r"(^|/)[A-Z]{2,}(\.\w+)?(/|$)", word) and os.path.basename(word) not in names:
        return True
    for root in (base, ""):
        path = os.path.normpath(os.path.join(root, word))
        if path in folders or path in tracked or os.path.exists(path):
            return True
    # A name alone, as `fuzz.sh`; a path within a folder that the sentence is about.
    return word in names or any(path.endswith("/" + word) for path in tracked)


def check_paths(place, base, text):
    for word in WORD.findall(text):
        word = word.rstrip(".,:;)")
        if looks_like_path(word):
            counted["paths"] += 1
            if not exists(word, base):
                find(place, f"there is no {word}")


# MARK: Pages and comments

def check_page(path):
    base = os.path.dirname(path)
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    fence, pending = None, ""
    for number, line in enumerate(lines, 1):
        place = f"{path}:{number}"
        if line.lstrip().startswith("```"):
            fence = None if fence is not None else line.strip("` \t")
            continue
        if fence is not None:
            if fence in ("sh", "bash"):
                pending += line.rstrip("\\")
                if not line.endswith("\\"):
                    check_command(place, pending)
                    check_paths(place, "", re.sub(r"https?://\S+|s3://\S+", "", pending))
                    pending = ""
            continue
        for link in re.findall(r"\]\(([^)\s]+)\)", line):
            if link.startswith(("http", "mailto:")):
                continue
            counted["paths"] += 1
            target, _, anchor = link.partition("#")
            file = os.path.normpath(os.path.join(base, target)) if target else path
            if not os.path.exists(file):
                find(place, f"there is no {link}")
            elif anchor and file.endswith(".md") and anchor not in anchors(file):
                find(place, f"{file} has no heading #{anchor}")
        for code in re.findall(r"`([^`]+)`", line):
            check_command(place, code)
            check_paths(place, base, code)
            if code.startswith("--"):
                check_flags(place, code)


def check_flags(place, text):
    for flag in FLAG.findall(text):
        counted["flags"] += 1
        if flag not in known:
            find(place, f"nothing takes {flag}")


headings = {}


def anchors(path):
    if path not in headings:
        with open(path, encoding="utf-8") as file:
            text = re.sub(r"```.*?```", "", file.read(), flags=re.DOTALL)
        titles = re.findall(r"^#+ +(.*)$", text, re.MULTILINE)
        headings[path] = {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}
    return headings[path]


COMMENT = {".swift": r"^\s*(?:///?|\*)(.*)|\s//\s(.*)", ".c": r"^\s*(?://|/?\*)(.*)", ".h": r"^\s*(?://|/?\*)(.*)",
           ".py": r"^\s*#(.*)", ".sh": r"^\s*#(?!!)(.*)", ".yaml": r"^\s*#(.*)", ".yml": r"^\s*#(.*)", "": r"^\s*#(?!!)(.*)"}


def check_comments(path):
    pattern = re.compile(COMMENT[os.path.splitext(path)[1] if "/run" not in path else ""])
    with open(path, encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            found = pattern.search(line)
            if not found:
                continue
            text = re.sub(r"(https?|s3)://\S+", "", next(filter(None, found.groups()), ""))
            check_paths(f"{path}:{number}", "", text)
            for code in re.findall(r"`([^`]+)`", text):
                check_command(f"{path}:{number}", code)
            check_flags(f"{path}:{number}", text)


for path in tracked:
    if os.path.islink(path) or path == ".ci/checks/citations.py":
        continue
    if path.endswith(".md"):
        check_page(path)
    elif any(fnmatch(path, pattern) for pattern in SOURCES):
        check_comments(path)
    else:
        continue
    counted["files"] += 1

if findings:
    print("\n".join(findings))
    sys.exit(1)
print(f"{counted['paths']} paths and {counted['flags']} flags in {counted['files']} files")
