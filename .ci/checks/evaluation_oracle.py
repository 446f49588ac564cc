"""Figures of evaluations: scikit-learn and scipy against the module Evaluation.

    evaluation_oracle.py cases CASES
    evaluation_oracle.py compare CASES FIGURES
"""

import json
import math
import pathlib
import sys

import numpy
from scipy import stats
from sklearn import calibration, metrics

BOUND = 1e-12
BINS = 15


# Cases

def photographs(random, names, truth, sharpness, prefix="p"):
    scores = random.normal(size=(len(truth), len(names)))
    for row, label in enumerate(truth):
        scores[row, label] += sharpness
    values = numpy.exp(scores * 1.5)
    values /= values.sum(axis=1, keepdims=True)
    return [{"key": f"{prefix}{row:05}", "label": names[label], "probabilities": values[row].tolist()}
            for row, label in enumerate(truth)]


def evaluation(random, classes, count, sharpness, present=None, old=None):
    """`present`: how many of the classes occur as labels."""
    names = [f"{index:03}.class_{index}" for index in range(classes)]
    truth = random.integers(0, present or classes, count)
    case = {"classes": names, "photographs": photographs(random, names, truth, sharpness)}
    if old is not None:
        case["old"] = photographs(random, names, truth, old)
    return case


def fixed(probabilities, labels):
    names = [f"c{index}" for index in range(len(probabilities[0]))]
    return {"classes": names, "photographs": [
        {"key": f"f{row}", "label": names[label], "probabilities": list(map(float, values))}
        for row, (values, label) in enumerate(zip(probabilities, labels))]}


def cases():
    random = numpy.random.default_rng(21)
    evaluations = [evaluation(random, classes, count, sharpness, present, old)
                   for classes, count, sharpness, present, old in (
                       (2, 50, 1, None, 0.5), (6, 60, 1, None, 1), (10, 300, 2, None, 1.5), (118, 900, 3, 40, 2),
                       (133, 836, 3, None, 2.5), (133, 836, 0, None, 0), (133, 4000, 4, None, 3), (133, 40, 3, 133, 3))]
    # Degenerate: one photograph, one class predicted, all wrong, certain and wrong, edges of the bins.
    evaluations += [
        fixed([[1, 0]], [0]), fixed([[0.5, 0.3, 0.2]], [2]), fixed([[0.9, 0.1]] * 8, [0, 1] * 4),
        fixed([[1, 0], [1, 0], [0, 1]], [1, 1, 0]),
        fixed([[index / 15, 1 - index / 15] for index in range(16)], [0] * 8 + [1] * 8),
        fixed([[1 / 3, 1 / 3, 1 / 3]] * 5, [0, 1, 2, 0, 0]),
    ]
    mcnemar = [[0, 0], [0, 1], [1, 0], [3, 3], [0, 5], [5, 9], [10, 30], [400, 600], [500, 500], [499, 502], [500, 501],
               [0, 1001], [12_000, 12_500], [0, 1000], [20, 980]]
    mcnemar += random.integers(0, 500, (40, 2)).tolist() + random.integers(500, 5000, (20, 2)).tolist()
    wilson = [[0, 1], [1, 1], [0, 836], [836, 836], [1, 2], [731, 836], [999_999, 1_000_000]]
    wilson += [[int(random.integers(0, total + 1)), total] for total in random.integers(1, 10_000, 60).tolist()]
    quantiles = [[5.0], [1.0, 2.0], list(map(float, range(1, 11))), list(map(float, range(1, 101)))]
    quantiles += [random.exponential(50, size).tolist() for size in (7, 99, 836, 1000)]
    return {"evaluations": evaluations, "mcnemar": mcnemar, "wilson": wilson, "quantiles": quantiles}


# Comparison

class Judge:
    def __init__(self):
        self.compared = 0
        self.worst = 0.0

    def equal(self, name, expected, found):
        self.compared += 1
        if found is None or not abs(expected - found) <= BOUND * max(1, abs(expected)):
            sys.exit(f"{name}: {found}, expected {expected}")
        self.worst = max(self.worst, abs(expected - found))


def compare(given, figures):
    judge = Judge()
    for index, (case, figure) in enumerate(zip(given["evaluations"], figures["evaluations"], strict=True)):
        compare_evaluation(judge, f"evaluation {index}", case, figure)
    for (lost, gained), p in zip(given["mcnemar"], figures["mcnemar"], strict=True):
        judge.equal(f"McNemar {lost} {gained}", mcnemar(lost, gained), p)
    for (count, total), interval in zip(given["wilson"], figures["wilson"], strict=True):
        expected = stats.binomtest(count, total).proportion_ci(0.95, method="wilson")
        judge.equal(f"Wilson {count} {total}", expected.low, interval[0])
        judge.equal(f"Wilson {count} {total}", expected.high, interval[1])
    for values, quantiles in zip(given["quantiles"], figures["quantiles"], strict=True):
        for percent, found in zip((50, 90, 99, 100), quantiles):
            judge.equal(f"p{percent}", numpy.percentile(values, percent, method="inverted_cdf"), found)
        judge.equal("mean", numpy.mean(values), quantiles[4])
    print(f"{judge.compared} figures of {len(given['evaluations'])} evaluations and of tests, intervals, and percentiles, "
          f"largest difference {judge.worst:.1e}")


def mcnemar(lost, gained):
    count = lost + gained
    if count == 0:
        return 1.0
    if count <= 1000:
        return stats.binomtest(lost, count, 0.5).pvalue
    return stats.chi2.sf(max(0, abs(lost - gained) - 1) ** 2 / count, 1)


def arrays(case, photographs):
    names = case["classes"]
    probabilities = numpy.array([each["probabilities"] for each in photographs])
    truth = numpy.array([names.index(each["label"]) for each in photographs])
    return truth, probabilities, probabilities.argmax(axis=1)


def compare_evaluation(judge, name, case, figure):
    names = case["classes"]
    truth, probabilities, predicted = arrays(case, case["photographs"])
    judge.equal(f"{name}: top 1", metrics.accuracy_score(truth, predicted), figure["top1"]["value"])
    if len(names) > 5:
        expected = metrics.top_k_accuracy_score(truth, probabilities, k=5, labels=range(len(names)))
        judge.equal(f"{name}: top 5", expected, figure["top5"]["value"])
    elif "top5" in figure:
        sys.exit(f"{name}: top 5 of {len(names)} classes")
    for average in ("macro", "weighted"):
        expected = metrics.precision_recall_fscore_support(truth, predicted, average=average, zero_division=0)
        for metric, value in zip(("precision", "recall", "f1"), expected):
            judge.equal(f"{name}: {average} {metric}", value, figure[average][metric])
    compare_classes(judge, name, names, truth, predicted, figure)
    judge.equal(f"{name}: log loss", metrics.log_loss(truth, probabilities, labels=range(len(names))), figure["logLoss"])
    compare_calibration(judge, name, truth, probabilities, predicted, figure)
    if "old" in case:
        compare_old(judge, name, case, truth, predicted, figure["comparison"])


def compare_classes(judge, name, names, truth, predicted, figure):
    labels = sorted(set(truth) | set(predicted))
    rows = {row["class"]: row for row in figure["classes"]}
    if sorted(rows) != sorted(names[label] for label in labels):
        sys.exit(f"{name}: other classes")
    expected = metrics.precision_recall_fscore_support(truth, predicted, labels=labels, zero_division=numpy.nan)
    for label, precision, recall, f1, support in zip(labels, *expected):
        row = rows[names[label]]
        for metric, value in (("precision", precision), ("recall", recall)):
            if math.isnan(value):
                if metric in row:
                    sys.exit(f"{name}: {metric} of {names[label]} is undefined")
            else:
                judge.equal(f"{name}: {metric} of {names[label]}", value, row[metric])
        judge.equal(f"{name}: F1 of {names[label]}", 0 if math.isnan(f1) else f1, row["f1"])
        judge.equal(f"{name}: labels of {names[label]}", support, row["labeled"])
    matrix = numpy.zeros((len(names), len(names)), int)
    for cell in figure["confusion"]:
        matrix[names.index(cell["label"]), names.index(cell["class"])] = cell["count"]
    if (matrix != metrics.confusion_matrix(truth, predicted, labels=range(len(names)))).any():
        sys.exit(f"{name}: another confusion matrix")


def compare_calibration(judge, name, truth, probabilities, predicted, figure):
    confidence = probabilities.max(axis=1)
    right = (truth == predicted).astype(float)
    # (m - 1)/15 < p <= m/15, by the same division that the definition has.
    edges = numpy.arange(BINS + 1) / BINS
    bins = numpy.clip(numpy.searchsorted(edges, confidence, side="left") - 1, 0, BINS - 1)
    error = 0.0
    for index, found in enumerate(figure["calibration"]):
        chosen = bins == index
        judge.equal(f"{name}: photographs of bin {index}", chosen.sum(), found["count"])
        if chosen.any():
            judge.equal(f"{name}: accuracy of bin {index}", right[chosen].mean(), found["accuracy"])
            judge.equal(f"{name}: probability of bin {index}", confidence[chosen].mean(), found["probability"])
            error += chosen.mean() * abs(right[chosen].mean() - confidence[chosen].mean())
    judge.equal(f"{name}: calibration error", error, figure["expectedCalibrationError"])
    if len(set(right)) == 2 and not numpy.isin(confidence, edges).any():
        accuracies, means = calibration.calibration_curve(right, confidence, n_bins=BINS)
        filled = [bin for bin in figure["calibration"] if bin["count"]]
        for found, accuracy, mean in zip(filled, accuracies, means, strict=True):
            judge.equal(f"{name}: calibration_curve", accuracy, found["accuracy"])
            judge.equal(f"{name}: calibration_curve", mean, found["probability"])


def compare_old(judge, name, case, truth, predicted, figure):
    _, _, before = arrays(case, case["old"])
    lost = int(((before == truth) & (predicted != truth)).sum())
    gained = int(((before != truth) & (predicted == truth)).sum())
    judge.equal(f"{name}: lost", lost, figure["mcnemar"]["lost"])
    judge.equal(f"{name}: gained", gained, figure["mcnemar"]["gained"])
    judge.equal(f"{name}: p", mcnemar(lost, gained), figure["mcnemar"]["p"])
    judge.equal(f"{name}: flips", (before != predicted).mean(), figure["flips"]["value"])
    changed = {case["photographs"][row]["key"] for row in numpy.flatnonzero(before != predicted)}
    if {change["key"] for change in figure["changes"]} != changed:
        sys.exit(f"{name}: other photographs have another class")


def main():
    command, path = sys.argv[1], pathlib.Path(sys.argv[2])
    if command == "cases":
        path.write_text(json.dumps(cases()))
    else:
        compare(json.loads(path.read_text()), json.loads(pathlib.Path(sys.argv[3]).read_text()))


main()
