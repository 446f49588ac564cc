"""A stream of results without end: documents by their number, a scripted S3 that serves any number of them, and the parts
of an export of them."""

import gzip
import json
import os
import urllib.parse

from loopback import Handler, Server

START = 1_790_000_000  # Unix seconds of the first result
SECONDS = 7  # between two results of a million
PREFIX = "results/photos/"


def image_key(number):
    return f"uploads/{number:09d}.jpg"


def written(number):
    """Unix seconds."""
    return START + number * SECONDS % 2_000_000


def time_text(seconds):
    import datetime
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def document(number, classes=3):
    """As the function writes it, with as many of 133 classes as asked for."""
    best = number * 7919 % 133
    probability = (number * 104_729 % 9973 + 1) / 9974
    rest = (1 - probability) / 200
    ranking = [(best, probability)] + [((best + step) % 133, rest / step) for step in range(1, classes)]
    listed = ",".join(f'{{"class":"{name:03d}.Breed_{name}","probability":{value!r}}}' for name, value in ranking)
    return (
        f'{{"endpoint":"dog-breeds","variant":"AllTraffic","requestId":"{number:032x}","s3Milliseconds":{number % 97},'
        f'"endpointMilliseconds":{20 + number * 31 % 1009},"source":{{"bucket":"photos","key":"{image_key(number)}",'
        f'"eTag":"{number:032x}"}},"class":"{best:03d}.Breed_{best}","probability":{probability!r},'
        f'"probabilities":[{listed}]}}')


class S3(Handler):
    """ListObjectsV2 and GetObject over documents that exist only while they are asked for."""

    def do_GET(self):
        path, _, query = self.path.partition("?")
        parameters = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        if "list-type" in parameters:
            return self.list(parameters)
        name = urllib.parse.unquote(path).rsplit("/", 1)[1]
        number = int(name.split(".")[0])
        self.server.reads += 1
        return self.answer(200, document(number, self.server.classes).encode(), [("ETag", f'"{number:032x}"')])

    def list(self, parameters):
        assert (PREFIX + "uploads/").startswith(parameters["prefix"]), parameters
        first = 0
        if after := parameters.get("continuation-token") or parameters.get("start-after"):
            first = int(after.rsplit("/", 1)[1].split(".")[0]) + 1
        last = min(first + 1000, self.server.count)
        rows = "".join(
            f"<Contents><Key>{PREFIX}{image_key(number)}.json</Key><LastModified>{self.server.times[written(number) - START]}"
            f'</LastModified><ETag>"{number:032x}"</ETag><Size>{self.server.size}</Size><StorageClass>STANDARD</StorageClass></Contents>'
            for number in range(first, last))
        more = last < self.server.count
        token = f"<NextContinuationToken>{PREFIX}{image_key(last - 1)}.json</NextContinuationToken>" if more else ""
        self.answer(200, (
            f"<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>{str(more).lower()}</IsTruncated>{token}{rows}"
            "</ListBucketResult>").encode(), [("Content-Type", "application/xml")])


class Times(dict):
    """Texts of times, made once."""

    def __missing__(self, offset):
        text = self[offset] = time_text(START + offset)
        return text


def serve(count, classes=3):
    server = Server(S3)
    server.count, server.classes, server.reads, server.times = count, classes, 0, Times()
    server.size = len(document(0, classes))
    return server


def write_parts(folder, count, per_part=100_000):
    """An export as inferencectl writes it, without its million GETs."""
    os.makedirs(folder)
    times, parts = Times(), []
    for start in range(0, count, per_part):
        name, numbers = f"part-{start // per_part:05d}.jsonl.gz", range(start, min(count, start + per_part))
        with gzip.open(os.path.join(folder, name), "wt", compresslevel=1, encoding="utf-8") as part:
            for number in numbers:
                head = f'{{"resultKey":"{PREFIX}{image_key(number)}.json","written":"{times[written(number) - START]}",'
                part.write(head + document(number)[1:] + "\n")
        parts.append({
            "name": name, "results": len(numbers), "bytes": os.path.getsize(os.path.join(folder, name)),
            "lastKey": f"{PREFIX}{image_key(numbers[-1])}.json"})
    with open(os.path.join(folder, "export.json"), "w", encoding="utf-8") as state:
        json.dump({"scope": {"results": "s3://kept/results/"}, "isComplete": True, "parts": parts}, state)
