"""Finds phrases that must not come back in what people read: documents, comments, messages, and help texts.

usage: voice.py WORDS [FILE...]      (without FILE: every file of the repository that holds prose)
       voice.py WORDS --self-test    (finds what it must in constructed texts, and every sentence of GONE)

A line of WORDS is a regular expression, a tab, and what to write instead. Expressions are in Python's syntax and match
without regard to case, unless they begin with (?-i:. The text that they see has one space where the file has line
breaks, so that a phrase is found across them. Of source code only comments and string literals are read; an
interpolation is "…". Lines with a link or a quotation of another program's message can be excepted with voice:ignore.
"""

import re
import subprocess
import sys

PROSE = re.compile(r"\.(md|swift|c|h|py|sh|yaml|yml|svg|txt)$|(^|/)\.?run$|^\.packaging/")
# The guide's own list, licenses, data, and texts of others.
EXCEPT = re.compile(r"^LICENSE|voice|Resources/(dog-class-names|.*labels)|Fixtures/|Vectors/|^Tests/.*/Golden/|class-names")
# Sentences that were in the repository.
GONE = """
The case it was born for is a dog-breed classifier
the protocol of errors that are told to people
What it throws is told and ends with status 1
So much more of the traffic each time: 10%:1m.
Watch the new version so long after it has all traffic: 2m.
So many of the newest versions stay in any case.
the other limits want no negative number
Something that this program does not do although it was asked to
Asks again and again until something is as it should be
The credentials' time is over: sign in again
would be: version 4, probably: published
nothing was proved
Serves until there is no way on.
the image: upright by EXIF, RGB, what is transparent white
The events that the function could not process: which, why, and once more.
--weight wants 0 or more
which tells how far it is
""".strip().split("\n")
COMMENT_PREFIX = re.compile(r"^\s*(///?|#|\*)\s?")

SWIFT = re.compile(
    r'(?P<line>//[^\n]*)|(?P<block>/\*.*?\*/)'
    r'|(?P<raw>#+"""(?:.*?)"""#+|#+"(?:[^\n]*?)"#+)|(?P<multi>"""(?:\\.|.)*?""")|(?P<text>"(?:\\.|[^"\\\n])*")', re.S)
PYTHON = re.compile(
    r'(?P<line>(?<![^\s,(\[{:])#[^\n]*)|(?P<multi>"""(?:\\.|.)*?""")'
    r'''|(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')''', re.S)


def swift_literals(text):
    """The text with interpolations replaced, so that a quote inside of one does not end its literal."""
    result, at = [], 0
    while (start := text.find("\\(", at)) >= 0:
        depth, end = 1, start + 2
        while end < len(text) and depth:
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        result += [text[at:start], "…" + "\n" * text.count("\n", start, end)]
        at = end
    return "".join(result) + text[at:]


def segments(path, text):
    """Pairs of a line number and a piece of prose, line breaks included."""
    if path.endswith((".swift", ".c", ".h")):
        yield from code_segments(swift_literals(text), SWIFT)
    elif path.endswith(".py"):
        yield from code_segments(re.sub(r"\{[^{}\n]*\}", "…", text), PYTHON)
    else:
        yield 1, text


def code_segments(text, pattern):
    start, kind, end, parts = 0, None, 0, []
    for match in pattern.finditer(text):
        new = "line" if match.lastgroup == "line" else "text"
        between = text[end:match.start()]
        # Comment lines below each other are one text, and so are literals that a + joins.
        goes_on = kind == new and (
            between.count("\n") == 1 and not between.strip() if new == "line" else not between.strip("+ \n\t"))
        if not goes_on:
            if parts:
                yield start, "".join(parts)
            start, parts = text.count("\n", 0, match.start()) + 1, []
        else:
            parts.append("\n" * between.count("\n"))
        part = match.group()
        parts.append(part if new == "line" else part.strip('"#').replace("\\\n", "\n"))
        kind, end = new, match.end()
    if parts:
        yield start, "".join(parts)


def findings(path, text, words):
    excepted = {number for number, line in enumerate(text.split("\n"), 1) if "voice:ignore" in line}
    for first, segment in segments(path, text):
        # One line of prose, and for each of its characters the line of the file.
        flat, lines = [], []
        for offset, line in enumerate(segment.split("\n")):
            line = re.sub(r"\s+", " ", COMMENT_PREFIX.sub("", line).strip())
            flat.append(line + " ")
            lines += [first + offset] * (len(line) + 1)
        flat = "".join(flat)
        for pattern, instead in words:
            for match in pattern.finditer(flat):
                if lines[match.start()] in excepted:
                    continue
                around = flat[max(0, match.start() - 30):match.end() + 20].strip()
                yield path, lines[match.start()], f'"{match.group().strip()}" in "{around}"', instead


def read_words(path):
    words = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            expression, tab, instead = line.partition("\t")
            if not tab or not instead.strip():
                sys.exit(f"{path}:{number}: a pattern, a tab, and what to write instead")
            words.append((re.compile(expression, re.I), instead.strip()))
    return words


def self_test(listed):
    for sentence in GONE:
        if not list(findings("a.swift", f"/// {sentence}", listed)):
            sys.exit(f"self-test: no pattern finds: {sentence}")
    words = [(re.compile(r"so many of\b", re.I), "number")]
    cases = {
        "a.md": ("It keeps so\nmany of them.", 1), "b.swift": ("/// So many\n/// of them.\nlet soManyOf = 1", 1),
        "c.swift": ('help: "so many "\n + "of them \\(a("x")) so many of"', 2),
        "d.swift": ('let x = """\n  keeps so many \\\n  of it\n  """', 1), "e.swift": ("let so = many\nof()", 0),
        "f.py": ('x = "so many of"  # so many of', 2), "g.sh": ("# so many\n# of\necho so", 1),
        "h.md": ("so many of  <!-- voice:ignore -->", 0), "j.swift": ('x("so many of")  // voice:ignore', 0), "i.swift": ("// so many\n\n// of them", 0),
    }
    for path, (text, count) in cases.items():
        found = list(findings(path, text, words))
        if len(found) != count:
            sys.exit(f"self-test: {path}: {len(found)} findings, {count} expected: {text!r}")


def main():
    words, paths = read_words(sys.argv[1]), sys.argv[2:]
    if paths == ["--self-test"]:
        return self_test(words)
    if not paths:
        listed = subprocess.run(["git", "ls-files", "-z"], stdout=subprocess.PIPE, check=True).stdout.decode()
        paths = [path for path in listed.split("\0") if PROSE.search(path) and not EXCEPT.search(path)]
    count = 0
    for path in paths:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
        for where, line, phrase, instead in findings(path, text, words):
            print(f"{where}:{line}: {phrase}: write: {instead}")
            count += 1
    if count:
        sys.exit(f"{count} findings")


main()
