"""Writes the traces beside this file, in the two shapes that public traces have: a moment a request, and a count a bin.

usage, from the repository's root: python3 Tests/CapacityPlannerTests/Traces/generate.py

Provenance: invented, from seeded random numbers; the same bytes each time.
"""

import datetime
import math
import pathlib
import random

HERE = pathlib.Path(__file__).parent


def arrivals():
    """An hour in which it gets busier and calm again, with silences as long as an environment is kept."""
    source = random.Random(20250303)
    now = datetime.datetime(2025, 3, 3, 8, 15, 46, 680590)
    yield "TIMESTAMP,InputTokens,OutputTokens"
    for number in range(1500):
        rate = 0.1 + 0.9 * math.sin(math.pi * number / 1500) ** 2
        gap = source.uniform(60, 700) if source.random() < 0.004 else -math.log(1 - source.random()) / rate
        now += datetime.timedelta(microseconds=round(gap * 1e6))
        yield f"{now:%Y-%m-%d %H:%M:%S.%f}0,{source.randrange(20, 900)},{source.randrange(5, 300)}"


def request_counts():
    """Two days in bins of five minutes, busy in the afternoon; three bins are missing."""
    source = random.Random(20250304)
    start = datetime.datetime(2025, 3, 4, 0, 4)
    yield "timestamp,value"
    for number in range(2 * 288):
        moment = start + datetime.timedelta(minutes=5 * number)
        count = source.randrange(20, 40) * (1 + math.sin(2 * math.pi * (number % 288 - 108) / 288))
        if number not in (100, 101, 300):
            yield f"{moment:%Y-%m-%d %H:%M:%S},{float(round(count))}"


if __name__ == "__main__":
    for name, lines in (("arrivals.csv", arrivals()), ("request-count.csv", request_counts())):
        (HERE / name).write_text("\n".join(lines) + "\n", encoding="ascii")
