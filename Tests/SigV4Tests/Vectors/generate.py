"""Writes the committed vectors beside this file: requests of our own, signed by botocore.

usage, from the repository's root (the environment is made by .ci/checks/signature-differential.sh):
    .build-ci/venv-signing/bin/python Tests/SigV4Tests/Vectors/generate.py

Provenance: the requests were written for this project; canonical request, string to sign, signature,
target and headers are what botocore 1.44.5 (Apache-2.0) made of them, and awscrt 0.38.1 gave the same
signatures. The keys are AWS's documentation examples or invented.
"""

import base64
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parents[2] / ".ci" / "checks"))
import signature_oracle as oracle  # noqa: E402

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "AQoDYXdzEPT//////////wEXAMPLEtoken+with/odd=characters=="
S3_HOST = "images.s3.eu-central-1.amazonaws.com"
ENDPOINT = "/endpoints/dog-breeds/invocations"
ARN = "/2015-03-31/functions/arn:aws:lambda:eu-central-1:123456789012:function:classify/invocations"
JPEG = b"\xff\xd8\xff\xd9"


def case(name, style, path, **changes):
    """A request; `changes` are members of the case, with raw bytes for path and body."""
    service = "s3" if style == "s3" else changes.pop("service", "sagemaker")
    host = S3_HOST if style == "s3" else f"{service}.eu-central-1.amazonaws.com"
    host = changes.pop("host", host)
    result = {
        "name": name, "form": "header", "style": style, "method": "GET", "query": [],
        "headers": [["Host", host]], "unsignedPayload": False, "accessKeyID": "AKIDEXAMPLE",
        "secretAccessKey": SECRET, "sessionToken": "", "region": "eu-central-1",
        "service": service, "time": "20231103T200516Z", "expires": 900}
    body = changes.pop("body", b"")
    result["headers"] = result["headers"] + changes.pop("headers", [])
    result.update(changes)
    path = path if isinstance(path, bytes) else path.encode()
    result["path"] = base64.b64encode(path).decode()
    result["body"] = base64.b64encode(body).decode()
    return result


KEYS = {
    "plain": "photos/dog.jpg", "space": "my dog.jpg", "plus": "a+b.jpg", "percent": "100%.jpg",
    "encoded percent": "a%20b.jpg", "equals and ampersand": "a=b&c.jpg", "double slash": "a//b.jpg",
    "leading slash": "/a.jpg", "dot segments": "a/../b/./c.jpg", "only dots": "..",
    "trailing slash": "folder/", "umlaut": "Schäferhund ü.jpg", "emoji": "🐕.jpg",
    "decomposed umlaut": "a\u0308.jpg", "question mark and hash": "what?#1.jpg",
    "tilde": "~user/-_.~", "colon and at": "a:b@c;d,e", "brackets": "[a]{b}(c)<d>'\"\\^`|!*$",
}
QUERIES = {
    "version": [["versionId", "3HL4kqtJlcpXrof3vjVBH40Nrjfkd"]],
    "valueless": [["versions", ""]],
    "repeated": [["b", "2"], ["a", "z"], ["a", "b"], ["a", ""]],
    "sorted after encoding": [["a-b", "1"], ["a", "1"], ["aé", "1"], ["aZ", "1"], ["a b", "1"]],
    "odd values": [["prefix", "a b+c%/ü=&?"], ["marker", "\t\n~"]],
    "prefix of another": [["Param", "2"], ["Param-3", "3"], ["Param3", "1"]],
}


def s3_cases():
    for name, key in KEYS.items():
        yield case(f"s3 key {name}", "s3", "/" + key)
    yield case("s3 key every byte", "s3", b"/" + bytes(range(256)))
    for name, query in QUERIES.items():
        yield case(f"s3 query {name}", "s3", "/dog.jpg", query=query)
    for name in ("plain", "space", "double slash", "dot segments", "emoji", "percent"):
        yield case(f"s3 presigned key {name}", "s3", "/" + KEYS[name], form="presigned")
    for name in ("version", "valueless", "repeated", "odd values"):
        yield case(f"s3 presigned query {name}", "s3", "/k", form="presigned", query=QUERIES[name])
    token = {"sessionToken": TOKEN, "accessKeyID": "ASIDEXAMPLE"}
    yield case("s3 with token", "s3", "/dog.jpg", **token)
    yield case("s3 presigned with token", "s3", "/dog.jpg", form="presigned", **token)
    yield case("s3 presigned for a week", "s3", "/dog.jpg", form="presigned", expires=604800)
    yield case("s3 presigned put with header", "s3", "/dog.jpg", form="presigned", method="PUT",
               headers=[["Content-Type", "image/jpeg"]])
    yield case("s3 put", "s3", "/results/dog.json", method="PUT", body=b'{"class":"dog"}',
               headers=[["Content-Type", "application/json"], ["x-amz-meta-note", "  a   b "]])
    yield case("s3 put with unsigned payload", "s3", "/dog.jpg", method="PUT", body=JPEG,
               unsignedPayload=True)
    yield case("s3 host with port and path style", "s3", "/images/dog.jpg", host="127.0.0.1:9000",
               headers=[["Range", "bytes=0-1023"]])


def standard_cases():
    jpeg = [["Content-Type", "image/jpeg"], ["Accept", "application/json"]]
    token = {"sessionToken": TOKEN, "accessKeyID": "ASIDEXAMPLE"}
    post = {"method": "POST", "body": JPEG}
    yield case("sagemaker invoke", "standard", ENDPOINT, headers=jpeg, **post)
    yield case("sagemaker invoke with token", "standard", ENDPOINT, headers=jpeg, **post, **token)
    yield case("sagemaker custom attributes", "standard", ENDPOINT, **post, headers=jpeg + [
        ["X-Amzn-SageMaker-Custom-Attributes", "  trace=a   b  "]])
    yield case("sagemaker headers hops change", "standard", ENDPOINT, **post, headers=jpeg + [
        ["User-Agent", "swift"], ["X-Amzn-Trace-Id", "Root=1-2-3"], ["Expect", "100-continue"],
        ["Connection", "keep-alive"], ["TE", "trailers"], ["Transfer-Encoding", "chunked"]])
    yield case("sagemaker repeated header", "standard", ENDPOINT, **post, headers=[
        ["X-Note", "b"], ["Accept", "*/*"], ["x-note", " a  c "], ["X-NOTE", ""]])
    yield case("sagemaker presigned", "standard", ENDPOINT, form="presigned", **post)
    yield case("sagemaker presigned with token", "standard", ENDPOINT, form="presigned", **post,
               **token)
    yield case("lambda arn in path", "standard", ARN, service="lambda", **post)
    yield case("lambda arn in presigned path", "standard", ARN, service="lambda", form="presigned")
    for name in ("space", "percent", "encoded percent", "plus", "double slash", "dot segments",
                 "only dots", "trailing slash", "umlaut", "brackets"):
        yield case(f"standard path {name}", "standard", "/" + KEYS[name], service="lambda")
    yield case("standard path every byte", "standard", b"/" + bytes(range(256)), service="lambda")
    yield case("standard root", "standard", "/", service="sts")
    for name in ("repeated", "sorted after encoding", "odd values"):
        yield case(f"standard query {name}", "standard", "/", service="sts", query=QUERIES[name])
    for time in ("20240229T235959Z", "21000228T000000Z", "20000101T000000Z"):
        yield case(f"standard at {time}", "standard", "/", service="sts", time=time)
    yield case("standard long secret", "standard", "/", service="sts", secretAccessKey="k" * 100)
    yield case("standard empty body post", "standard", "/", service="sts", method="POST")


RELATIVE = {
    "parent": "/one/..", "parents": "/one/two/../..", "dot slash": "/./", "pointless dot": "/./one",
    "slashes": "//one//", "root": "/", "space": "/one two/", "dot between": "/one/./two/../three",
}
ORDER = [["b", "value3"], ["B", "value2"], ["a", "value1"], ["a b", "%"], ["b%20", "+"]]
FORM = [["Content-Type", "application/x-www-form-urlencoded"]]


def general_cases():
    """What any service may be sent, in both forms: the ground that AWS's own test suite covers."""
    requests = {}
    for name, path in RELATIVE.items():
        requests[f"path {name}"] = (path, {})
        requests[f"path {name} kept"] = (path, {"normalizesPath": False})
    note = "X-Note"
    requests |= {
        "plain": ("/", {}),
        "header repeated": ("/", {"headers": [[note, "b"], [note, "b"], ["X-Other", "a"]]}),
        "header values in order": ("/", {"headers": [[note, v] for v in ("4", "1", "3", "2")]}),
        "header on several lines": ("/", {"headers": [[note, "one\n  two\n     three"]]}),
        "header with spaces": ("/", {"headers": [[note, "  a  "], ["X-Other", ' "a   b   c" ']]}),
        "header names in any case": ("/", {"method": "POST", "headers": [["X-NOTE", "a"]]}),
        "header names in any order": (
            "/", {"method": "POST", "headers": [["X-b", "1"], ["x-A", "2"], ["X-1", "3"]]}),
        "header value in capitals": ("/", {"method": "POST", "headers": [[note, "VALUE"]]}),
        "path unreserved": ("/-._~0123456789ABCXYZabcxyz", {}),
        "path in Unicode": ("/\u1234\u00fc", {}),
        "query": ("/", {"query": [["Param1", "value1"]]}),
        "query empty name": ("/", {"query": [["", "value"]]}),
        "query unreserved": ("/", {"query": [["-._~09AZaz", "-._~09AZaz"]]}),
        "query in Unicode": ("/", {"query": [["\u1234", "bar \u00fc"]]}),
        "query in order of encoded names": ("/", {"query": ORDER}),
        "post": ("/", {"method": "POST"}),
        "post query": ("/", {"method": "POST", "query": [["Param1", "value1"]]}),
        "post query empty value": ("/", {"method": "POST", "query": [["Param1", ""]]}),
        "post form": ("/", {"method": "POST", "headers": FORM, "body": b"Param1=value1"}),
        "post form with charset": ("/", {
            "method": "POST", "body": b"Param1=value1",
            "headers": [["Content-Type", FORM[0][1] + "; charset=utf8"]]}),
    }
    token = {"sessionToken": TOKEN, "accessKeyID": "ASIDEXAMPLE"}
    requests["token"] = ("/", token)
    requests["token signed"] = ("/", token | {"method": "POST"})
    requests["token unsigned"] = ("/", token | {"method": "POST", "sessionTokenIsSigned": False})
    for name, (path, changes) in requests.items():
        for form in ("header", "presigned"):
            words = "general presigned" if form == "presigned" else "general"
            yield case(f"{words} {name}", "standard", path, form=form, service="service", **changes)


def write(name, cases):
    signed = []
    for item in cases:
        item.update(oracle.sign_with_botocore(item))
        if oracle.sign_with_awscrt(item) != item["signature"]:
            sys.exit(f"awscrt disagrees: {item['name']}")
        signed.append(item)
    lines = [json.dumps(item, ensure_ascii=True) for item in signed]
    (HERE / name).write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="ascii")
    print(f"{name}: {len(signed)} requests")


if __name__ == "__main__":
    write("s3.json", s3_cases())
    write("standard.json", standard_cases())
    write("general.json", general_cases())
