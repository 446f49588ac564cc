"""Runs the function as Lambda does, with S3 and SageMaker that fail where a run says so, and derives the metrics of each run.

The Runtime API, S3, and the endpoint are one server on loopback. The metrics of the function are those of the lines that
it printed, after Lambda's filter by level. The metrics that Lambda and SQS derive from the function's answers follow the
rules in their documentation (monitoring-metrics-types, urls-monitoring, services-sqs-errorhandling):

  Errors                              an invocation or the initialization ended with an error
  Url5xxCount                         an HTTP answer with 500 to 599, or an error instead of an answer
  FailedInvokeEventCount              the messages that the answer lists, or all of a failed invocation
  ApproximateNumberOfMessagesVisible  of the failure queue, after the retries; of the dead-letter queue, after five attempts
"""

import json
import os
import queue
import re
import subprocess
import tempfile
import time

from alarms_evaluator import Metrics
from loopback import Handler, Server

LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
IMAGE = b"\xff\xd8\xff\xe0" + bytes(2000)
LIMIT_SECONDS = 60


class Lambda(Server):
    """`faults` has the status with which S3 or the endpoint answers, by a part of the path; "" for all."""

    def __init__(self, faults):
        self.faults = faults
        self.events, self.answers = queue.Queue(), queue.Queue()
        super().__init__(Services)

    def status(self, path, service):
        return next((status for (kind, part), status in self.faults.items() if kind == service and part in path), 200)


class Services(Handler):
    def do_GET(self):
        if self.path.endswith("/runtime/invocation/next"):
            number, event = self.server.events.get()
            self.answer(200, json.dumps(event).encode(), [
                ("Lambda-Runtime-Aws-Request-Id", f"request-{number}"),
                ("Lambda-Runtime-Deadline-Ms", str(int(time.time() * 1000) + 30_000)),
                ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:f:live"),
            ])
        else:
            status = self.server.status(self.path, "s3")
            code = {403: "AccessDenied", 404: "NoSuchKey"}.get(status, "")
            error = f"<Error><Code>{code}</Code><Message>made to fail</Message></Error>".encode()
            self.answer(status, IMAGE if status == 200 else error, [("Content-Type", "image/jpeg"), ("ETag", '"e"')])

    def do_POST(self):
        body = self.body()
        if "/runtime/" in self.path:
            self.answer(202, b"{}")
            self.server.answers.put((self.path.rsplit("/", 1)[-1], self.path, body))
        else:
            status = self.server.status(body[-8:].decode(errors="replace"), "endpoint")
            reply = b"[[2.5, -1.5, 0.25]]" if status == 200 else b'{"Message": "made to fail"}'
            self.answer(status, reply, [("Content-Type", "application/json")])


class Function:
    """The process of the function, until `stop`."""

    def __init__(self, program, variables, faults, level):
        self.server, self.number = Lambda(faults), 0
        self.output = tempfile.TemporaryFile()
        self.process = subprocess.Popen([program], stdout=self.output, stderr=subprocess.STDOUT, env={
            **variables, "AWS_LAMBDA_RUNTIME_API": self.server.address,
            "AWS_ENDPOINT_URL": f"http://{self.server.address}",
            "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_LAMBDA_FUNCTION_NAME": "f", "AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": level,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        })

    def invoke(self, event):
        """Whether it ended with an error, the answer, and its milliseconds."""
        self.number += 1
        started = time.monotonic()
        self.server.events.put((self.number, event))
        kind, _, body = self.server.answers.get(timeout=LIMIT_SECONDS)
        return kind == "error", json.loads(body), (time.monotonic() - started) * 1000

    def fails_to_start(self):
        kind, path, _ = self.server.answers.get(timeout=LIMIT_SECONDS)
        return kind == "error" and path.endswith("/init/error")

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.server.shutdown()
        self.server.server_close()
        self.output.seek(0)
        return self.output.read().decode().splitlines()


def passes_filter(line, level):
    """Lambda's filter of JSON lines: without a valid level or timestamp a line counts as INFO."""
    try:
        fields = json.loads(line)
    except ValueError:
        return False
    own = fields.get("level") if isinstance(fields, dict) else None
    if own not in LEVELS or not TIMESTAMP.fullmatch(str(fields.get("timestamp"))):
        own = "INFO"
    return LEVELS.index(own) >= LEVELS.index(level)


def emitted(lines, level, metrics):
    """Adds the metrics of the lines in CloudWatch's embedded metric format; the names of all."""
    names = set()
    for line in lines:
        if not line.startswith("{") or not passes_filter(line, level):
            continue
        fields = json.loads(line)
        for directive in fields.get("_aws", {}).get("CloudWatchMetrics", []):
            for dimensions in directive["Dimensions"]:
                values = {name: fields[name] for name in dimensions}
                for metric in directive["Metrics"]:
                    value = fields[metric["Name"]]
                    names.add(metric["Name"])
                    metrics.add(directive["Namespace"], metric["Name"], values, fields["_aws"]["Timestamp"] / 1000,
                                value if isinstance(value, list) else [value])
    return names


class Run:
    """Events of one source, delivered until they succeed or their attempts are used up."""

    def __init__(self, program, stack, variables, faults, level="INFO"):
        self.stack, self.level, self.metrics, self.names = stack, level, Metrics(), set()
        self.function = Function(program, variables, faults, level)

    def add(self, name, values, **dimensions):
        self.metrics.add("AWS/Lambda", name, dimensions, time.time(), values)

    def visible(self, queue_name, count):
        self.metrics.add(
            "AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": queue_name}, time.time(), [count])

    def invoke(self, event):
        is_error, answer, milliseconds = self.function.invoke(event)
        for resource in ({}, {"Resource": f"{self.stack}:live"}):
            self.add("Errors", [int(is_error)], FunctionName=self.stack, **resource)
            self.add("Duration", [milliseconds], FunctionName=self.stack, **resource)
        return is_error, answer

    def asynchronous(self, event, retries=2):
        """S3 and EventBridge."""
        attempts = 0
        while attempts <= retries and self.invoke(event)[0]:
            attempts += 1
        self.visible("FailureQueue-QueueName", int(attempts > retries))

    def queued(self, event, receives=5):
        messages, dead = event["Records"], 0
        for _ in range(receives):
            is_error, answer = self.invoke({"Records": messages})
            failed = {each["itemIdentifier"] for each in answer.get("batchItemFailures", [])}
            messages = messages if is_error else [each for each in messages if each["messageId"] in failed]
            self.add("FailedInvokeEventCount", [len(messages)], EventSourceMappingUUID="ImageQueueMapping")
            if not messages:
                break
        self.visible("ImageDeadLetterQueue-QueueName", len(messages))

    def http(self, event):
        is_error, answer = self.invoke(event)
        is_server_error = is_error or answer["statusCode"] >= 500
        self.add("Url5xxCount", [int(is_server_error)], FunctionName=self.stack)

    def start_only(self):
        """An invocation of a process that does not start fails."""
        is_error = self.function.fails_to_start()
        for resource in ({}, {"Resource": f"{self.stack}:live"}):
            self.add("Errors", [int(is_error)], FunctionName=self.stack, **resource)

    def finish(self):
        lines = self.function.stop()
        self.names = emitted(lines, self.level, self.metrics)
        return lines


def environment(rendered):
    """The variables of the rendered function, without its empty ones, as Lambda sets them."""
    variables = rendered["Resources"]["ClassifyFunction"]["Properties"]["Environment"]["Variables"]
    return {"PATH": os.environ["PATH"], **{name: str(value) for name, value in variables.items()}}
