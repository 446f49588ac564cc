"""Cold starts that simfaas counts on the arrivals of traces, for CapacityPlannerTests.

    planner_simfaas.py RESULT.json TRACE.csv...

The arrivals are the first column of a trace. A warm request takes 0.4 s, a cold one 1.4 s, and an idle environment is
kept for 60, 300 or 600 s. RESULT.json: [{"idleSeconds": 60, "arrivals": [seconds, ...], "cold": n, "warm": n}, ...];
beside the traces, seeded random arrivals in which environments of different age compete. Run by planner.sh.
"""

import datetime
import json
import random
import sys
import types

# simfaas imports what it plots with; nothing of it is used here, and it is two hundred megabytes.
for name in ("matplotlib", "matplotlib.pyplot", "pandas", "scipy", "scipy.stats"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["matplotlib"].pyplot = sys.modules["matplotlib.pyplot"]
sys.modules["scipy"].stats = sys.modules["scipy.stats"]
for distribution in ("expon", "poisson", "norm"):
    setattr(sys.modules["scipy.stats"], distribution, None)

from simfaas.ServerlessSimulator import ServerlessSimulator  # noqa: E402
from simfaas.SimProcess import ConstSimProcess, SimProcess  # noqa: E402

WARM_SECONDS, COLD_SECONDS = 0.4, 1.4


class GivenArrivals(SimProcess):
    """The gaps between given moments; after the last a gap without end."""

    def __init__(self, arrivals):
        super().__init__()
        self.gaps = iter([after - before for before, after in zip([0.0] + arrivals, arrivals)])

    def generate_trace(self):
        return next(self.gaps, 1e9)


def simulate(arrivals, idle_seconds):
    simulator = ServerlessSimulator(
        arrival_process=GivenArrivals(arrivals),
        warm_service_process=ConstSimProcess(1 / WARM_SECONDS),
        cold_service_process=ConstSimProcess(1 / COLD_SECONDS),
        expiration_threshold=idle_seconds,
        max_time=arrivals[-1] + 1e-6,
        maximum_concurrency=100_000,
    )
    simulator.generate_trace()
    return {
        "idleSeconds": idle_seconds,
        "arrivals": arrivals,
        "cold": simulator.total_cold_count,
        "warm": simulator.total_warm_count,
    }


def trace_arrivals(path):
    with open(path, encoding="utf-8") as lines:
        next(lines)
        times = [line.split(",")[0].rstrip("0") for line in lines if line.strip()]
    # Seven digits of a second; Python reads six, which is what the planner counts in.
    moments = [datetime.datetime.fromisoformat(time[:26].ljust(26, "0")) for time in times]
    first = moments[0]
    return sorted((moment - first) // datetime.timedelta(microseconds=1) / 1e6 for moment in moments)


def random_arrivals(seed, rate):
    source = random.Random(seed)
    now, arrivals = 0.0, []
    for _ in range(1500):
        # Bursts, and silences about as long as an environment lives.
        now += source.expovariate(rate) if source.random() < 0.97 else source.uniform(0, 90)
        arrivals.append(round(now, 6))
    return arrivals


def main():
    result, *traces = sys.argv[1:]
    cases = [simulate(random_arrivals(seed, rate), 60) for seed, rate in enumerate([0.2, 1, 5, 20])]
    for trace in traces:
        cases += [simulate(trace_arrivals(trace), idle) for idle in (60, 300, 600)]
    with open(result, "w", encoding="utf-8") as file:
        json.dump(cases, file)
    for case in cases:
        print(f"{len(case['arrivals'])} arrivals, idle for {case['idleSeconds']} s: {case['cold']} cold")


main()
