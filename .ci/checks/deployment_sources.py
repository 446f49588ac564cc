"""The template's other choices, deployed beside the first stack: a queue before the function, kept results, a URL.

Part of deployment.py. What is shown: an upload goes through the queue and its result is read back by boto3; an image that
fails comes to the dead-letter queue; who may fill the queue; who may call the URL.
"""

import json
import time
import urllib.error
import urllib.request

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

STACK, BUCKET, RESULTS = "dog-breeds-queue", "queued-photos", "dog-results"
KEY, EMPTY = "uploads/Schäferhund Rex.jpg", "uploads/empty.jpg"
# Without QueueMaximumConcurrency, for MiniStack's poller compares the parameter's text with a number.
PARAMETERS = {
    "ImageBucketName": BUCKET, "ResultBucketName": RESULTS, "EventDelivery": "queue", "FunctionUrl": "true", "TopK": "5",
}


def outputs(cloudformation):
    stack = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}


class SourceExperiments:
    """`aws` makes clients, `evaluate` asks MiniStack's evaluator of policies."""

    def __init__(self, given, aws, evaluate):
        self.given, self.aws, self.evaluate = given, aws, evaluate
        self.s3, self.sqs, self.functions = (aws.client(name) for name in ("s3", "sqs", "lambda"))
        self.outputs = outputs(aws.client("cloudformation"))
        self.queue = self.outputs["ImageQueueUrl"]

    def run(self):
        return {
            "settings": self.settings(), "decisions": self.who_may_fill(), "stored": self.upload(),
            "failed": self.fail(), "url": self.post(),
        }

    def settings(self):
        queue = self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["All"])["Attributes"]
        function = self.functions.get_function_configuration(FunctionName=STACK, Qualifier="live")
        (mapping,) = self.functions.list_event_source_mappings(FunctionName=f"{STACK}:live")["EventSourceMappings"]
        self.queue_arn, self.policy = queue["QueueArn"], json.loads(queue["Policy"])
        return {
            "visibility": int(queue["VisibilityTimeout"]), "timeout": function["Timeout"],
            "tries": int(json.loads(queue["RedrivePolicy"])["maxReceiveCount"]),
            "answers": mapping["FunctionResponseTypes"], "batch": mapping["BatchSize"],
        }

    def who_may_fill(self):
        """By the whole policy: with the statement that MiniStack cannot have."""
        source, other = "arn:aws:s3:::", "999999999999"
        tls_only = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": self.queue_arn,
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
        policy = {**self.policy, "Statement": [tls_only, *self.policy["Statement"]]}
        return self.evaluate(policy, self.queue_arn, {
            "the bucket": ("s3.amazonaws.com", source + BUCKET, "000000000000"),
            "another bucket": ("s3.amazonaws.com", source + "cat-photos", "000000000000"),
            "the bucket's name in another account": ("s3.amazonaws.com", source + BUCKET, other),
            "another service": ("events.amazonaws.com", source + BUCKET, "000000000000"),
        }, action="sqs:SendMessage")

    def upload(self):
        with open(self.given["image"], "rb") as file:
            version = self.s3.put_object(Bucket=BUCKET, Key=KEY, Body=file.read())["VersionId"]
        where = {"Bucket": RESULTS, "Key": f"results/{BUCKET}@versions/{KEY}/{version}.json"}
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                return {"version": version, "document": json.load(self.s3.get_object(**where)["Body"])}
            except self.s3.exceptions.NoSuchKey:
                time.sleep(0.1)
        keys = [each["Key"] for each in self.s3.list_objects_v2(Bucket=RESULTS).get("Contents", [])]
        return {"version": version, "document": None, "keys": keys}

    def fail(self):
        """Nobody waits five times the queue's own time: it hides messages for a second here."""
        self.sqs.set_queue_attributes(QueueUrl=self.queue, Attributes={"VisibilityTimeout": "1"})
        self.s3.put_object(Bucket=BUCKET, Key=EMPTY, Body=b"")
        messages, deadline = [], time.monotonic() + 60
        while not messages and time.monotonic() < deadline:
            messages = self.sqs.receive_message(
                QueueUrl=self.outputs["ImageDeadLetterQueueUrl"], AttributeNames=["All"], WaitTimeSeconds=1).get("Messages", [])
        left = self.sqs.get_queue_attributes(
            QueueUrl=self.queue, AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"])
        return {
            "body": messages[0]["Body"] if messages else "", "left": sum(map(int, left["Attributes"].values())),
        }

    def post(self):
        """An image by HTTP: signed by somebody who may, by somebody who may not, and not signed at all."""
        configuration = self.functions.get_function_url_config(FunctionName=STACK, Qualifier="live")
        host = configuration["FunctionUrl"].split("/")[2]
        # MiniStack serves a function's URL on its own address as well.
        url = f"{self.aws.url}/_aws/lambda-url/{host.split('.')[0]}/"
        with open(self.given["image"], "rb") as file:
            image = file.read()
        root, photographer = ("test", "rootsecret"), tuple(self.given["photographer"].values())
        return {
            "auth": configuration["AuthType"], "printed": self.outputs["HttpUrl"] == configuration["FunctionUrl"],
            "signed": self.send(url, image, root), "stranger": self.send(url, image, photographer)["status"],
            "unsigned": self.send(url, image, None)["status"],
        }

    def send(self, url, body, keys):
        request = AWSRequest("POST", url, data=body, headers={"Content-Type": "image/jpeg"})
        if keys:
            SigV4Auth(Credentials(*keys), "lambda", "us-east-1").add_auth(request)
        prepared = urllib.request.Request(url, data=body, headers=dict(request.headers), method="POST")
        try:
            with urllib.request.urlopen(prepared, context=self.aws.tls()) as response:
                return {"status": response.status, "body": json.load(response)}
        except urllib.error.HTTPError as error:
            return {"status": error.code, "body": error.read().decode(errors="replace")}
