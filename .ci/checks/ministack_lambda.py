"""The real bootstrap as a function of MiniStack's Lambda, and an upload to MiniStack's S3 that invokes it.

usage: ministack_lambda.py lambda DESCRIPTION

DESCRIPTION is JSON: the addresses, and where the executable is. Prints what the invocations answered.
Tests/OracleTests/MiniStackLambdaTests.swift contains the expectations.
"""

import io
import json
import sys
import time
import zipfile

from ministack_setup import policy
from s3_objects import client, content, digest

BUCKET = "uploads"
KEY = "dogs/Rex & ü+1.jpg"


def package(bootstrap):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        with open(bootstrap, "rb") as file:
            archive.writestr(entry, file.read(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def main(description):
    url = description["url"]
    iam, s3, functions, logs = (
        client(name, url, "test", "rootsecret") for name in ("iam", "s3", "lambda", "logs")
    )
    trust = policy(("sts:AssumeRole", None), principal={"Service": "lambda.amazonaws.com"})

    def role(name, document):
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        iam.put_role_policy(RoleName=name, PolicyName="policy", PolicyDocument=document)
        return arn

    read = role("may-read", policy(("s3:GetObject", f"arn:aws:s3:::{BUCKET}/*")))
    nothing = role("may-not-read", policy(("s3:GetObject", "arn:aws:s3:::another/*")))
    code = package(description["bootstrap"])
    variables = {
        "ENDPOINT_NAME": "dog-breeds",
        "AWS_ENDPOINT_URL_S3": url,
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": description["sageMakerURL"],
    }

    def function(name, arn, environment):
        return functions.create_function(
            FunctionName=name,
            Runtime="provided.al2023",
            Handler="bootstrap",
            Role=arn,
            Code={"ZipFile": code},
            Timeout=20,
            Environment={"Variables": environment},
        )["FunctionArn"]

    arn = function("classify", read, variables)
    function("classify-forbidden", nothing, variables)
    function("classify-unconfigured", read, {})

    s3.create_bucket(Bucket=BUCKET)
    functions.add_permission(
        FunctionName="classify",
        StatementId="s3",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn=f"arn:aws:s3:::{BUCKET}",
    )
    notification = {"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket=BUCKET, NotificationConfiguration={"LambdaFunctionConfigurations": [notification]}
    )
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=content(KEY))
    wait_for_log(logs, "/aws/lambda/classify", "REPORT RequestId")

    def invoke(name):
        record = {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": BUCKET}, "object": {"key": "dogs/Rex+%26+%C3%BC%2B1.jpg"}},
        }
        answer = functions.invoke(FunctionName=name, Payload=json.dumps({"Records": [record]}))
        return {"functionError": answer.get("FunctionError", ""), "payload": answer["Payload"].read().decode()}

    names = ("classify", "classify-forbidden", "classify-unconfigured")
    results = {name: invoke(name) for name in names}
    return {**results, "key": KEY, "sha256": digest(content(KEY))}


def wait_for_log(logs, group, text):
    """The upload invokes asynchronously: its end is in the log."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            events = logs.filter_log_events(logGroupName=group)["events"]
        except logs.exceptions.ResourceNotFoundException:
            events = []
        if any(text in event["message"] for event in events):
            return
        time.sleep(0.1)
    sys.exit(f"no {text} in {group} after 30 s")


if __name__ == "__main__":
    with open(sys.argv[2]) as file:
        document = json.load(file)
    json.dump(main(document), sys.stdout, indent=1)
