"""The monthly cost of each kind of endpoint in docs/endpoint-kinds.md, and its plot, from the price list of inferencectl.

usage: template_costs.py PRICES.json docs/endpoint-kinds.md docs/endpoint-costs.svg [--write]

Only the endpoint is counted: Lambda, S3, and SNS cost about the same with each kind. What is assumed is above the functions.
"""

import json
import math
import sys

HOURS = 730  # A month, as in AWS's examples.
DAYS = HOURS / 24
VOLUMES = [10, 1_000, 100_000]
# Images come evenly within 8 hours of each day, or all at once each day.
OPEN_SECONDS = 8 * 3600
# Image and reply, as in the planner.
BYTES = 500_000
# A serverless environment of 2 GB is taken for one vCPU, and one of 4 GB for no faster: AWS publishes neither.
# ml.m5.large, for which the price list has a speed, has two.
VCPUS = 2
# From the start of an instance until it serves: 3 to 10 minutes are known. Then 15 idle minutes before the last one stops.
START_SECONDS, IDLE_SECONDS = 300, 900
# Real-time instances are planned for half of their speed; a queue lets an instance work all the time.
UTILIZATION = 0.5


class Prices:
    def __init__(self, path):
        with open(path) as file:
            listed = json.load(file)
        self.hour, self.serverless = listed["hostingPerHour"], listed["serverlessHosting"]
        self.speed = listed["assumptions"]["hostingImagesPerSecond"]
        self.origin = f"{listed['region']}, {listed['date']}"

    def real_time(self, instance, images):
        """Enough instances for the rate of the open hours, around the clock."""
        needed = max(1, math.ceil(images / OPEN_SECONDS / (self.speed[instance] * UTILIZATION)))
        return needed * self.hour[instance] * HOURS

    def serverless_image(self, gigabytes):
        seconds = VCPUS / self.speed["ml.m5.large"]
        return seconds * gigabytes * self.serverless["perGBSecond"] + BYTES / 1e9 * self.serverless["dataPerGB"]

    def by_use(self, gigabytes, images):
        return self.serverless_image(gigabytes) * images * DAYS

    def spread(self, instance, images):
        """From zero: an instance for each image, or all day once the pauses are too short for it to stop."""
        pause = START_SECONDS + IDLE_SECONDS
        needed = max(1, math.ceil(images / OPEN_SECONDS / self.speed[instance]))
        seconds = min(images * (pause + 1 / self.speed[instance]), needed * (pause + OPEN_SECONDS))
        return seconds / 3600 * self.hour[instance] * DAYS

    def at_once(self, instance, images):
        """From zero, one instance each day until the last image, and then 15 minutes."""
        seconds = START_SECONDS + images / self.speed[instance] + IDLE_SECONDS
        return seconds / 3600 * self.hour[instance] * DAYS

    def rows(self):
        """Name, cost by images a day, and the mark of the line."""
        for instance in ("ml.m5.large", "ml.m5.xlarge"):
            yield f"real-time, {instance}", lambda images, each=instance: self.real_time(each, images), "rt"
        for gigabytes in (2, 4):
            yield f"serverless, {gigabytes} GB", lambda images, each=gigabytes: self.by_use(each, images), "sl"
        for instance in ("ml.m5.xlarge", "ml.g4dn.xlarge"):
            yield f"asynchronous, {instance}", lambda images, each=instance: self.spread(each, images), "as"
            yield f"asynchronous, {instance}, once a day", lambda images, each=instance: self.at_once(each, images), "once"


def table(prices):
    lines = ["| endpoint | " + " | ".join(f"{volume:,} images a day" for volume in VOLUMES) + " |", "| --- |" + " ---: |" * len(VOLUMES)]
    lines += [f"| {name} | " + " | ".join(f"{cost(volume):,.2f}" for volume in VOLUMES) + " |" for name, cost, _ in prices.rows()]
    for gigabytes, instance in ((2, "ml.m5.large"), (4, "ml.m5.large")):
        images = prices.hour[instance] * HOURS / DAYS / prices.serverless_image(gigabytes)
        lines.append(f"| break-even of serverless, {gigabytes} GB, with one {instance} | | | {images:,.0f} images a day |")
    return lines


# --- Plot -------------------------------------------------------------------------------------------------------

LEFT, TOP, WIDTH, HEIGHT, BOTTOM, RIGHT = 64, 50, 520, 340, 48, 276
FIRST, LAST = 1, 5  # Powers of ten of images a day.
LEAST, MOST = -3, 3  # Of dollars.
STYLE = """
.bg{fill:#ffffff}.g{stroke:#dfe5eb;stroke-width:1}.n,.l{font-size:12.5px;fill:#33475b}.t{font-size:15px;font-weight:600;fill:#14324f}
path{fill:none;stroke-width:2.2}.rt{stroke:#55697d}.sl{stroke:#1f7a4d}.as{stroke:#d9730d}.once{stroke:#d9730d;stroke-dasharray:5 5}
.tie{stroke:#9fb3c6;stroke-width:1}
@media (prefers-color-scheme: dark){.bg{fill:#0f1720}.g{stroke:#263544}.n,.l{fill:#b9c8d6}.t{fill:#e6f0fa}
.rt{stroke:#9fb3c6}.sl{stroke:#5fd39b}.as,.once{stroke:#f0a04b}.tie{stroke:#55697d}}
"""


def x_of(images):
    return LEFT + WIDTH * (math.log10(images) - FIRST) / (LAST - FIRST)


def y_of(dollars):
    share = (math.log10(max(dollars, 10 ** LEAST)) - LEAST) / (MOST - LEAST)
    return TOP + HEIGHT * (1 - share)


def labels_below_each_other(ends, gap=17):
    """Heights of the labels, in the order of the lines' ends, none upon another."""
    placed, at = {}, TOP - gap
    for end, index in sorted((end, index) for index, end in enumerate(ends)):
        placed[index] = at = max(end, at + gap)
    return [placed[index] for index in range(len(ends))]


def plot(prices):
    total_width, total_height = LEFT + WIDTH + RIGHT, TOP + HEIGHT + BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total_width} {total_height}" role="img" aria-labelledby="t d" '
        'font-family="system-ui, Segoe UI, Helvetica, Arial, sans-serif">',
        '<title id="t">Cost of an endpoint by images a day</title>',
        '<desc id="d">Dollars per month against images a day, both on logarithmic axes. Real-time instances cost the same until a '
        "second one is needed; a serverless endpoint costs in proportion to the images; an asynchronous endpoint at zero lies "
        "between, and costs least when all images of a day come at once.</desc>",
        f"<style>{STYLE}</style>", f'<rect class="bg" width="{total_width}" height="{total_height}" rx="10"/>',
        f'<text class="t" x="{LEFT}" y="28">Endpoint, $/month ({prices.origin})</text>',
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
    rows = list(prices.rows())
    ends = [y_of(cost(10 ** LAST)) for _, cost, _ in rows]
    steps = [10 ** (FIRST + (LAST - FIRST) * step / 200) for step in range(201)]
    for (name, cost, mark), end, label in zip(rows, ends, labels_below_each_other(ends)):
        points = "L".join(f"{x_of(images):.1f},{y_of(cost(images)):.1f}" for images in steps)
        parts.append(f'<path class="{mark}" d="M{points}"/>')
        edge = LEFT + WIDTH
        parts.append(f'<path class="tie" d="M{edge + 2} {end:.1f}L{edge + 16} {label:.1f}"/>')
        parts.append(f'<text class="l" x="{edge + 20}" y="{label + 4:.1f}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def main(prices_path, page_path, plot_path, *flags):
    prices = Prices(prices_path)
    with open(page_path, encoding="utf-8") as file:
        page = file.read()
    begin, end = "<!-- ci: costs -->\n", "\n<!-- ci: costs end -->"
    head, rest = page.split(begin)
    _, tail = rest.split(end)
    expected_page, expected_plot = head + begin + "\n".join(table(prices)) + end + tail, plot(prices)
    if "--write" in flags:
        for path, text in ((page_path, expected_page), (plot_path, expected_plot)):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
    with open(page_path, encoding="utf-8") as first, open(plot_path, encoding="utf-8") as second:
        differ = [path for path, found, expected in (
            (page_path, first.read(), expected_page), (plot_path, second.read(), expected_plot)) if found != expected]
    if differ:
        sys.exit(f"{' and '.join(differ)} do not show what the price list gives")
    print(f"{len(list(prices.rows()))} endpoints at {len(VOLUMES)} volumes, prices of {prices.origin}")


main(*sys.argv[1:])
