"""Runs the function once for each way in which a call can fail, and compares attempts and outcome with the table here.

usage: retry_situations.py BOOTSTRAP

The outcome is `ok`, or the error's type and whether a redelivery can help (`later`) or not (`permanent`).
"""

import base64
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time

from loopback import Handler, Server

IMAGE = b"\xff\xd8\xff\xd9"
PREDICTION_FAILED = "Prediction failed"
NO_WORKER = "dogs has no worker to serve inference request"


class Scripted(Server):
    def __init__(self, handler, script):
        super().__init__(handler)
        self.script = script
        self.count = 0

    def next_step(self):
        """The last step of the script repeats."""
        self.count += 1
        return self.script[min(self.count, len(self.script)) - 1]


class S3(Handler):
    def do_GET(self):
        step = self.server.next_step()
        if step == "hang":
            threading.Event().wait(60)
        elif step == "ok":
            self.answer(200, IMAGE)
        elif step == "damaged":
            wrong = base64.b64encode(struct.pack(">I", 1)).decode()
            self.answer(200, IMAGE, [("x-amz-checksum-crc32", wrong)])
        else:
            status, code = step
            error = f"<Error><Code>{code}</Code><Message>m</Message><RequestId>R1</RequestId></Error>"
            self.answer(status, error.encode(), [("x-amz-request-id", "R1")])


class Endpoint(Handler):
    def do_POST(self):
        self.body()
        step = self.server.next_step()
        if step == "hang":
            threading.Event().wait(60)
        elif step == "ok":
            self.answer(200, b"[[2.5, -1.5]]", [("Content-Type", "application/json")])
        else:
            status, code, body = step
            self.answer(status, json.dumps(body).encode(), [("x-amzn-ErrorType", code), ("x-amzn-RequestId", "R2")])


class RuntimeAPI(Handler):
    def do_GET(self):
        if self.server.begin:
            threading.Event().wait()
        self.server.begin = time.monotonic()
        event = {"Records": [{"s3": {"bucket": {"name": "photos"}, "object": {"key": "rex.jpg"}}}]}
        deadline = str(int((time.time() + self.server.deadline) * 1000))
        self.answer(200, json.dumps(event).encode(), [
            ("Lambda-Runtime-Aws-Request-Id", "request-1"), ("Lambda-Runtime-Deadline-Ms", deadline)])

    def do_POST(self):
        self.server.seconds = time.monotonic() - self.server.begin
        self.server.posted = self.path.rsplit("/", 1)[1], json.loads(self.body())
        self.answer(202)
        self.server.done.set()


class BrokenServer:
    """A TCP server that does one thing with every connection, and counts them."""

    def __init__(self, behavior):
        self.behavior, self.count = behavior, 0
        self.open = []  # Kept, so that nothing is closed by the garbage collection.
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            self.count += 1
            if self.behavior == "silent":
                self.open.append(connection)
                continue
            # With a part of the client's hello unread, closing resets the connection.
            connection.recv(100 if self.behavior == "reset" else 65536)
            if self.behavior == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            elif self.behavior != "end":
                connection.sendall(f"HTTP/1.1 {self.behavior} No\r\nContent-Length: 0\r\n\r\n".encode())
            connection.close()


def model_error(status, text):
    message = f'Received server error ({status}) from primary with message "{text}"'
    return 424, "ModelError", {"Message": message, "OriginalStatusCode": status, "OriginalMessage": text}


def run(bootstrap, s3=("ok",), endpoint=("ok",), deadline=60, tls=None, proxy=None, unread=False, variables=()):
    """Returns the attempts of the call that fails, the seconds, and the outcome."""
    store, model, api = Scripted(S3, s3), Scripted(Endpoint, endpoint), Server(RuntimeAPI)
    api.deadline, api.done, api.begin = deadline, threading.Event(), None
    counted = store if s3 != ("ok",) else model
    environment = {
        "AWS_LAMBDA_RUNTIME_API": api.address, "AWS_REGION": "us-east-1", "ENDPOINT_NAME": "dogs",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "x", "AWS_SESSION_TOKEN": "t", "NO_PROXY": "",
        "AWS_ENDPOINT_URL_S3": f"http://{store.address}",
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": f"http://{model.address}", **dict(variables)}
    if tls or proxy:
        counted = BrokenServer(tls or proxy)
        environment["AWS_ENDPOINT_URL_S3"] = f"https://127.0.0.1:{counted.port}" if tls else "https://s3.example"
        if proxy:
            environment["HTTPS_PROXY"] = f"http://127.0.0.1:{counted.port}"
    if unread:
        counted = BrokenServer("silent")
        environment["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"] = f"http://127.0.0.1:{counted.port}"
    function = subprocess.Popen([bootstrap], env=environment, stderr=subprocess.DEVNULL)
    is_done = api.done.wait(deadline + 15)
    function.kill()
    function.wait()
    if not is_done:
        return counted.count, None, "no answer"
    kind, body = api.posted
    outcome = "ok"
    if kind == "error":
        outcome = f"{body['errorType']} {'later' if '[a retry may help]' in body['errorMessage'] else 'permanent'}"
    return counted.count, api.seconds, outcome


def s3(*steps, **others):
    return {"s3": steps, **others}


def sagemaker(*steps, **others):
    return {"endpoint": steps, **others}


# Situation, how to make it, attempts, outcome.
SITUATIONS = [
    ("S3 503 ServiceUnavailable", s3((503, "ServiceUnavailable")), 3, "S3.ServiceUnavailable later"),
    ("S3 503 Busy", s3((503, "Busy")), 3, "S3.Busy later"),
    ("S3 400 ThrottlingException (KMS)", s3((400, "ThrottlingException")), 3, "S3.ThrottlingException later"),
    ("S3 503 RequestLimitExceeded", s3((503, "RequestLimitExceeded")), 3, "S3.RequestLimitExceeded later"),
    ("S3 500 Internal", s3((500, "Internal")), 3, "S3.Internal later"),
    ("S3 503 SlowDown", s3((503, "SlowDown")), 3, "S3.SlowDown later"),
    ("S3 checksum mismatch, once", s3("damaged", "ok"), 2, "ok"),
    ("S3 checksum mismatch, always", s3("damaged"), 2, "S3.ChecksumMismatch later"),
    ("S3 400 ExpiredToken", s3((400, "ExpiredToken")), 1, "S3.ExpiredToken later"),
    ("S3 404 NoSuchKey", s3((404, "NoSuchKey")), 1, "S3.NoSuchKey permanent"),
    ("S3 409 OperationAborted", s3((409, "OperationAborted")), 1, "S3.OperationAborted later"),
    ("S3 501, unknown code", s3((501, "NeverHeardOfIt")), 1, "S3.NeverHeardOfIt later"),
    ("S3 hangs once, deadline 10 s", s3("hang", "ok", deadline=10), 2, "ok"),
    ("S3 hangs, deadline 10 s", s3("hang", deadline=10), 3, "S3.TimedOut later"),
    ("429 TooManyRequestsException", sagemaker((429, "TooManyRequestsException", {})), 3,
     "SageMaker.TooManyRequestsException later"),
    ("500 InternalServerException", sagemaker((500, "InternalServerException", {})), 3,
     "SageMaker.InternalServerException later"),
    ("504 GatewayTimeoutException", sagemaker((504, "GatewayTimeoutException", {})), 3,
     "SageMaker.GatewayTimeoutException later"),
    ("530 InternalDependencyException", sagemaker((530, "InternalDependencyException", {})), 2,
     "SageMaker.InternalDependencyException later"),
    ("container 503, prediction failed", sagemaker(model_error(503, PREDICTION_FAILED)), 1,
     "SageMaker.ModelError permanent"),
    ("container 503, no worker", sagemaker(model_error(503, NO_WORKER)), 3, "SageMaker.ModelError later"),
    ("container timed out, deadline 60 s", sagemaker(model_error(0, "timeout")), 1, "SageMaker.ModelError later"),
    ("container timed out, deadline 200 s", sagemaker(model_error(0, "timeout"), deadline=200), 3,
     "SageMaker.ModelError later"),
    ("container 400", sagemaker(model_error(400, "cannot identify image file")), 1, "SageMaker.ModelError permanent"),
    ("endpoint hangs, ENDPOINT_TIMEOUT_MS=300",
     sagemaker("hang", variables=[("ENDPOINT_TIMEOUT_MS", "300")]), 3, "SageMaker.TimedOut later"),
    ("request never read, ENDPOINT_TIMEOUT_MS=300",
     {"unread": True, "variables": [("ENDPOINT_TIMEOUT_MS", "300")]}, 3, "SageMaker.TimedOut later"),
    ("reset in the TLS handshake", {"tls": "reset"}, 3, "S3.Connection later"),
    ("end of file in the TLS handshake", {"tls": "end"}, 3, "S3.Connection later"),
    ("TLS handshake that never ends", {"tls": "silent"}, 3, "S3.Connection later"),
    ("proxy answers 403", {"proxy": "403"}, 1, "S3.Proxy permanent"),
    ("proxy answers 407", {"proxy": "407"}, 1, "S3.Proxy permanent"),
    ("proxy answers 503", {"proxy": "503"}, 3, "S3.Proxy later"),
]


def main():
    bootstrap = os.path.abspath(sys.argv[1])
    wrong = 0
    print("| situation | attempts | seconds | outcome |\n| --- | ---: | ---: | --- |")
    for name, how, attempts, outcome in SITUATIONS:
        found = run(bootstrap, **how)
        seconds = "none" if found[1] is None else f"{found[1]:.2f}"
        is_wrong = (found[0], found[2]) != (attempts, outcome)
        wrong += is_wrong
        note = f" WRONG: {attempts}, {outcome} expected" if is_wrong else ""
        print(f"| {name} | {found[0]} | {seconds} | {found[2]}{note} |", flush=True)
    if wrong:
        sys.exit(f"{wrong} of {len(SITUATIONS)} situations are wrong")
    print(f"{len(SITUATIONS)} situations, each with the attempts and the outcome of the table")


if __name__ == "__main__":
    main()
