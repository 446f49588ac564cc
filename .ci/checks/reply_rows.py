"""Generates rows of probabilities and of logits, lets the function's readers interpret them, and judges every one.

    python reply_rows.py PROGRAM COUNT

A row of probabilities must come back as it was written, a row of logits as its softmax in extended precision. Anything
else is a misreading. Prints a table by kind, format, and number of classes.
"""

import collections
import json
import struct
import subprocess
import sys
import threading

import numpy

SEED = 20261126
BATCH = 500
CLASSES = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20, 50, 100, 133, 200, 500, 1000, 10000]
WEIGHTS = [6, 5, 5, 5, 4, 4, 4, 6, 12, 6, 6, 6, 6, 5, 5, 6, 4, 3, 1.8, 0.2]
FORMATS = ["float32", "shortest float32", "binary16", "bfloat16", 2, 3, 4, 5, 6]


def bfloat16(values):
    """Round to nearest, ties to even."""
    bits = values.astype(numpy.float32).view(numpy.uint32).astype(numpy.uint64)
    bits = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
    return bits.astype(numpy.uint32).view(numpy.float32)


def written(values, form):
    """The numbers' texts as a server writes them, and what they stand for."""
    if form == "float32":
        numbers = values.astype(numpy.float32).astype(float).tolist()
    elif form == "shortest float32":
        texts = [str(value) for value in values.astype(numpy.float32)]
        return texts, [float(text) for text in texts]
    elif form == "binary16":
        numbers = values.astype(numpy.float16).astype(float).tolist()
    elif form == "bfloat16":
        numbers = bfloat16(values).astype(float).tolist()
    else:
        numbers = [round(value, form) for value in values.tolist()]
    return [json.dumps(number) for number in numbers], numbers


def softmax(values):
    exponentials = numpy.exp(numpy.asarray(values, numpy.longdouble) - max(values))
    return exponentials / exponentials.sum()


def softmax32(values):
    exponentials = numpy.exp((values - values.max()).astype(numpy.float32))
    return exponentials / exponentials.sum()


def row(random):
    count = int(random.choice(CLASSES, p=numpy.array(WEIGHTS) / sum(WEIGHTS)))
    form = FORMATS[random.integers(len(FORMATS))]
    deviation = float(numpy.exp(random.uniform(numpy.log(0.5), numpy.log(12))))
    # Half of the networks have a bias.
    mean = random.uniform(-3, 3) if random.random() < 0.5 else 0.0
    values = random.normal(mean, deviation, count)
    kind = "probabilities" if random.random() < 0.5 else "logits"
    texts, numbers = written(softmax32(values) if kind == "probabilities" else values, form)
    return kind, form, count, f"[[{', '.join(texts)}]]", numbers


def verdict(kind, numbers, answer):
    if answer is None:
        return "refused"
    expected = numbers if kind == "probabilities" else softmax(numbers)
    if len(answer) != len(numbers):
        return "misread"
    # A rounded probability may be a little over 1.
    difference = numpy.abs(numpy.minimum(numpy.asarray(expected, numpy.longdouble), 1) - answer).max()
    return "read" if difference <= 1e-12 else "misread"


def answers(stream, count):
    for _ in range(count):
        (length,) = struct.unpack("<i", stream.read(4))
        yield None if length < 0 else numpy.frombuffer(stream.read(8 * length), "<f8")


def classes(count):
    return "2–9" if count < 10 else "10–99" if count < 100 else "100–999" if count < 1000 else "1,000+"


def main(program, total):
    random = numpy.random.default_rng(SEED)
    process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={})
    tally = collections.defaultdict(collections.Counter)
    for start in range(0, total, BATCH):
        rows = [row(random) for _ in range(min(BATCH, total - start))]
        text = "".join(body + "\n" for *_, body, _ in rows).encode()

        def send(text=text):
            process.stdin.write(text)
            process.stdin.flush()

        sender = threading.Thread(target=send)
        sender.start()
        for (kind, form, count, body, numbers), answer in zip(rows, answers(process.stdout, len(rows))):
            result = verdict(kind, numbers, answer)
            name = f"{form} decimals" if isinstance(form, int) else form
            tally[kind, classes(count), name][result] += 1
            tally[kind, classes(count), "all"][result] += 1
            if result == "misread" and (kind == "probabilities" or count >= 10):
                print(f"misread {kind}, {name}: {body[:300]}")
        sender.join()
    process.stdin.close()
    process.wait()
    print("kind            classes   format              rows     read  refused  misread")
    for (kind, size, name), counts in sorted(tally.items()):
        print(
            f"{kind:14}  {size:8}  {name:17} {counts.total():>7}  {counts['read'] / counts.total():7.2%}"
            f"  {counts['refused'] / counts.total():7.2%}  {counts['misread']:>7}"
        )
    counts = [tally[key]["misread"] for key in tally if key[2] == "all" and (key[0] == "probabilities" or key[1] != "2–9")]
    few = tally["logits", "2–9", "all"]
    print(f"logits of fewer than 10 classes that were misread: {few['misread']} of {few.total()} ({few['misread'] / few.total():.4%})")
    print(f"misread otherwise: {sum(counts)} of {total - few.total()}")
    sys.exit(sum(counts) > 0 or process.returncode != 0)


main(sys.argv[1], int(sys.argv[2]))
