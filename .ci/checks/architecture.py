"""Compares the arrows of docs/architecture.md with the targets of the package.

    architecture.py PACKAGE.json PAGE.md

The page has one block of arrows: a line for each target but the tests, behind the lines of what it needs, products of
other packages included. Order within a line and empty lines are free.

    <!-- arrows: begin -->
    ```
    JSON ->
    RuntimeEmulator -> JSON, LoopbackServer
    ```
    <!-- arrows: end -->
"""

import json
import os
import re
import sys

BEGIN, END = "<!-- arrows: begin -->", "<!-- arrows: end -->"
# What a folder of Sources may need: itself, and these.
ALLOWED = {"System": set(), "Function": {"System"}, "Local": {"System", "Function"},
           "Operations": {"System", "Function"}}
# Single targets of other folders that a folder may need as well (docs/architecture.md, "Dependencies").
EXCEPTIONS = {("Local", "Credentials")}


def written(rooms, needs):
    """The block, with an empty line between the folders."""
    lines, last = [], None
    for name, room in rooms.items():
        if last not in (None, room):
            lines.append("")
        lines.append(f"{name} -> {', '.join(needs[name])}".rstrip())
        last = room
    return "\n".join(lines)


def compared(page, block, needs):
    seen = {}
    for line in filter(None, block.splitlines()):
        name, arrow, others = line.partition(" ->")
        others = sorted(filter(None, others.strip().split(", ")), key=str.lower)
        if not arrow:
            yield f"{page} has a line without an arrow: {line}"
        elif name not in needs:
            yield f"{page} has a target that Package.swift has not: {line}"
        elif others != needs[name]:
            yield f"{page} has {name} -> {', '.join(others)}, Package.swift {name} -> {', '.join(needs[name])}"
        elif late := [other for other in others if other in needs and other not in seen]:
            yield f"{page} has {name} above what it needs: {', '.join(late)}"
        seen[name] = others
    for name in needs:
        if name not in seen:
            yield f"{page} lacks: {name} -> {', '.join(needs[name])}"


def main():
    package, page = sys.argv[1:]
    with open(package, encoding="utf-8") as file:
        targets = {target["name"]: target for target in json.load(file)["targets"]}
    with open(page, encoding="utf-8") as file:
        text = file.read()
    rooms = {name: target["path"].split("/")[1] for name, target in targets.items()
             if target["path"].startswith("Sources/")}
    needs = {name: sorted((next(iter(kind.values()))[0] for kind in targets[name]["dependencies"]), key=str.lower)
             for name in rooms}
    findings = []
    for name, room in rooms.items():
        for other in needs[name]:
            allowed = ALLOWED.get(room)
            if (room, other) in EXCEPTIONS:
                continue
            if allowed is not None and rooms.get(other, room) != room and rooms[other] not in allowed:
                findings.append(f"Package.swift: {name} of {room}/ needs {other} of {rooms[other]}/")
        if f"`{name}`" not in text:
            findings.append(f"{page}: there is no `{name}`")

    block = re.compile(re.escape(BEGIN) + r"\n```\n(.*?)```\n" + re.escape(END), re.DOTALL)
    found = block.findall(text)
    if len(found) != 1:
        findings.append(f"{page}: {len(found)} blocks between {BEGIN} and {END}")
    elif os.environ.get("ARROWS_WRITE") == "1":
        arrows = written(rooms, needs)
        with open(page, "w", encoding="utf-8") as file:
            file.write(block.sub(lambda _: f"{BEGIN}\n```\n{arrows}\n```\n{END}", text))
    else:
        findings += compared(page, found[0], needs)
    if findings:
        print("\n".join(findings))
        sys.exit(1)
    print(f"{sum(map(len, needs.values()))} arrows of {len(rooms)} targets are Package.swift's")


main()
