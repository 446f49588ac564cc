"""A second simulator, written from AWS's documents and not from the planner's code, for random small configurations.

    planner_oracle.py RESULT.json [CONFIGURATIONS]

It uses no random numbers: arrivals, durations, and service times are lists. Run by planner.sh; CapacityPlannerTests
compares every request (end, cold or not) and the bill. Sources: ../shared/facts/concurrency.md and endpoints.md.

One event list holds everything. Of equal times, ends of work come first, then the clock, retries, arrivals.
"""

import heapq
import itertools
import json
import math
import random
import sys

SECOND, MINUTE, HOUR = 10**6, 60 * 10**6, 3600 * 10**6
ENDS, CLOCK, RETRY, ARRIVAL = range(4)
BACKOFF = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]


class Alarm:
    """N of N points, missing data treated as missing, the evaluation range two points longer than N."""

    def __init__(self, points):
        self.points, self.range = points, [None] * (points + 2)

    def add(self, breaches):
        self.range = self.range[1:] + [breaches]
        real = [point for point in self.range if point is not None]
        if len(real) >= self.points:
            return all(real[-self.points :])
        if not real or not all(real):
            return False
        return len(self.range) - self.range.index(True) >= self.points


class Tracking:
    """A target-tracking policy: proportional out after 3 minutes, a tenth in after 15 below 90 % of the target."""

    def __init__(self, least, most, target, cooldown_out, cooldown_in):
        self.least, self.most, self.target = least, most, target
        self.cooldown_out, self.cooldown_in = cooldown_out, cooldown_in
        self.high, self.low = Alarm(3), Alarm(15)
        self.newest, self.last_step = 0.0, 0
        self.out_until = self.in_until = -(10**18)

    def decide(self, metric, current, changing, now):
        high = self.high.add(None if metric is None else metric > self.target * (1 + 1e-9))
        low = self.low.add(None if metric is None else metric < self.target * 0.9 * (1 - 1e-9))
        if metric is not None:
            self.newest = metric
        if changing or not (high or low):
            return None
        wanted = math.ceil(current * self.newest / self.target * (1 - 1e-9))
        wanted = min(self.most, max(self.least, wanted))
        if high:
            step = wanted - current
            if step <= 0 or (now < self.out_until and step <= self.last_step):
                return None
            self.last_step, self.in_until = step, now
            return wanted
        wanted = max(wanted, current - max(1, int(current * 0.1)))
        if now < self.in_until or wanted >= current:
            return None
        self.in_until = now + self.cooldown_in
        return wanted


class RateCap:
    """Ten requests for each unit of concurrency in each second of the clock."""

    def __init__(self):
        self.second, self.used = -1, 0

    def admit(self, now, concurrency):
        if now // SECOND != self.second:
            self.second, self.used = now // SECOND, 0
        if self.used >= 10 * concurrency:
            return False
        self.used += 1
        return True


class Simulation:
    def __init__(self, case):
        self.case, self.events, self.order = case, [], itertools.count()
        self.rows, self.provisioned_log, self.billed = [], [], {"onDemand": 0, "provisioned": 0, "serverless": 0}
        self.environments, self.born = {}, itertools.count()  # birth -> None while busy, else idle since
        self.busy_on_demand = self.busy_provisioned = 0
        self.ready = self.requested = case["provisioned"]
        self.allocation = 0
        self.on_demand_rate, self.provisioned_rate = RateCap(), RateCap()
        self.own, self.service = itertools.cycle(case["durations"]), itertools.cycle(case["services"])
        tracking = case["tracking"]
        self.tracking = Tracking(*tracking) if tracking else None
        self.samples = []
        fleet = (case["endpoint"] or {}).get("fleet", {"instances": 0, "workers": 0})
        self.workers = [[0] * fleet["workers"] for _ in range(fleet["instances"])]
        self.outstanding = [(0, index) for index in range(len(self.workers))]
        self.touched = itertools.count(len(self.workers))
        self.serverless_busy = [0, 0]  # on demand, provisioned
        self.serverless_idle = []

    def at(self, time, priority, action, *arguments):
        heapq.heappush(self.events, (time, priority, next(self.order), action, arguments))

    def run(self):
        for arrival in self.case["arrivals"]:
            self.at(arrival, ARRIVAL, self.attempt, arrival, 0, 0)
        last = self.case["arrivals"][-1]
        if self.tracking:
            for minute in range(1, self.case["seconds"] // 60 + 1):
                self.at(minute * MINUTE, CLOCK, self.end_minute)
        while self.events:
            self.now, _, _, action, arguments = heapq.heappop(self.events)
            action(*arguments)
        assert len(self.rows) == len(self.case["arrivals"]), (last, len(self.rows))
        return {"rows": sorted(self.rows), "billed": self.billed, "provisioned": self.provisioned_log}

    # The function.

    def attempt(self, arrived, errors, throttles):
        if self.busy_provisioned < self.ready and self.provisioned_rate.admit(self.now, self.ready):
            self.busy_provisioned += 1
            return self.begin(None, False, arrived, errors, throttles)
        ceiling = self.case["ceiling"] - max(self.requested, self.ready, self.busy_provisioned)
        if self.busy_on_demand >= ceiling or not self.on_demand_rate.admit(self.now, ceiling):
            return self.throttle(arrived, errors, throttles)
        lifetime = self.case["lifetime"]
        self.environments = {
            birth: idle for birth, idle in self.environments.items() if idle is None or idle + lifetime > self.now
        }
        idle = [birth for birth, since in self.environments.items() if since is not None]
        cold = not idle
        birth = max(idle) if idle else next(self.born)
        self.environments[birth] = None
        self.busy_on_demand += 1
        return self.begin(birth, cold, arrived, errors, throttles)

    def begin(self, birth, cold, arrived, errors, throttles):
        if self.ready:
            self.samples.append(self.busy_provisioned / self.ready)
        # The init phase ends after 10 s at the latest, and is repeated inside the function's timeout.
        init = self.case["init"] if cold else 0
        started = self.now + min(init, 10 * SECOND)
        work = next(self.own) + (init if init > 10 * SECOND else 0)
        run = {"birth": birth, "cold": cold, "arrived": arrived, "errors": errors, "throttles": throttles}
        run |= {"billed": self.now, "limit": started + self.case["timeout"]}
        if work > self.case["timeout"]:
            self.at(run["limit"], ENDS, self.end, run, "timeout")
        elif self.case["endpoint"]:
            self.at(started + work, ENDS, self.call, run) if started + work > self.now else self.call(run)
        else:
            self.at(started + work, ENDS, self.end, run, "well")

    def end(self, run, how, free=None):
        if free:
            free()
        billed = -((run["billed"] - self.now) // 1000)
        if run["birth"] is None:
            self.busy_provisioned -= 1
            self.billed["provisioned"] += billed
        else:
            self.busy_on_demand -= 1
            self.billed["onDemand"] += billed
            if how == "timeout":
                del self.environments[run["birth"]]
            else:
                self.environments[run["birth"]] = self.now
        if how == "well":
            self.rows.append([run["arrived"], self.now - run["arrived"], run["cold"] and self.case["init"] > 0])
        else:
            self.fail(run)

    def give_up(self, arrived, cold=False):
        self.rows.append([arrived, -1, cold])

    def throttle(self, arrived, errors, throttles):
        if self.case["source"] == "http":
            return self.retry_client(arrived, errors, throttles + 1)
        if self.case["isReserved"] and self.case["ceiling"] == 0:
            return self.give_up(arrived)
        delay = BACKOFF[min(throttles, 9)] * SECOND
        if self.now + delay > arrived + self.case["age"]:
            return self.give_up(arrived)
        self.at(self.now + delay, RETRY, self.attempt, arrived, errors, min(throttles, 9) + 1)

    def fail(self, run):
        errors, cold = run["errors"] + 1, run["cold"] and self.case["init"] > 0
        if self.case["source"] == "http":
            return self.retry_client(run["arrived"], errors, run["throttles"], cold)
        delay = errors * MINUTE
        if errors > 2 or self.now + delay > run["arrived"] + self.case["age"]:
            return self.give_up(run["arrived"], cold)
        self.at(self.now + delay, RETRY, self.attempt, run["arrived"], errors, 0)

    def retry_client(self, arrived, errors, throttles, cold=False):
        attempts = errors + throttles
        if attempts >= self.case["attempts"]:
            return self.give_up(arrived, cold)
        delay = min(self.case["longest"], self.case["base"] * 2 ** (attempts - 1))
        self.at(self.now + delay, RETRY, self.attempt, arrived, errors, throttles)

    # The endpoint.

    def call(self, run):
        if "serverless" in self.case["endpoint"]:
            return self.call_serverless(run)
        # The instance with the fewest requests; of equal ones the one that has been so for longest.
        index = min(range(len(self.workers)), key=lambda instance: self.outstanding[instance])
        self.outstanding[index] = (self.outstanding[index][0] + 1, next(self.touched))
        worker = min(range(len(self.workers[index])), key=lambda one: self.workers[index][one])
        done = max(self.now, self.workers[index][worker]) + next(self.service)
        self.workers[index][worker] = done

        def free():
            self.outstanding[index] = (self.outstanding[index][0] - 1, next(self.touched))

        self.wait(run, done, self.now + 60 * SECOND, free)

    def call_serverless(self, run):
        model, service = self.case["endpoint"]["serverless"], next(self.service)
        if sum(self.serverless_busy) >= model["maximum"]:
            return self.at(self.now, ENDS, self.end, run, "refused")
        kind = 1 if self.serverless_busy[1] < model["provisioned"] else 0
        start = 0
        if kind == 0:
            self.serverless_idle = [since for since in self.serverless_idle if since + model["lifetime"] > self.now]
            if self.serverless_idle:
                self.serverless_idle.pop()
            else:
                start = model["cold"]
        self.serverless_busy[kind] += 1
        self.billed["serverless"] += -(-service // 1000)

        def free():
            self.serverless_busy[kind] -= 1
            if kind == 0:
                self.serverless_idle.append(self.now)

        self.wait(run, self.now + start + service, self.now + start + 60 * SECOND, free)

    def wait(self, run, done, endpoint_limit, free):
        """Until the answer, the function's timeout, or the endpoint's; the endpoint works on in any case."""
        if done <= min(run["limit"], endpoint_limit):
            self.at(done, ENDS, self.end, run, "well", free)
        else:
            self.at(done, ENDS, free)
            how = "timeout" if run["limit"] <= endpoint_limit else "endpoint"
            self.at(min(run["limit"], endpoint_limit), ENDS, self.end, run, how)

    # Provisioned concurrency.

    def end_minute(self):
        metric = sum(self.samples) / len(self.samples) if self.samples else None
        self.samples = []
        if self.case["metricDelay"]:
            self.at(self.now + self.case["metricDelay"], CLOCK, self.decide, metric)
        else:
            self.decide(metric)
        self.provisioned_log.append(self.ready)

    def decide(self, metric):
        wanted = self.tracking.decide(metric, self.ready, self.requested > self.ready, self.now)
        if wanted is None:
            return
        self.requested, self.allocation = wanted, self.allocation + 1
        if wanted <= self.ready:
            self.ready = wanted
        else:
            ready = self.now + self.case["preparation"] + (wanted - self.ready) * MINUTE // 6000
            self.at(ready, CLOCK, self.allocated, self.allocation)

    def allocated(self, allocation):
        if allocation == self.allocation:
            self.ready = self.requested
            self.tracking.out_until = self.now + self.tracking.cooldown_out


def random_case(number):
    source = random.Random(number)
    pick = source.choice
    seconds = pick([600, 1800, 5400])
    times = set()
    while len(times) < pick([80, 300]):
        start = source.uniform(0, seconds - 60)
        for _ in range(pick([1, 1, 4, 20])):
            times.add(int((start + source.uniform(0, pick([0.5, 30]))) * 1e6))
    reserved = pick([None, None, 1, 2, 5, 0])
    ceiling = pick([8, 200]) if reserved is None else reserved
    provisioned = pick([0, 0, 1, 2]) if reserved is None else min(reserved, pick([0, 1]))
    tracking = None
    if provisioned and source.random() < 0.6:
        most = provisioned + pick([1, 4]) if reserved is None else max(provisioned, reserved)
        tracking = [provisioned, most, pick([0.3, 0.5, 0.7]), pick([0, 120]) * SECOND, pick([0, 120]) * SECOND]

    def durations(mean):
        return [int(source.expovariate(1 / mean) * 1e6) for _ in range(97)]

    endpoint = None
    kind = pick(["none", "instances", "serverless", "serverless"])
    if kind == "instances":
        endpoint = {"fleet": {"instances": pick([1, 2, 3]), "workers": pick([1, 2])}}
    elif kind == "serverless":
        maximum = pick([1, 3, 20])
        endpoint = {
            "serverless": {
                "maximum": maximum,
                "provisioned": min(maximum, pick([0, 0, 1, 2])),
                "cold": pick([0, 2, 6, 30]) * SECOND,
                "lifetime": pick([5, 60, 600]) * SECOND,
            }
        }
    return {
        "seconds": seconds,
        "arrivals": sorted(times),
        "source": pick(["s3", "http"]),
        "isReserved": reserved is not None,
        "ceiling": ceiling,
        "provisioned": provisioned,
        "tracking": tracking,
        "preparation": pick([0, 90]) * SECOND,
        "metricDelay": pick([0, 60, 90]) * SECOND,
        "durations": durations(pick([0.02, 0.5, 3])),
        "services": durations(pick([0.1, 2, 20])),
        "init": pick([0, 10_000, 3_000_000, 12_000_000]),
        "timeout": pick([1, 5, 30, 90]) * SECOND,
        "lifetime": pick([0, 20, 600]) * SECOND,
        "age": pick([60, 600, 21_600]) * SECOND,
        "attempts": pick([1, 3, 5]),
        "base": 100_000,
        "longest": 1_000_000,
        "endpoint": endpoint,
    }


def ramp(messages, duration, most):
    """When each of many waiting messages ends: 5 invocations at first, 300 more a minute, batches of one."""
    busy, now, ends = [], 0.0, []
    while len(ends) < messages:
        while busy and busy[0] <= now:
            heapq.heappop(busy)
        if len(busy) + 1 <= min(most, 5 + 5 * now) + 1e-9:
            heapq.heappush(busy, now + duration)
            ends.append(now + duration)
            continue
        grown = (len(busy) + 1 - 5) / 5 if len(busy) < most else math.inf
        now = min(busy[0], grown if grown > now else math.inf)
    return ends


def main():
    results = []
    for number in range(int(sys.argv[2]) if len(sys.argv) > 2 else 200):
        case = random_case(number)
        results.append({"case": case, "result": Simulation(case).run()})
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        ramps = [(3000, 2.0, 1250), (20000, 8.0, 1250), (5000, 30.0, 100), (400, 0.5, 2)]
        json.dump(
            {
                "configurations": results,
                "ramps": [
                    {"messages": n, "duration": d, "most": m, "ends": ramp(n, d, m)[:: max(1, n // 50)]}
                    for n, d, m in ramps
                ],
            },
            file,
        )
    rows = sum(len(one["result"]["rows"]) for one in results)
    print(f"{len(results)} configurations, {rows} requests")


main()
