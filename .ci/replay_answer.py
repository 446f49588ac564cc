"""Is this the answer of README's first command? usage: replay_answer.py ANSWER"""

import json
import math
import sys


def main(path):
    with open(path) as file:
        answer = json.load(file)
    assert set(answer) == {"statusCode", "headers", "isBase64Encoded", "body"}, sorted(answer)
    assert answer["statusCode"] == 200, answer["statusCode"]
    results = json.loads(answer["body"])["results"]
    assert len(results) == 1, len(results)
    best, probabilities = results[0]["class"], results[0]["probabilities"]
    values = [entry["probability"] for entry in probabilities]
    assert "german shepherd" in best.lower().replace("_", " "), best
    assert results[0]["probability"] == values[0] >= 0.9, values[0]
    assert probabilities[0]["class"] == best, probabilities[0]
    assert len({entry["class"] for entry in probabilities}) == len(values) == 118, len(values)
    assert all(0 <= value <= 1 for value in values) and values == sorted(values, reverse=True)
    assert abs(math.fsum(values) - 1) < 1e-9, math.fsum(values)
    print(f"{best} {values[0]:.4f}, 118 probabilities, their sum differs from 1 by {abs(math.fsum(values) - 1):.1e}")


if __name__ == "__main__":
    main(sys.argv[1])
