"""boto3 as the client of LocalAWS: each scenario by name, and what it came to.

usage: boto3_client.py aws|lambda DESCRIPTION

DESCRIPTION is JSON on the addresses and keys. Prints one JSON object: scenario -> {"status", "code", "message", ...};
code and message are AWS's when the call was refused. Tests/OracleTests/Boto3*.swift say what is right.
"""

import base64
import datetime
import hashlib
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

import boto3
import botocore.auth
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

now = botocore.auth.get_current_datetime


class Scenarios:
    def __init__(self, description):
        self.description = description
        self.results = {}

    def client(self, service, user="right", shift=0, tamper=None, **options):
        """A client whose clock is `shift` minutes off, and whose signed request `tamper` changes on its way."""
        url = self.description["s3URL" if service == "s3" else "sageMakerURL"]
        region = options.pop("region", "us-east-1")
        keys = dict(self.description["users"][user])
        client = boto3.client(
            service,
            endpoint_url=url,
            region_name=region,
            aws_access_key_id=keys["accessKeyID"],
            aws_secret_access_key=keys["secretAccessKey"],
            aws_session_token=keys.get("sessionToken"),
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}, **options),
        )
        delta = datetime.timedelta(minutes=shift)

        def set_clock(*_, **__):
            botocore.auth.get_current_datetime = lambda *a, **k: now(*a, **k) + delta

        client.meta.events.register("before-sign", set_clock)
        if tamper:
            # The last event before the bytes leave: the signature is made.
            client.meta.events.register("before-send", lambda request, **_: tamper(request))
        return client

    def record(self, name, call):
        try:
            answer = call()
            metadata = answer["ResponseMetadata"]
            result = {"status": metadata["HTTPStatusCode"]}
            body = answer.get("Body") or answer.get("Payload")
            if body is not None:
                data = body.read()
                result["sha256"] = hashlib.sha256(data).hexdigest()
                result["text"] = data.decode("utf-8", "replace")[:2000]
            if "LogResult" in answer:
                result["log"] = base64.b64decode(answer["LogResult"]).decode("utf-8", "replace")
            for key in ("ContentType", "InvokedProductionVariant", "FunctionError", "ExecutedVersion", "OriginalStatusCode"):
                if key in answer:
                    result[key] = answer[key]
        except ClientError as error:
            result = {
                "status": error.response["ResponseMetadata"]["HTTPStatusCode"],
                "code": error.response["Error"]["Code"],
                "message": error.response["Error"].get("Message", ""),
                "class": type(error).__name__,
            }
            if "OriginalStatusCode" in error.response:
                result["OriginalStatusCode"] = error.response["OriginalStatusCode"]
        self.results[name] = result

    def fetch(self, name, url):
        """A presigned URL, as anybody uses it."""
        try:
            with urllib.request.urlopen(url) as response:
                digest = hashlib.sha256(response.read()).hexdigest()
                self.results[name] = {"status": response.status, "sha256": digest}
        except urllib.error.HTTPError as error:
            text = error.read().decode()
            code = text.partition("<Code>")[2].partition("</Code>")[0]
            self.results[name] = {"status": error.code, "code": code, "message": text}


def replace_in_url(old, new):
    def tamper(request):
        assert old in request.url, request.url
        request.url = request.url.replace(old, new, 1)

    return tamper


def add_query(request):
    request.url += ("&" if "?" in request.url else "?") + "versionId=null"


def change_header(name, value):
    def tamper(request):
        request.headers[name] = value

    return tamper


def change_body(request):
    request.body = b"\xff\xd8\xff\xd9 another"
    request.headers["Content-Length"] = str(len(request.body))


def s3(run, bucket, key):
    def get(name, user="right", ask={}, **options):
        parameters = {"Bucket": bucket, "Key": key, **ask}
        run.record(f"s3 {name}", lambda: run.client("s3", user, **options).get_object(**parameters))

    get("right keys")
    get("right keys with a session token", user="session")
    get("checksum mode", ask={"ChecksumMode": "ENABLED"})
    get("14 minutes early", shift=14)
    get("14 minutes late", shift=-14)
    get("version null", ask={"VersionId": "null"})
    run.record(
        "s3 head", lambda: run.client("s3").head_object(Bucket=bucket, Key=key)
    )
    for other in run.description["keys"]:
        run.record(f"s3 key {other}", lambda: run.client("s3").get_object(Bucket=bucket, Key=other))

    get("wrong secret", user="wrongSecret")
    get("unknown key", user="unknown")
    get("wrong session token", user="wrongToken")
    get("missing session token", user="missingToken")
    get("old date", shift=-16)
    get("date ahead", shift=16)
    get("no signature", signature_version=UNSIGNED)
    get("another region", region="eu-west-1")
    get("changed query", ask={"VersionId": "null"}, tamper=replace_in_url("versionId=null", "versionId=1"))
    get("added query", tamper=add_query)
    get("changed key", tamper=replace_in_url(urllib.parse.quote(key), urllib.parse.quote("uploads/other.jpg")))
    get("changed header", ask={"ChecksumMode": "ENABLED"}, tamper=change_header("x-amz-checksum-mode", "DISABLED"))
    get("changed payload hash", tamper=change_header("X-Amz-Content-SHA256", "0" * 64))
    run.record(
        "s3 changed body",
        lambda: run.client(
            "s3", tamper=change_body, request_checksum_calculation="when_required",
            signature_version="s3v4",
        ).put_object(Bucket=bucket, Key="new.jpg", Body=b"\xff\xd8\xff\xd9 image"),
    )
    run.record("s3 missing object", lambda: run.client("s3").get_object(Bucket=bucket, Key="not/there.jpg"))
    run.record("s3 missing bucket", lambda: run.client("s3").get_object(Bucket="not-there", Key=key))
    run.record("s3 denied object", lambda: run.client("s3").get_object(Bucket=bucket, Key=run.description["denied"]))


def presigned(run, bucket, key):
    def url(user="right", shift=0):
        client = run.client("s3", user, shift, signature_version="s3v4")
        parameters = {"Bucket": bucket, "Key": key}
        return client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=60)

    run.fetch("presigned right keys", url())
    run.fetch("presigned with a session token", url("session"))
    run.fetch("presigned wrong secret", url("wrongSecret"))
    run.fetch("presigned unknown key", url("unknown"))
    run.fetch("presigned expired", url(shift=-2))
    run.fetch("presigned changed expiry", url().replace("X-Amz-Expires=60", "X-Amz-Expires=600"))
    run.fetch("presigned changed key", url().replace(urllib.parse.quote(key), "uploads/other.jpg"))
    run.fetch("presigned added query", url() + "&versionId=null")


def sagemaker(run, image):
    def invoke(name, user="right", ask={}, **options):
        parameters = {
            "EndpointName": "dog-breeds",
            "Body": image,
            "ContentType": "image/jpeg",
            "Accept": "application/json",
            **ask,
        }
        client = run.client("sagemaker-runtime", user, **options)
        run.record(f"sagemaker {name}", lambda: client.invoke_endpoint(**parameters))

    invoke("right keys")
    invoke("right keys with a session token", user="session")
    invoke("custom attributes", ask={"CustomAttributes": "trace=a  b", "TargetVariant": "AllTraffic"})
    invoke("14 minutes late", shift=-14)
    invoke("wrong secret", user="wrongSecret")
    invoke("unknown key", user="unknown")
    invoke("wrong session token", user="wrongToken")
    invoke("old date", shift=-16)
    invoke("date ahead", shift=16)
    invoke("no signature", signature_version=UNSIGNED)
    invoke("another region", region="eu-west-1")
    invoke("changed body", tamper=change_body)
    invoke("added query", tamper=add_query)
    invoke("changed path", tamper=replace_in_url("dog-breeds", "cat-breeds"))
    invoke(
        "changed header",
        ask={"CustomAttributes": "a"},
        tamper=change_header("X-Amzn-SageMaker-Custom-Attributes", "b"),
    )
    invoke("changed trace id", tamper=change_header("X-Amzn-Trace-Id", "Root=1-2-3"))
    invoke("missing endpoint", ask={"EndpointName": "cat-breeds"})
    invoke("missing variant", ask={"TargetVariant": "Other"})
    invoke("no image", ask={"Body": b"\xff\xd8\xff this is not a JPEG"})


def aws(description):
    run = Scenarios(description)
    with open(description["image"], "rb") as file:
        image = file.read()
    s3(run, description["bucket"], description["key"])
    presigned(run, description["bucket"], description["key"])
    sagemaker(run, image)
    return run.results


def lambda_invoke(description):
    """Lambda's Invoke, as `aws lambda invoke --endpoint-url` sends it."""
    run = Scenarios(description)
    client = boto3.client(
        "lambda",
        endpoint_url=description["lambdaURL"],
        region_name="us-east-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",
        config=Config(retries={"total_max_attempts": 1}, read_timeout=60),
    )

    def invoke(name, payload, **options):
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        run.record(name, lambda: client.invoke(FunctionName="function", Payload=data, **options))

    with open(description["event"], "rb") as file:
        event = file.read()
    invoke("request and response", event, LogType="Tail")
    invoke("alias", event, Qualifier="live")
    invoke("dry run", event, InvocationType="DryRun")
    invoke("asynchronous", event, InvocationType="Event")
    invoke("function error", {"Records": []})
    invoke("not JSON", b"{not JSON")
    invoke("too large", b'"' + b"a" * 6_291_456 + b'"')
    invoke("request and response again", event)
    return run.results


if __name__ == "__main__":
    with open(sys.argv[2]) as file:
        document = json.load(file)
    results = {"aws": aws, "lambda": lambda_invoke}[sys.argv[1]](document)
    json.dump(results, sys.stdout, indent=1)
