"""The monthly cost of each kind of endpoint in docs/endpoint-kinds.md, and its plot, as `inferencectl endpoint estimate` computes it.

usage: template_costs.py INFERENCECTL docs/endpoint-kinds.md docs/endpoint-costs.svg [--write]
"""

import functools
import json
import math
import subprocess
import sys

VOLUMES = [10, 1_000, 100_000]
# Name, kind, and options; the mark decides the color. Images come within 8 hours of a day, or within one.
ROWS = [
    ("real-time, ml.m5.large", "realtime", ("ml.m5.large", 8), "rt"),
    ("real-time, ml.m5.xlarge", "realtime", ("ml.m5.xlarge", 8), "rt"),
    ("serverless, 2 GB", "serverless 2048", ("ml.m5.xlarge", 8), "sl"),
    ("serverless, 4 GB", "serverless 4096", ("ml.m5.xlarge", 8), "sl"),
    ("asynchronous, ml.m5.xlarge", "asynchronous", ("ml.m5.xlarge", 8), "as"),
    ("asynchronous, ml.m5.xlarge, in 1 h", "asynchronous", ("ml.m5.xlarge", 1), "as once"),
    ("asynchronous, ml.g4dn.xlarge", "asynchronous", ("ml.g4dn.xlarge", 8), "gpu"),
    ("asynchronous, ml.g4dn.xlarge, in 1 h", "asynchronous", ("ml.g4dn.xlarge", 1), "gpu once"),
]
FIRST, LAST = 1, 5  # Powers of ten of images a day.
STEPS = sorted({round(10 ** (FIRST + (LAST - FIRST) * step / 96)) for step in range(97)})


@functools.cache
def estimates(program, instance, hours):
    """Dollars a month by kind and images a day, and the origin of the prices."""
    done = subprocess.run(
        [program, "endpoint", "estimate", "--images-per-day", *map(str, sorted({*STEPS, *VOLUMES})), "--busy-hours", str(hours),
         "--instance-type", instance, "--serverless", "memory=2048,max=200", "--serverless", "memory=4096,max=200",
         "--output", "json"], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"inferencectl endpoint estimate: {done.stderr}")
    answer, found = json.loads(done.stdout), {}
    for each in answer["estimates"]:
        kind = f"serverless {each['setting'].split()[0]}" if each["kind"] == "serverless" else each["kind"]
        found[kind, each["imagesPerDay"]] = each["dollarsPerMonth"]
    return found, f"{answer['region']}, {answer['pricesOf']}"


def table(costs):
    lines = ["| endpoint | " + " | ".join(f"{volume:,} images a day" for volume in VOLUMES) + " |", "| --- |" + " ---: |" * len(VOLUMES)]
    lines += [f"| {name} | " + " | ".join(f"{cost(volume):,.2f}" for volume in VOLUMES) + " |" for name, cost, _ in costs]
    by_name = {name: cost for name, cost, _ in costs}
    even = by_name["real-time, ml.m5.large"](VOLUMES[0]) / by_name["serverless, 2 GB"](VOLUMES[-1]) * VOLUMES[-1]
    return [*lines, "", f"Serverless, 2 GB, costs as much as one ml.m5.large at {round(even, -2):,.0f} images a day."]


# --- Plot -------------------------------------------------------------------------------------------------------

LEFT, TOP, WIDTH, HEIGHT, BOTTOM, RIGHT = 64, 50, 520, 340, 48, 296
LEAST, MOST = -2, 3  # Powers of ten of dollars.
STYLE = """
.bg{fill:#ffffff}.g{stroke:#dfe5eb;stroke-width:1}.n,.l{font-size:12.5px;fill:#33475b}.t{font-size:15px;font-weight:600;fill:#14324f}
path{fill:none;stroke-width:2.2}.rt{stroke:#55697d}.sl{stroke:#1f7a4d}.as{stroke:#d9730d}.gpu{stroke:#7a4fb5}.once{stroke-dasharray:5 5}
.tie{stroke:#9fb3c6;stroke-width:1}
@media (prefers-color-scheme: dark){.bg{fill:#0f1720}.g{stroke:#263544}.n,.l{fill:#b9c8d6}.t{fill:#e6f0fa}
.rt{stroke:#9fb3c6}.sl{stroke:#5fd39b}.as{stroke:#f0a04b}.gpu{stroke:#b99af0}.tie{stroke:#55697d}}
"""


def x_of(images):
    return LEFT + WIDTH * (math.log10(images) - FIRST) / (LAST - FIRST)


def y_of(dollars):
    share = (math.log10(max(dollars, 10 ** LEAST)) - LEAST) / (MOST - LEAST)
    return TOP + HEIGHT * (1 - share)


def labels_below_each_other(ends, gap=17):
    """Heights of the labels, in the order of the lines' ends, none upon another, and as near to the ends as possible."""
    placed, at = {}, -math.inf
    for end, index in sorted((end, index) for index, end in enumerate(ends)):
        placed[index] = at = max(end, at + gap)
    shift = min(sum(placed.values()) - sum(ends), len(ends) * (min(placed.values()) - TOP)) / len(ends)
    return [placed[index] - shift for index in range(len(ends))]


def plot(costs, origin):
    total_width, total_height = LEFT + WIDTH + RIGHT, TOP + HEIGHT + BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total_width} {total_height}" role="img" aria-labelledby="t d" '
        'font-family="system-ui, Segoe UI, Helvetica, Arial, sans-serif">',
        '<title id="t">Cost of an endpoint by images a day</title>',
        '<desc id="d">Dollars per month against images a day, both on logarithmic axes. Real-time instances cost the same until a '
        "second one is needed; a serverless endpoint costs in proportion to the images; an asynchronous endpoint at zero lies "
        "between, and costs least when all images of a day come within one hour.</desc>",
        f"<style>{STYLE}</style>", f'<rect class="bg" width="{total_width}" height="{total_height}" rx="10"/>',
        f'<text class="t" x="{LEFT}" y="28">Endpoint, $/month ({origin})</text>',
    ]
    for power in range(LEAST, MOST + 1):
        y = y_of(10 ** power)
        label = f"{10 ** power:,.0f}" if power >= 0 else f"{10 ** power:g}"
        parts.append(f'<line class="g" x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="n" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{label}</text>')
    for power in range(FIRST, LAST + 1):
        x = x_of(10 ** power)
        parts.append(f'<line class="g" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{TOP + HEIGHT}"/>')
        parts.append(f'<text class="n" x="{x:.1f}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{10 ** power:,}</text>')
    parts.append(f'<text class="n" x="{LEFT + WIDTH / 2}" y="{TOP + HEIGHT + 38}" text-anchor="middle">images a day</text>')
    ends = [y_of(cost(10 ** LAST)) for _, cost, _ in costs]
    for (name, cost, mark), end, label in zip(costs, ends, labels_below_each_other(ends)):
        points = "L".join(f"{x_of(images):.1f},{y_of(cost(images)):.1f}" for images in STEPS)
        parts.append(f'<path class="{mark}" d="M{points}"/>')
        edge = LEFT + WIDTH
        parts.append(f'<path class="tie" d="M{edge + 2} {end:.1f}L{edge + 16} {label:.1f}"/>')
        parts.append(f'<text class="l" x="{edge + 20}" y="{label + 4:.1f}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def main(program, page_path, plot_path, *flags):
    costs = []
    for name, kind, setting, mark in ROWS:
        found, origin = estimates(program, *setting)
        costs.append((name, lambda images, kind=kind, found=found: found[kind, images], mark))
    with open(page_path, encoding="utf-8") as file:
        page = file.read()
    begin, end = "<!-- ci: costs -->\n", "\n<!-- ci: costs end -->"
    head, rest = page.split(begin)
    _, tail = rest.split(end)
    expected = {page_path: head + begin + "\n".join(table(costs)) + end + tail, plot_path: plot(costs, origin)}
    if "--write" in flags:
        for path, text in expected.items():
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
    for path, text in expected.items():
        with open(path, encoding="utf-8") as file:
            if file.read() != text:
                sys.exit(f"{path} does not show what inferencectl endpoint estimate computes")
    print(f"{len(ROWS)} endpoints at {len(VOLUMES)} volumes, prices of {origin}")


main(*sys.argv[1:])
