"""Writes random requests with the signatures of botocore and awscrt, a JSON document a line.

usage: signature_differential.py COUNT SEED OUTPUT

The two must agree with each other before our own signer is asked.
"""

import base64
import json
import random
import sys

import signature_oracle as oracle

REGIONS = ["us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1", "ap-southeast-2"]
METHODS = ["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS"]
KEY_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
QUERY_ALPHABET = "abcXYZ019-_.~ +%&=?/#:;@!$'()*,[]\"<>\\^`{|}üßé日本語🐕\t\n"
VALUE_ALPHABET = "abc XYZ  019-_.~+%&=?/#:;@!$'()*,[]\"<>\\^`{|}\t"
HEADER_NAMES = [
    "Accept", "Content-Type", "Range", "X-Amz-Meta-Note", "x-amz-acl", "X-Amzn-Sagemaker-Custom-Attributes",
    "If-None-Match", "Cache-Control", "User-Agent", "X-Amzn-Trace-Id", "Expect", "TE", "MY-HEADER"]


def text(rng, alphabet, longest):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(0, longest)))


def segment(rng):
    kind = rng.random()
    if kind < 0.15:
        return rng.choice([b"", b".", b"..", b"...", b".hidden", b"a..b"])
    if kind < 0.45:
        return bytes(rng.randrange(256) for _ in range(rng.randint(1, 12)))
    return text(rng, QUERY_ALPHABET, 12).encode()


def query(rng):
    pairs = []
    for _ in range(rng.choice([0, 0, 1, 2, 4, 7])):
        name = text(rng, QUERY_ALPHABET, 6) or "versions"
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            pairs.append([name, rng.choice(["", text(rng, QUERY_ALPHABET, 12)])])
    rng.shuffle(pairs)
    return pairs


def headers(rng):
    fields = [["Host", rng.choice(["example.amazonaws.com", "127.0.0.1:9000", "b.s3.eu-west-1.amazonaws.com"])]]
    for name in rng.sample(HEADER_NAMES, rng.randint(0, 6)):
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            fields.append([name, text(rng, VALUE_ALPHABET, 30)])
    rng.shuffle(fields)
    return fields


def random_case(rng, number):
    style = rng.choice(["s3", "standard"])
    body = rng.randbytes(rng.choice([0, 0, 1, 55, 64, 300]))
    time = "%04d%02d%02dT%02d%02d%02dZ" % (
        rng.randint(2012, 2100), rng.randint(1, 12), rng.randint(1, 28),
        rng.randrange(24), rng.randrange(60), rng.randrange(60))
    return {
        "name": f"random {number}",
        "form": rng.choice(["header", "presigned"]),
        "style": style,
        "method": rng.choice(METHODS),
        "path": base64.b64encode(
            b"/" + b"/".join(segment(rng) for _ in range(rng.randint(0, 6)))).decode(),
        "query": query(rng),
        "headers": headers(rng),
        "body": base64.b64encode(body).decode(),
        "unsignedPayload": style == "s3" and rng.random() < 0.2,
        "accessKeyID": "AKIA" + "".join(rng.choice(KEY_ALPHABET[:26]) for _ in range(16)),
        "secretAccessKey": "".join(
            rng.choice(KEY_ALPHABET) for _ in range(rng.choice([1, 40, 40, 60, 61, 100]))),
        "sessionToken": rng.choice(
            ["", "", "".join(rng.choice(KEY_ALPHABET) for _ in range(rng.randint(1, 400)))]),
        "region": rng.choice(REGIONS),
        "service": "s3" if style == "s3" else rng.choice(["sagemaker", "lambda", "sts"]),
        "time": time,
        "expires": rng.choice([1, 60, 3600, 604800]),
    }


def main(count, seed, output):
    rng = random.Random(seed)
    with open(output, "w", encoding="utf-8") as lines:
        for number in range(count):
            case = random_case(rng, number)
            case.update(oracle.sign_with_botocore(case))
            crt = oracle.sign_with_awscrt(case)
            if crt != case["signature"]:
                sys.exit(f"botocore and awscrt disagree: {json.dumps(case, indent=1)}")
            lines.write(json.dumps(case) + "\n")
    print(f"botocore and awscrt agree on {count} requests (seed {seed})")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
