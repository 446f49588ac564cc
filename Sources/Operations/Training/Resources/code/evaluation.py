"""What the test photographs say, and how little a few of them say."""

import math

import torch

# Of the normal distribution, for 95 % in the middle.
DEVIATIONS = 1.959963984540054
MAXIMUM_CONFUSIONS = 20


def interval(right, count):
    """Wilson's: [low, high] of a share that is `right` of `count`, or None without any."""
    if not count:
        return None
    share, square = right / count, DEVIATIONS**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = DEVIATIONS / (1 + square / count) * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    return [max(0.0, middle - half), min(1.0, middle + half)]


def of_test(photographs, classes, logits, loss):
    """The report's part on test; `logits` as they are served."""
    probabilities = torch.softmax(logits.double(), 1)
    labels = torch.tensor([photograph.label for photograph in photographs])
    answers = logits.argmax(1)
    right = int((answers == labels).sum())
    confusion = torch.zeros(len(classes), len(classes), dtype=torch.long)
    confusion.index_put_((labels, answers), torch.ones(len(labels), dtype=torch.long), accumulate=True)
    return {
        "loss": loss,
        "accuracy": right / len(labels),
        "interval": interval(right, len(labels)),
        "top5": _top(5, logits, labels) if len(classes) > 5 else None,
        "classes": [_of_class(name, row[label], sum(row)) for label, (name, row) in enumerate(zip(classes, confusion.tolist()))],
        "confusion": confusion.tolist(),  # [right class][predicted class]
        "confusions": _confusions(confusion, classes),
        "worst": _worst(photographs, classes, probabilities, labels, answers),
        "photographs": [
            {"file": str(photograph.path), "class": classes[photograph.label], "logits": row} for photograph, row in zip(photographs, logits.tolist())
        ],
    }


def _top(count, logits, labels):
    right = int((logits.topk(count, 1).indices == labels[:, None]).any(1).sum())
    return {"accuracy": right / len(labels), "interval": interval(right, len(labels))}


def _of_class(name, right, count):
    return {"class": name, "photographs": count, "right": right, "recall": right / count if count else None, "interval": interval(right, count)}


def _confusions(confusion, classes):
    pairs = [(-confusion[label, answer].item(), label, answer) for label, answer in confusion.nonzero().tolist() if label != answer]
    return [{"class": classes[label], "predicted": classes[answer], "count": -count} for count, label, answer in sorted(pairs)[:MAXIMUM_CONFUSIONS]]


def _worst(photographs, classes, probabilities, labels, answers):
    """Wrong answers, the most certain first."""
    wrong = (answers != labels).nonzero().flatten().tolist()
    wrong.sort(key=lambda index: (-probabilities[index, answers[index]].item(), photographs[index].name))
    return [
        {
            "file": str(photographs[index].path), "class": classes[labels[index]], "predicted": classes[answers[index]],
            "probability": probabilities[index, answers[index]].item(), "class_probability": probabilities[index, labels[index]].item(),
        }
        for index in wrong[:MAXIMUM_CONFUSIONS]
    ]
