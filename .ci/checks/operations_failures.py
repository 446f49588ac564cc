"""The failure queue with inferencectl, judged with boto3 by what is in the queue and what the function got.

usage: operations_failures.py INFERENCECTL URL
"""

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
from botocore.exceptions import ClientError

ACCOUNT = "000000000000"
# Reports each event to the recorder, and fails for keys that request it. MiniStack's local executor runs Python without
# an image; for the queue it makes no difference.
FUNCTION = """
import os, urllib.parse, urllib.request
def handler(event, context):
    key = event["Records"][0]["s3"]["object"]["key"]
    urllib.request.urlopen(os.environ["RECORDER"] + "/" + urllib.parse.quote(key, safe=""), timeout=10).close()
    if key.startswith("bad"):
        raise ValueError("cannot classify " + key)
    return {"statusCode": 200}
"""


class Recorder(ThreadingHTTPServer):
    """Counts the keys that the function was called with."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            self.server.keys.append(urllib.parse.unquote(self.path[1:]))
            self.send_response(204)
            self.end_headers()

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.Handler)
        self.keys = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


def policy(*actions):
    return json.dumps({"Version": "2012-10-17",
                       "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]})


def upload(key):
    return {"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
                         "s3": {"bucket": {"name": "photos"}, "object": {"key": key}}}]}


class Stage:
    """MiniStack with a function, its queue, and two users; seen as root."""

    def __init__(self, program, url):
        self.program, self.url = program, url
        self.recorder = Recorder()
        self.iam, self.sqs, self.functions = (self.root(name) for name in ("iam", "sqs", "lambda"))
        self.queue = self.sqs.create_queue(QueueName="failures")["QueueUrl"]
        self.queue_arn = self.attributes("QueueArn")["QueueArn"]
        trust = json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]})
        role = self.iam.create_role(RoleName="function", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        self.iam.put_role_policy(RoleName="function", PolicyName="p", PolicyDocument=policy("sqs:*"))
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("index.py", FUNCTION)
        self.functions.create_function(
            FunctionName="classify", Runtime="python3.11", Handler="index.handler", Role=role, Publish=True,
            Code={"ZipFile": package.getvalue()}, Timeout=20, 
            Environment={"Variables": {"RECORDER": f"http://127.0.0.1:{self.recorder.server_port}"}})
        self.arn = self.functions.create_alias(FunctionName="classify", Name="live", FunctionVersion="1")["AliasArn"]
        # MiniStack looks only at that of $LATEST; the template's stack has one for the alias.
        for qualifier in ("$LATEST", "live"):
            self.functions.put_function_event_invoke_config(
                FunctionName="classify", Qualifier=qualifier, MaximumRetryAttempts=0,
                DestinationConfig={"OnFailure": {"Destination": self.queue_arn}})
        # MiniStack takes lambda:GetFunction for ListFunctionEventInvokeConfigs, and has a batch permission of its own.
        look = ("lambda:GetFunction", "sqs:ChangeMessageVisibilityBatch",
                "sqs:GetQueueUrl", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:ChangeMessageVisibility",
                "lambda:ListFunctionEventInvokeConfigs", "lambda:GetFunctionConfiguration", "lambda:InvokeFunction")
        self.operator = self.user("operator", policy(*look, "sqs:DeleteMessage"))
        self.no_delete = self.user("no-delete", policy(*look))

    def root(self, service):
        return boto3.client(service, endpoint_url=self.url, region_name="us-east-1", aws_access_key_id="test",
                            aws_secret_access_key="rootsecret")

    def user(self, name, document):
        self.iam.create_user(UserName=name)
        self.iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=document)
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}

    def attributes(self, *names):
        return self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=list(names))["Attributes"]

    def count(self):
        """Visible and in flight."""
        found = self.attributes("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        return int(found["ApproximateNumberOfMessages"]), int(found["ApproximateNumberOfMessagesNotVisible"])

    def record(self, key, **more):
        """What Lambda puts into an on-failure destination."""
        return {
            "version": "1.0", "timestamp": "2026-11-22T14:26:41.123Z",
            "requestContext": {"requestId": f"request-{key}", "functionArn": self.arn, "condition": "RetriesExhausted",
                               "approximateInvokeCount": 3},
            "requestPayload": upload(key),
            "responseContext": {"statusCode": 200, "executedVersion": "1", "functionError": "Unhandled"},
            "responsePayload": {"errorType": "S3.NoSuchKey", "errorMessage": f"no {key}"}, **more}

    def send(self, body, **attributes):
        text = body if isinstance(body, str) else json.dumps(body)
        given = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
        return self.sqs.send_message(QueueUrl=self.queue, MessageBody=text, MessageAttributes=given)["MessageId"]

    def purge(self):
        self.sqs.purge_queue(QueueUrl=self.queue)

    def environment(self, user):
        return {**user, "AWS_ENDPOINT_URL": self.url, "AWS_REGION": "us-east-1", "AWS_CONFIG_FILE": "/dev/null",
                "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1"}

    def run(self, *arguments, user=None, status=0):
        run = subprocess.run([self.program, "failures", *arguments], env=self.environment(user or self.operator),
                             capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120)
        assert run.returncode == status, (arguments, run)
        assert "stay out of sight" not in run.stderr, (arguments, run)
        return run

    def json(self, *arguments, **more):
        return json.loads(self.run(*arguments, "--output", "json", **more).stdout)

    def seen(self, key):
        """How often the function got an event of this key."""
        return self.recorder.keys.count(key)


def wait_until(look, what):
    deadline = time.monotonic() + 30
    while not look():
        assert time.monotonic() < deadline, f"no {what} within 30 s"
        time.sleep(0.05)


def record_of_lambda_itself(stage):
    """An event that fails: what MiniStack's Lambda puts into the destination is read as it is."""
    stage.functions.invoke(FunctionName="classify", InvocationType="Event", Payload=json.dumps(upload("bad/own.jpg")))
    wait_until(lambda: stage.count()[0] == 1, "record of the failure")
    [event] = stage.json("list", "--function-name", "classify", "--qualifier", "live")
    assert event["sender"] == "destination" and event["objects"] == ["s3://photos/bad/own.jpg"], event
    assert event["functionArn"].startswith("arn:aws:lambda:us-east-1:000000000000:function:classify"), event
    assert stage.count() == (1, 0), stage.count()
    stage.purge()


def every_kind_is_listed(stage):
    ids = [stage.send(stage.record("dogs/Rex+%26+%C3%BC.jpg")),
           stage.send(upload("dlq.jpg"), RequestID="r-2", ErrorCode="200", ErrorMessage="task timed out"),
           stage.send(upload("rule.jpg"), RULE_ARN="arn:aws:events:r", TARGET_ARN=stage.arn, ERROR_CODE="NO_PERMISSIONS",
                      ERROR_MESSAGE="denied", EXHAUSTED_RETRY_CONDITION="MaximumRetryAttempts", RETRY_ATTEMPTS="2"),
           stage.send("this is not JSON")]
    events = {event["id"]: event for event in stage.json("list", "--queue", "failures")}
    assert sorted(events) == sorted(ids), events
    senders = [events[message]["sender"] for message in ids]
    assert senders == ["destination", "dead-letter-queue", "eventbridge", "other"], senders
    assert events[ids[0]]["objects"] == ["s3://photos/dogs/Rex & ü.jpg"], events[ids[0]]
    assert events[ids[1]]["errorMessage"] == "task timed out" and events[ids[1]]["requestId"] == "r-2", events[ids[1]]
    table = stage.run("list", "--queue", stage.queue_arn).stdout
    assert "s3://photos/dogs/Rex & ü.jpg" in table and "S3.NoSuchKey: no dogs/" in table, table
    shown = json.loads(stage.run("show", "--queue", stage.queue, "--id", ids[0][:13]).stdout)
    assert shown["event"] == upload("dogs/Rex+%26+%C3%BC.jpg") and shown["invokeCount"] == 3, shown
    stage.run("show", "--queue", "failures", "--id", "zzzz", status=1)
    assert stage.count() == (4, 0), stage.count()
    return ids


def redrive(stage, ids):
    planned = stage.run("redrive", "--queue", "failures", "--dry-run", status=1)
    assert "would send Invoke" in planned.stdout and "would send DeleteMessage" in planned.stdout, planned
    assert stage.count() == (4, 0) and stage.seen("rule.jpg") == 0, stage.count()
    # One of them, then those that name their function, then the rest with a function's name; what is not JSON stays.
    report = stage.json("redrive", "--queue", "failures", "--id", ids[2][:13])
    assert [event["result"] for event in report["events"]] == ["redriven"], report
    assert stage.count() == (3, 0), stage.count()
    report = stage.json("redrive", "--queue", "failures", status=1)
    assert sorted(event["result"] for event in report["events"]) == ["kept", "kept", "redriven"], report
    report = stage.json("redrive", "--function-name", "classify", "--qualifier", "live", status=1)
    assert sorted(event["result"] for event in report["events"]) == ["kept", "redriven"], report
    assert stage.count() == (1, 0), stage.count()
    for key in ("dogs/Rex+%26+%C3%BC.jpg", "dlq.jpg", "rule.jpg"):
        wait_until(lambda: stage.seen(key) == 1, key)
    stage.purge()


def failed_inference_is_submitted_again(stage):
    """In Lambda's record, and as the message that SNS could not deliver."""
    with open("events/async-failed.json", encoding="utf-8") as file:
        event = json.load(file)
    record = {**stage.record("unused"), "requestPayload": event}
    record["responsePayload"] = {"errorType": "Endpoint.AsyncFailed", "errorMessage": "the model failed"}
    ids = [stage.send(record), stage.send(event["Records"][0]["Sns"])]
    shown = json.loads(stage.run("show", "--queue", "failures", "--id", ids[0]).stdout)
    assert shown["objects"] == ["s3://dog-photos/uploads/Schäferhund Rex.jpg"], shown
    sent = shown["redriveEvent"]["Records"][0]["s3"]["object"]
    report = stage.json("redrive", "--function-name", "classify", "--qualifier", "live")
    assert [event["result"] for event in report["events"]] == ["redriven", "redriven"], report
    wait_until(lambda: stage.seen(sent["key"]) == 2, "uploads of the input")
    assert urllib.parse.unquote_plus(sent["key"]) == "uploads/Schäferhund Rex.jpg", sent
    assert sent["sequencer"] == "0065F1A2B3C4D5E6F7", sent
    assert stage.count() == (0, 0), stage.count()


def synchronous_failures_stay(stage):
    stage.send(stage.record("bad/one.jpg"))
    stage.send(stage.record("good/one.jpg"))
    report = stage.json("redrive", "--queue", "failures", "--sync", status=1)
    results = {event["objects"][0]: event for event in report["events"]}
    assert results["s3://photos/good/one.jpg"]["result"] == "redriven", report
    assert "cannot classify bad/one.jpg" in results["s3://photos/bad/one.jpg"]["reason"], report
    assert stage.count() == (1, 0) and stage.seen("good/one.jpg") == 1, stage.count()
    stage.purge()


def nothing_is_lost_without_permission(stage):
    for number in range(12):
        stage.send(stage.record(f"kept/{number}.jpg"))
    refused = stage.run("redrive", "--queue", "failures", user=stage.no_delete, status=1)
    assert "could not be deleted" in refused.stderr and "AccessDenied" in refused.stderr, refused
    assert stage.count() == (12, 0), stage.count()
    refused = stage.run("redrive", "--queue", "failures", "--function-name", "nope", status=1)
    assert stage.count() == (12, 0), (stage.count(), refused)
    assert stage.json("redrive", "--queue", "failures", "--max", "11")["events"][10]["result"] == "redriven"
    assert stage.count() == (1, 0), stage.count()
    stage.purge()


def nothing_is_lost_by_an_interruption(stage):
    keys = [f"stop/{number}.jpg" for number in range(30)]
    for key in keys:
        stage.send(stage.record(key))
    process = subprocess.Popen([stage.program, "failures", "redrive", "--queue", "failures", "--sync"],
                               env=stage.environment(stage.operator), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    line = process.stderr.readline()
    assert "message deleted" in line, line
    process.send_signal(signal.SIGINT)
    # Not communicate(), which loses what readline() has buffered.
    notes, result = process.stderr.read(), process.stdout.read()
    done = 1 + notes.count("message deleted")
    assert process.wait(timeout=60) == 1 and "Interrupted" in result, (process.returncode, notes, result)
    assert 1 <= done < 30 and stage.count() == (30 - done, 0), (done, stage.count())
    assert sum(stage.seen(key) for key in keys) == done
    stage.purge()


def main(program, url):
    stage = Stage(os.path.realpath(program), url)
    record_of_lambda_itself(stage)
    redrive(stage, every_kind_is_listed(stage))
    failed_inference_is_submitted_again(stage)
    synchronous_failures_stay(stage)
    nothing_is_lost_without_permission(stage)
    nothing_is_lost_by_an_interruption(stage)
    try:
        stage.sqs.receive_message(QueueUrl=stage.queue)
    except ClientError as error:
        sys.exit(f"the queue is gone: {error}")
    print("8 situations of a failure queue: nothing was deleted that the function had not accepted")


if __name__ == "__main__":
    main(*sys.argv[1:])
