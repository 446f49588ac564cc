"""Probabilities that are as often right as they say: one temperature for all logits (Guo et al., https://arxiv.org/abs/1706.04599),
and how far they are from it.
"""

import math

import torch
from torch.nn import functional

BINS = 10
MINIMUM, MAXIMUM = 0.1, 10.0
# Of the logarithm of the temperature: a few validation photographs that are all right do not make a model certain.
PRIOR_DEVIATION = 0.35


def temperature(logits, labels):
    """What to divide logits by: the most likely value given validation photographs and a normal prior around 1 for its logarithm."""
    logits, labels = logits.double(), labels.cpu()

    def cost(logarithm):
        loss = functional.cross_entropy(logits / math.exp(logarithm), labels, reduction="sum").item()
        return loss + logarithm**2 / (2 * PRIOR_DEVIATION**2)

    # Golden-section search: the cost has one minimum, to far below what validation can tell.
    low, high, golden = math.log(MINIMUM), math.log(MAXIMUM), (math.sqrt(5) - 1) / 2
    for _ in range(60):
        first, second = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, second) if cost(first) < cost(second) else (first, high)
    return round(math.exp((low + high) / 2), 4)


def measure(logits, labels):
    """Loss, expected calibration error, and what it is made of: in each bin of confidence, how often the answer is right."""
    probabilities = torch.softmax(logits.double(), 1)
    confidence, answers = probabilities.max(1)
    right = (answers == labels.cpu()).double()
    index = (confidence * BINS).long().clamp(max=BINS - 1)
    bins, error = [], 0.0
    for number in range(BINS):
        chosen = index == number
        count = int(chosen.sum())
        means = (confidence[chosen].mean().item(), right[chosen].mean().item()) if count else (None, None)
        bins.append({"from": number / BINS, "to": (number + 1) / BINS, "count": count, "confidence": means[0], "accuracy": means[1]})
        error += count * abs(means[0] - means[1]) / len(labels) if count else 0.0
    return {"ece": error, "loss": functional.cross_entropy(logits.double(), labels.cpu()).item(), "bins": bins}


def before_and_after(logits, labels, divisor):
    return {"before": measure(logits, labels), "after": measure(logits / divisor, labels)}
