"""Uploads to MiniStack's S3 that bootstrap, as a function of MiniStack's Lambda, submits to an asynchronous endpoint, and
the results that come back to it by SNS, SQS, and S3; failures that reach the failure queue, and their redrive.

usage: ministack_asynchronous.py asynchronous DESCRIPTION

DESCRIPTION is JSON: the addresses, and where the executables are. Prints what happened.
Tests/OracleTests/MiniStackAsynchronousTests.swift contains the expectations.

MiniStack has no SageMaker: the endpoint is scripted here. It answers 202, then reads the input from MiniStack's S3, stores
a reply there, and publishes what SageMaker publishes.
"""

import base64
import json
import os
import subprocess
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ministack_lambda import package
from ministack_setup import policy
from s3_objects import client, content

PHOTOS, REPLIES, RESULTS = "asynchronous-photos", "asynchronous-replies", "asynchronous-results"
FUNCTION = "classify-asynchronously"
# How the result of each key comes back.
INCLUDED, FETCHED, BY_S3, BY_QUEUE = "dogs/Rex & ü+1.jpg", "dogs/fetched.jpg", "dogs/by-s3.jpg", "dogs/by-queue.jpg"
REVERSED = "dogs/reversed.jpg"
# Their first request fails. MiniStack's SNS neither retries a function that fails nor has a destination: for the first
# of them the endpoint invokes the function as SNS does, asynchronously; the second goes through a queue.
FAILS, FAILS_BY_QUEUE = "dogs/fails.jpg", "dogs/fails-by-queue.jpg"


class Endpoint(ThreadingHTTPServer):
    """InvokeEndpointAsync and what follows it."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            # http.server reads headers as Latin-1.
            headers = {name.lower(): value.encode("latin-1").decode() for name, value in self.headers.items()}
            request = {"target": self.path, "headers": headers, "bodyBytes": len(body)}
            answer = self.server.accept(request)
            text = json.dumps({"InferenceId": headers["x-amzn-sagemaker-inference-id"]}).encode()
            self.send_response(202)
            self.send_header("X-Amzn-SageMaker-OutputLocation", answer["output"])
            self.send_header("X-Amzn-SageMaker-FailureLocation", answer["failure"])
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    def __init__(self, stage):
        super().__init__(("127.0.0.1", 0), self.Handler)
        self.stage, self.lock = stage, threading.Lock()
        self.requests, self.held, self.errors = [], [], []
        self.late = None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def of(self, key):
        return [each for each in self.requests if each["key"] == key]

    def accept(self, request):
        headers = request["headers"]
        location = headers["x-amzn-sagemaker-inputlocation"]
        key = location.removeprefix(f"s3://{PHOTOS}/")
        extension, name = headers["x-amzn-sagemaker-s3outputpathextension"], uuid.uuid4()
        # Objects that end in .out notify the function.
        suffix = "out" if key == BY_S3 else "json"
        request |= {"key": key, "output": f"s3://{REPLIES}/output/{extension}/{name}.{suffix}",
                    "failure": f"s3://{REPLIES}/failures/{extension}/{name}-error.out"}
        with self.lock:
            request["number"] = len(self.of(key)) + 1
            self.requests.append(request)
            ready = [request]
            if key == REVERSED:
                self.held.append(request)
                ready = self.held[::-1] if len(self.held) == 2 else []
        threading.Thread(target=self.process, args=(ready,), daemon=True).start()
        return request

    def process(self, requests):
        try:
            for request in requests:
                self.answer(request)
                if request["key"] == REVERSED and request["number"] == 2:
                    self.stage.wait_for_document(REVERSED)
        except Exception as error:
            self.errors.append(f"{type(error).__name__}: {error}")

    def answer(self, request):
        key, number = request["key"], request["number"]
        self.stage.s3.get_object(Bucket=PHOTOS, Key=key)
        if key in (FAILS, FAILS_BY_QUEUE) and number == 1:
            self.store(request["failure"], b"CUDA out of memory")
            message = self.message(request, "Failed", {"failureLocation": request["failure"]})
            message["failureReason"] = "ClientError: Received server error (500) from model."
            if key == FAILS:
                return self.stage.invoke_asynchronously(message)
            return self.stage.publish("failed-by-queue", message)
        # The class shows which request was answered.
        logits = json.dumps([[9.5 if each == number else -1.5 for each in range(133)]]).encode()
        self.store(request["output"], logits)
        if key == BY_S3:
            return None
        parameters = {"contentType": "application/json", "outputLocation": request["output"]}
        message = self.message(request, "Completed", parameters)
        if key == REVERSED and number == 1:
            # After the newer one's result is there, and awaited.
            self.late = self.stage.invoke(message)
            return None
        if key != FETCHED:
            message["responseBody"] = {
                "content": base64.b64encode(logits).decode(), "message": "OK", "encoding": "BASE64"}
        return self.stage.publish("completed-by-queue" if key == BY_QUEUE else "completed", message)

    def store(self, location, data):
        self.stage.s3.put_object(
            Bucket=REPLIES, Key=location.removeprefix(f"s3://{REPLIES}/"), Body=data, ContentType="application/json")

    @staticmethod
    def message(request, status, parameters):
        headers = request["headers"]
        return {
            "awsRegion": "us-east-1", "eventTime": "2026-11-26T08:00:01.000Z", "receivedTime": "2026-11-26T08:00:00.000Z",
            "invocationStatus": status,
            "requestParameters": {
                "contentType": headers.get("x-amzn-sagemaker-content-type"), "endpointName": "dog-breeds",
                "inputLocation": headers["x-amzn-sagemaker-inputlocation"]},
            "responseParameters": parameters, "inferenceId": headers["x-amzn-sagemaker-inference-id"],
            "eventVersion": "1.0", "eventSource": "aws:sagemaker", "eventName": "InferenceResult"}


class Stage:
    """MiniStack with the function, its buckets, topics, and queues."""

    def __init__(self, description):
        self.url, self.program = description["url"], description["inferencectl"]
        self.s3, self.sqs, self.sns, self.functions, self.iam = (
            client(name, self.url, "test", "rootsecret") for name in ("s3", "sqs", "sns", "lambda", "iam"))
        for bucket in (PHOTOS, REPLIES, RESULTS):
            self.s3.create_bucket(Bucket=bucket)
        self.endpoint = Endpoint(self)
        self.failures = self.make_queue("failed-inferences")
        self.make_function(description["bootstrap"])
        self.make_sources()

    def make_function(self, bootstrap):
        trust = policy(("sts:AssumeRole", None), principal={"Service": "lambda.amazonaws.com"})
        role = self.iam.create_role(RoleName=FUNCTION, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        self.iam.put_role_policy(RoleName=FUNCTION, PolicyName="policy", PolicyDocument=policy(
            ("s3:GetObject", f"arn:aws:s3:::{PHOTOS}/*"), ("s3:GetObject", f"arn:aws:s3:::{REPLIES}/*"),
            (["s3:PutObject", "s3:GetObject"], f"arn:aws:s3:::{RESULTS}/results/*"),
            (["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:SendMessage"], "*")))
        variables = {
            "ENDPOINT_NAME": "dog-breeds", "ENDPOINT_KIND": "asynchronous", "METRICS": "off",
            "ASYNC_OUTPUT_PATH": f"s3://{REPLIES}/output", "ASYNC_FAILURE_PATH": f"s3://{REPLIES}/failures",
            "IMAGE_BUCKET": PHOTOS, "RESULT_BUCKET": RESULTS, "RESULT_PREFIX": "results/",
            "AWS_ENDPOINT_URL_S3": self.url,
            "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": f"http://127.0.0.1:{self.endpoint.server_port}"}
        self.function = self.functions.create_function(
            FunctionName=FUNCTION, Runtime="provided.al2023", Handler="bootstrap", Role=role, Timeout=20,
            Code={"ZipFile": package(bootstrap)}, Environment={"Variables": variables})["FunctionArn"]
        self.functions.put_function_event_invoke_config(
            FunctionName=FUNCTION, MaximumRetryAttempts=2,
            DestinationConfig={"OnFailure": {"Destination": self.queue_arn(self.failures)}})

    # --- Wiring -----------------------------------------------------------------------------------------------------

    def queue_arn(self, queue):
        return self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def make_queue(self, name, **attributes):
        queue = self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        allowed = policy(("sqs:SendMessage", self.queue_arn(queue)), principal={"Service": "sns.amazonaws.com"})
        self.sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": allowed})
        return queue

    def make_sources(self):
        for name, bucket, filters in (
                ("photos", PHOTOS, []),
                ("replies", REPLIES, [{"Name": "prefix", "Value": "output/"}, {"Name": "suffix", "Value": ".out"}])):
            self.allow(name, "s3.amazonaws.com", f"arn:aws:s3:::{bucket}")
            self.s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={
                "LambdaFunctionConfigurations": [{
                    "LambdaFunctionArn": self.function, "Events": ["s3:ObjectCreated:*"],
                    **({"Filter": {"Key": {"FilterRules": filters}}} if filters else {})}]})
        self.topics = {
            name: self.sns.create_topic(Name=name)["TopicArn"]
            for name in ("completed", "completed-by-queue", "failed-by-queue")}
        self.allow("completed", "sns.amazonaws.com", self.topics["completed"])
        self.sns.subscribe(TopicArn=self.topics["completed"], Protocol="lambda", Endpoint=self.function)
        for name, raw in (("completed-by-queue", "true"), ("failed-by-queue", "false")):
            redrive = json.dumps({"deadLetterTargetArn": self.queue_arn(self.failures), "maxReceiveCount": 2})
            queue = self.queue_arn(self.make_queue(name, VisibilityTimeout="1", RedrivePolicy=redrive))
            self.sns.subscribe(TopicArn=self.topics[name], Protocol="sqs", Endpoint=queue,
                               Attributes={"RawMessageDelivery": raw})
            self.functions.create_event_source_mapping(
                EventSourceArn=queue, FunctionName=FUNCTION, FunctionResponseTypes=["ReportBatchItemFailures"])

    def allow(self, name, service, source):
        self.functions.add_permission(
            FunctionName=FUNCTION, StatementId=name, Action="lambda:InvokeFunction", Principal=service, SourceArn=source)

    def publish(self, topic, message):
        self.sns.publish(TopicArn=self.topics[topic], Message=json.dumps(message))

    def sns_event(self, message):
        envelope = {"Type": "Notification", "MessageId": str(uuid.uuid4()), "TopicArn": self.topics["completed"],
                    "Message": json.dumps(message), "Timestamp": "2026-11-26T08:00:02.000Z"}
        return json.dumps({"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": envelope}]})

    def invoke(self, message):
        answer = self.functions.invoke(FunctionName=FUNCTION, Payload=self.sns_event(message))
        return {"functionError": answer.get("FunctionError", ""), "payload": answer["Payload"].read().decode()}

    def invoke_asynchronously(self, message):
        self.functions.invoke(FunctionName=FUNCTION, InvocationType="Event", Payload=self.sns_event(message))

    # --- What happens -----------------------------------------------------------------------------------------------

    def run(self):
        for key in (INCLUDED, FETCHED, BY_S3, BY_QUEUE, REVERSED, FAILS, FAILS_BY_QUEUE):
            self.s3.put_object(Bucket=PHOTOS, Key=key, Body=content(key))
        self.wait(lambda: self.endpoint.of(REVERSED), "the first version of the photograph to be submitted")
        self.s3.put_object(Bucket=PHOTOS, Key=REVERSED, Body=content("newer"))
        documents = {key: self.wait_for_document(key) for key in (INCLUDED, FETCHED, BY_S3, BY_QUEUE)}
        self.wait(lambda: self.endpoint.late, "the older version's notification, which comes last")
        self.wait(lambda: self.waiting(self.failures) == 2, "the two failed events in their queue")
        before = {key: len(self.endpoint.of(key)) for key in (FAILS, FAILS_BY_QUEUE)}
        without_result = [key for key in (FAILS, FAILS_BY_QUEUE) if self.document(key) is None]
        failed = self.failed_events()
        redriven = self.inferencectl(
            "failures", "redrive", "--queue", "failed-inferences", "--function-name", FUNCTION, "--output", "json")
        documents |= {key: self.wait_for_document(key) for key in (FAILS, FAILS_BY_QUEUE, REVERSED)}
        if self.endpoint.errors:
            sys.exit("\n".join(self.endpoint.errors))
        return {
            "keys": {"included": INCLUDED, "fetched": FETCHED, "by S3": BY_S3, "by queue": BY_QUEUE, "reversed": REVERSED,
                     "fails": FAILS, "fails by queue": FAILS_BY_QUEUE},
            "requests": self.endpoint.requests, "documents": documents, "failed": failed,
            "submittedBeforeRedrive": before, "withoutResult": without_result, "redriven": redriven,
            "left": self.waiting(self.failures), "late": self.endpoint.late, "testNotification": self.invoke(
                {"eventVersion": "1.0", "eventSource": "aws:sagemaker", "eventName": "TestNotification"})}

    def wait(self, look, what):
        deadline = time.monotonic() + 60
        while not look():
            if self.endpoint.errors or time.monotonic() > deadline:
                sys.exit(f"waited for {what}; the endpoint's errors: {self.endpoint.errors}")
            time.sleep(0.1)

    def document(self, key):
        try:
            answer = self.s3.get_object(Bucket=RESULTS, Key=f"results/{PHOTOS}/{key}.json")
        except self.s3.exceptions.NoSuchKey:
            return None
        return json.loads(answer["Body"].read())

    def wait_for_document(self, key):
        self.wait(lambda: self.document(key), f"the result of {key}")
        return self.document(key)

    def waiting(self, queue):
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        attributes = self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
        return sum(int(attributes[each]) for each in names)

    def failed_events(self):
        listed = self.inferencectl("failures", "list", "--queue", "failed-inferences", "--output", "json")
        return {each["objects"][0] if each["objects"] else each["id"]: each for each in listed}

    def inferencectl(self, *arguments):
        environment = {
            "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "rootsecret", "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": "us-east-1", "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "PATH": os.environ.get("PATH", ""), "NO_PROXY": "127.0.0.1"}
        run = subprocess.run([self.program, *arguments], env=environment, capture_output=True, text=True,
                             stdin=subprocess.DEVNULL, timeout=120)
        if run.returncode:
            sys.exit(f"{arguments} ended with {run.returncode}: {run.stdout}{run.stderr}")
        return json.loads(run.stdout)


if __name__ == "__main__":
    with open(sys.argv[2]) as file:
        given = json.load(file)
    json.dump(Stage(given).run(), sys.stdout, indent=1)
