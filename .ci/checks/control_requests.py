"""Compares requests with those that botocore itself would send: method, URL, headers, body.

usage: control_requests.py REQUESTS

REQUESTS has a JSON document a line, written by Tests/AWSControlTests/Requests: a service, an operation and its
parameters in botocore's words, and the request as inferencectl would send it before it is signed.
"""

import base64
import json
import sys
import urllib.parse
import xml.etree.ElementTree

import botocore.session
from botocore.config import Config

# Of the signature, of the transport, or botocore's own story about itself. X-Amzn-Query-Mode asks SQS and CloudWatch
# for the error codes of their older protocol.
NOT_COMPARED = {
    "user-agent", "amz-sdk-invocation-id", "amz-sdk-request", "x-amz-date", "authorization", "content-length", "host",
    "x-amz-user-agent", "x-amzn-query-mode", "x-amz-content-sha256",
}


class Sent(Exception):
    def __init__(self, request):
        super().__init__("not really")
        self.request = request


def capture(request, **_):
    raise Sent(request)


def with_bytes(value):
    """`{"$bytes": "text"}` is bytes; all else stays."""
    if isinstance(value, dict):
        if list(value) == ["$bytes"]:
            return value["$bytes"].encode()
        return {key: with_bytes(member) for key, member in value.items()}
    return [with_bytes(member) for member in value] if isinstance(value, list) else value


def botocores(session, case):
    client = session.create_client(
        case["service"], region_name=case["region"], aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="secret",
        config=Config(
            retries={"max_attempts": 0},
            use_fips_endpoint="AWS_USE_FIPS_ENDPOINT" in case["variables"],
            use_dualstack_endpoint="AWS_USE_DUALSTACK_ENDPOINT" in case["variables"]))
    client.meta.events.register("before-send", capture)
    try:
        client._make_api_call(case["operation"], with_bytes(case["parameters"]))
    except Sent as sent:
        return sent.request
    raise AssertionError("botocore sent nothing")


def tree(element):
    """An element with its members by name: botocore writes them in the caller's order. Those of one name keep theirs."""
    return (element.tag, element.text or "", sorted((tree(member) for member in element), key=lambda member: member[0]))


def body(content, headers):
    """Members of an object have no order."""
    if not content:
        return None
    if "json" in headers.get("content-type", ""):
        return json.loads(content)
    if "urlencoded" in headers.get("content-type", ""):
        return sorted(urllib.parse.parse_qsl(content.decode(), keep_blank_values=True))
    if content.startswith(b"<"):
        return tree(xml.etree.ElementTree.fromstring(content))
    return content


def parts(method, url, headers, content):
    headers = {
        name.lower(): value.decode() if isinstance(value, bytes) else value for name, value in headers
    }
    address = urllib.parse.urlsplit(url)
    return {
        "method": method, "host": address.netloc, "path": address.path or "/",
        "query": sorted(address.query.split("&")),
        "headers": {name: value for name, value in headers.items() if name not in NOT_COMPARED},
        "body": body(content, headers),
    }


def main(path):
    session = botocore.session.get_session()
    operations, count, different = set(), 0, 0
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            case = json.loads(line)
            theirs = botocores(session, case)
            content = theirs.body.encode() if isinstance(theirs.body, str) else theirs.body
            expected = parts(theirs.method, theirs.url, theirs.headers.items(), content)
            ours = parts(case["method"], case["url"], case["headers"], base64.b64decode(case["body"]))
            operations.add((case["service"], case["operation"]))
            count += 1
            for part in expected:
                if ours[part] != expected[part]:
                    different += 1
                    print(f"{case['service']} {case['operation']} {case['region']} {case['variables']}: {part}\n"
                          f"  ours      {ours[part]}\n  botocore  {expected[part]}")
    if different:
        sys.exit(f"{different} differences")
    print(f"{count} requests of {len(operations)} operations")


if __name__ == "__main__":
    main(sys.argv[1])
