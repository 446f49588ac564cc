"""What a served model answers, against the report of its training.

    served.py answers URL REPORT                    the container's own answers, of every held-out photograph and to wrong requests
    served.py dead URL REPORT                       a model that cannot load: healthy by /ping, and no answer to a photograph
    served.py events URL REPORT LABELS PROGRAM FOLDER   S3 events through local-invoke (PROGRAM) and the real bootstrap

Exit status 1 and a sentence when something differs.
"""

import io
import json
import os
import pathlib
import subprocess
import sys
import urllib.error
import urllib.request

from PIL import Image, PngImagePlugin

# The same sums in another order (a batch of one); the largest of the logits are about 10.
MAXIMUM_DIFFERENCE = 1e-3
LARGE_BYTES = 8_000_000
failures = []


def expect(condition, text):
    if not condition:
        failures.append(text)


def ask(url, body, content_type, accept="application/json"):
    """(status, Content-Type, body)"""
    request = urllib.request.Request(f"{url}/invocations", body, {"Content-Type": content_type, "Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, response.headers["Content-Type"], response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read()


def without_loss(data, kind, padding):
    image, comment = io.BytesIO(), PngImagePlugin.PngInfo()
    if padding:
        comment.add(b"prIv", bytes(padding))
    options = {"pnginfo": comment} if kind == "PNG" else {"lossless": True}
    Image.open(io.BytesIO(data)).save(image, kind, **options)
    return image.getvalue()


def answers(url, report):
    photographs, classes = report["test"]["photographs"], list(report["classes"])
    largest = 0.0
    for photograph in photographs:
        status, _, body = ask(url, pathlib.Path(photograph["file"]).read_bytes(), "image/jpeg")
        if status != 200:
            failures.append(f"{photograph['file']}: {status} {body[:200]}")
            continue
        difference = max(abs(a - b) for a, b in zip(json.loads(body)[0], photograph["logits"], strict=True))
        largest = max(largest, difference)
    expect(largest <= MAXIMUM_DIFFERENCE, f"a served logit differs by {largest} from training's")
    data, logits = pathlib.Path(photographs[0]["file"]).read_bytes(), photographs[0]["logits"]
    # Without loss, and one that is above TorchServe's own limit: padded by a chunk that readers skip.
    for kind, padding in [("PNG", 0), ("WEBP", 0), ("PNG", LARGE_BYTES)]:
        status, _, body = ask(url, without_loss(data, kind, padding), f"image/{kind.lower()}")
        same = status == 200 and max(abs(a - b) for a, b in zip(json.loads(body)[0], logits)) <= MAXIMUM_DIFFERENCE
        expect(same, f"{kind} with {padding} more bytes: {status} {body[:200]}")
    status, content_type, body = ask(url, data, "application/x-image", "application/json;verbose")
    verbose = json.loads(body)
    expect(
        status == 200 and content_type == "application/json" and verbose["labels"] == classes and abs(sum(verbose["probabilities"]) - 1) < 1e-9
        and verbose["predicted_label"] == classes[logits.index(max(logits))], f"verbose: {status} {body[:200]}")
    status, content_type, body = ask(url, data, "image/jpeg", "text/csv")
    expect(status == 200 and content_type == "text/csv" and len(body.split(b",")) == len(classes), f"CSV: {status} {body[:200]}")
    for expected, body, content_type, accept in [
        (415, data, "image/gif", "application/json"),
        (400, data[:500], "image/jpeg", "application/json"),
        (400, b'{"url": "http://127.0.0.1/photo.jpg"}', "application/json", "application/json"),
        (400, b"{", "application/json", "application/json"),
        (406, data, "image/jpeg", "text/html"),
    ]:
        status, _, answer = ask(url, body, content_type, accept)
        expect(status == expected, f"{content_type}, Accept {accept}: {status}, not {expected}: {answer[:200]}")
    print(f"{len(photographs)} held-out photographs: served logits equal training's to {largest:.1e}; PNG, WebP, 8 MB, CSV, verbose, 400, 406, 415 as they should")


def dead(url, report):
    with urllib.request.urlopen(f"{url}/ping", timeout=60) as response:
        health = json.load(response)["status"]
    status, _, body = ask(url, pathlib.Path(report["test"]["photographs"][0]["file"]).read_bytes(), "image/jpeg")
    expect(status >= 500, f"a model that cannot load answers {status}: {body[:200]}")
    print(f"a model that cannot load: /ping says {health}, an invocation {status}")


def event(bucket, key, size):
    name = {"name": bucket, "arn": f"arn:aws:s3:::{bucket}"}
    item = {"key": key, "size": size, "eTag": "0" * 32, "sequencer": "0065F1A2B3C4D5E6F7"}
    s3 = {"s3SchemaVersion": "1.0", "configurationId": "photographs", "bucket": name, "object": item}
    record = {"eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "us-east-1", "eventName": "ObjectCreated:Put", "s3": s3}
    return {"Records": [{**record, "eventTime": "2026-11-22T10:15:30.123Z"}]}


def events(url, report, labels, program, folder):
    """One photograph of each class that the model had right in training's test, as JPEG and PNG, by either Accept."""
    classes = pathlib.Path(labels).read_text(encoding="utf-8").splitlines()
    right = {}
    for photograph in report["test"]["photographs"]:
        logits = photograph["logits"]
        if classes[logits.index(max(logits))] == photograph["class"]:
            right.setdefault(photograph["class"], photograph["file"])
    expect(sorted(right) == classes, f"no held-out photograph is right in {set(classes) - set(right)}")
    uploads = folder / "objects/photographs/held-out"
    uploads.mkdir(parents=True, exist_ok=True)
    for index, (label, file) in enumerate(right.items()):
        kind, accept = ("PNG", "application/json;verbose") if index % 2 else ("JPEG", "application/json")
        upload = uploads / f"{index}.{kind.lower()}"
        if kind == "PNG":
            Image.open(file).save(upload)
        else:
            upload.write_bytes(pathlib.Path(file).read_bytes())
        path = folder / "event.json"
        path.write_text(json.dumps(event("photographs", f"held-out/{upload.name}", upload.stat().st_size)))
        command = [program, path, "--container", url, "--labels", labels, "--objects", folder / "objects"]
        # As the documentation says for these models; the verbose answer names its probabilities.
        output = "auto" if accept.endswith("verbose") else "logits"
        environment = {**os.environ, "ENDPOINT_ACCEPT": accept, "MODEL_OUTPUT": output}
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, env=environment, timeout=120)
        if done.returncode != 0:
            failures.append(f"local-invoke of {file}: exit status {done.returncode}: {done.stderr[-600:]}")
            continue
        (result,) = json.loads(json.loads(done.stdout)["body"])["results"]
        named = [entry["class"] for entry in result["probabilities"]]
        expect(result["class"] == label and sorted(named) == classes, f"{file}: {result['class']} among {named}, not {label}")
        print(f"{pathlib.Path(file).parent.name}/{pathlib.Path(file).name} as {kind}, {accept}: {result['class']} {result['probability']:.4f}")


def main():
    command, url, report = sys.argv[1], sys.argv[2], json.loads(pathlib.Path(sys.argv[3]).read_text(encoding="utf-8"))
    if command == "answers":
        answers(url, report)
    elif command == "dead":
        dead(url, report)
    else:
        events(url, report, sys.argv[4], sys.argv[5], pathlib.Path(sys.argv[6]))
    if failures:
        sys.exit("\n".join(failures))


if __name__ == "__main__":
    main()
