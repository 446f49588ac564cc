"""Decides the state of a CloudWatch alarm of the rendered template from data points, as CloudWatch documents it.

Of the alarm it reads namespace, metric, dimensions, statistic, period, evaluation periods, data points to alarm,
threshold, comparison, missing data, and simple metric math. Metrics are text (namespace, name, dimensions) with data
points (seconds, value).
"""

import collections
import operator
import re

COMPARISONS = {
    "GreaterThanOrEqualToThreshold": operator.ge, "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt, "LessThanOrEqualToThreshold": operator.le,
}


def percentile(values, share):
    """Nearest rank."""
    return sorted(values)[max(0, -(-len(values) * share // 100) - 1)]


def statistic(name, values):
    if match := re.fullmatch(r"p(\d+)", name):
        return percentile(values, int(match[1]))
    return {"Sum": sum, "Maximum": max, "Minimum": min, "SampleCount": len,
            "Average": lambda each: sum(each) / len(each)}[name](values)


class Metrics:
    """Data points by namespace, name, and exactly these dimensions."""

    def __init__(self):
        self.points = collections.defaultdict(list)

    @staticmethod
    def key(namespace, name, dimensions):
        return namespace, name, frozenset(dimensions.items())

    def add(self, namespace, name, dimensions, seconds, values):
        self.points[self.key(namespace, name, dimensions)] += [(seconds, value) for value in values]

    def series(self, source, kind, period):
        """The statistic of each period that has data, by the number of the period."""
        dimensions = {each["Name"]: each["Value"] for each in source["Dimensions"]}
        periods = collections.defaultdict(list)
        for seconds, value in self.points.get(self.key(source["Namespace"], source["MetricName"], dimensions), []):
            periods[int(seconds // period)].append(value)
        return {number: statistic(kind, values) for number, values in periods.items()}


def series_of(alarm, metrics):
    """The alarm's values by period, and the period in seconds."""
    if "Metrics" not in alarm:
        return metrics.series(alarm, alarm["Statistic"], alarm["Period"]), alarm["Period"]
    queries = {each["Id"]: each for each in alarm["Metrics"]}
    (result,) = [each for each in alarm["Metrics"] if each.get("ReturnData", True)]
    if result["Expression"] == "SUM(METRICS())":
        return sum_of([each["MetricStat"] for each in alarm["Metrics"] if "MetricStat" in each], metrics)
    names = [name for name in queries if re.search(rf"\b{name}\b", result["Expression"])]
    (name,) = names
    query = queries[name]["MetricStat"]
    series = metrics.series(query["Metric"], query["Stat"], query["Period"])
    if not re.fullmatch(r"[a-z]+ [*/] (\d+|\(\d+ [*/] \d+\))", result["Expression"]):
        raise ValueError(f"metric math that this evaluator does not read: {result['Expression']}")
    # The expression is arithmetic on one name, by the pattern above.
    arithmetic = compile(result["Expression"], "expression", "eval")
    return {number: eval(arithmetic, {name: value}) for number, value in series.items()}, query["Period"]


def sum_of(queries, metrics):
    """The sum of the metrics by period; a metric without data in a period adds nothing."""
    (period,) = {each["Period"] for each in queries}
    total = collections.Counter()
    for query in queries:
        total.update(metrics.series(query["Metric"], query["Stat"], period))
    return dict(total), period


def is_raised(alarm, metrics):
    """Whether the alarm was in state ALARM in any of the periods up to the last data point."""
    series, _ = series_of(alarm, metrics)
    has_gaps = bool(series) and len(series) <= max(series) - min(series)
    if alarm["TreatMissingData"] != "notBreaching" and (alarm["TreatMissingData"] != "missing" or has_gaps):
        raise ValueError("missing data")
    compare, threshold = COMPARISONS[alarm["ComparisonOperator"]], float(alarm["Threshold"])
    window = int(alarm["EvaluationPeriods"])
    needed = int(alarm.get("DatapointsToAlarm", window))
    breaching = {number for number, value in series.items() if compare(value, threshold)}
    # A period without data does not breach.
    return any(
        sum(number in breaching for number in range(last - window + 1, last + 1)) >= needed
        for last in range(min(series), max(series) + 1)) if series else False
