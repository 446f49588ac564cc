"""Draws docs/replay.svg, README's picture of a replay, or checks that it shows what the program prints today.

usage: replay_picture.py PROGRAM docs/replay.svg [--check]

PROGRAM is local-invoke. Request ids, times, and memory vary from run to run, so --check ignores them.
"""

import json
import re
import subprocess
import sys
import tempfile
from xml.sax.saxutils import escape

COLUMNS, MARGIN, LINE, ADVANCE = 100, 22, 21, 8.43  # ADVANCE is the width of a character of 14 px.
STYLE = """
.bg{fill:#fff;stroke:#d0d7de}.bar{fill:#f1f3f5}.t{fill:#1f2328}.p{fill:#1a7f37;font-weight:600}.d{fill:#59636e}
.b{fill:#0969da}.s{fill:#0550ae;font-weight:600}
@media (prefers-color-scheme: dark){.bg{fill:#0d1117;stroke:#30363d}.bar{fill:#161b22}.t{fill:#e6edf3}
.p{fill:#56d364}.d{fill:#9198a1}.b{fill:#4493f8}.s{fill:#79c0ff}}
"""
# Also where a line is cut behind it.
VOLATILE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{3,27}|[0-9]+(\.[0-9]+)? (ms|MB)|[0-9]{4}-[0-9-]{5}T[0-9:.]{12}Z|, [a-z]+…")
COMMAND = "swift run local-invoke events/s3.json > answer.json"
SHOW = "python3 -m json.tool --no-ensure-ascii answer.json"


def clipped(line):
    return line if len(line) <= COLUMNS else line[:COLUMNS - 1] + "…"


def session(program):
    """Pairs of a class of STYLE and a line of the terminal."""
    with tempfile.NamedTemporaryFile() as answer:
        run = subprocess.run([program, "events/s3.json"], stdout=answer, stderr=subprocess.PIPE, check=True)
        answer.seek(0)
        document = json.load(answer)
    lines = [("p", f"$ {COMMAND}")]
    for line in run.stderr.decode().splitlines():
        fields = line.rstrip().split("\t")  # REPORT has six, which do not fit on one line.
        style = "s" if line.startswith("s3://") else "t" if line.startswith("  ") else "d"
        lines.append((style, clipped("  ".join(fields[:3]))))
        lines += [(style, clipped("  " + "  ".join(fields[3:]))) for _ in fields[3:4]]
    lines.append(("p", f"$ {SHOW}"))
    for line in json.dumps(document, indent=4, ensure_ascii=False).splitlines():
        lines.append(("t", clipped(line)))
    return lines


def drawn(lines):
    width, height = round(COLUMNS * ADVANCE + 2 * MARGIN), len(lines) * LINE + 64
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="t" '
        'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="14">',
        '<title id="t">A terminal: the replay of an S3 event, and the answer of the function</title>',
        f"<style>{STYLE}</style>",
        f'<rect class="bg" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="9"/>',
        f'<path class="bar" d="M1 34V10a9 9 0 0 1 9-9H{width - 10}a9 9 0 0 1 9 9V34Z"/>',
        *(f'<circle cx="{20 + 20 * at}" cy="17.5" r="6" fill="{color}"/>'
          for at, color in enumerate(("#ff5f57", "#febc2e", "#28c840"))),
    ]
    for at, (style, line) in enumerate(lines):
        y = 60 + at * LINE
        # The chart is drawn: in many fonts block characters leave gaps.
        text, eighths = line.rstrip("█▉▊▋▌▍▎▏"), 0
        for block in line[len(text):]:
            eighths += 8 - "█▉▊▋▌▍▎▏".index(block)
        length = round(len(text) * ADVANCE, 1)
        parts.append(
            f'<text class="{style}" x="{MARGIN}" y="{y}" textLength="{length}" xml:space="preserve">{escape(text)}</text>')
        if eighths:
            parts.append(f'<rect class="b" x="{MARGIN + length:.1f}" y="{y - 12}" '
                         f'width="{eighths * ADVANCE / 8:.1f}" height="14"/>')
    return "\n".join([*parts, "</svg>", ""])


def main():
    program, path, *options = sys.argv[1:]
    picture = drawn(session(program))
    if options != ["--check"]:
        with open(path, "w", encoding="utf-8") as file:
            file.write(picture)
        return
    with open(path, encoding="utf-8") as file:
        stored = file.read()
    constant = [re.sub(r'textLength="[0-9.]+"', "", VOLATILE.sub("~", text)).splitlines() for text in (picture, stored)]
    different = [pair for pair in zip(*constant) if pair[0] != pair[1]]
    if different or len(constant[0]) != len(constant[1]):
        for new, old in different[:5]:
            print(f"{path} shows:\n  {old}\nthe program prints:\n  {new}")
        sys.exit(1)


main()
