"""Servers that send more than the Content-Length: the function uses another connection for its next request.

  unread_bytes.py BOOTSTRAP FOLDER

The folder is for certificates.
"""

import json
import pathlib
import socket
import ssl
import subprocess
import sys
import threading
import time

import loopback
import mock_aws

EVENT = json.dumps({"bucket": "dog-photos", "key": "rex.jpg"}).encode()
EVENTS = 3


class Runtime(loopback.Handler):
    """The Runtime API; the next event comes when the surplus of the responses has been sent."""

    def do_GET(self):
        state = self.server
        if state.delivered == EVENTS:
            state.done.wait()
            return
        state.delivered += 1
        self.answer(200, EVENT, [("Lambda-Runtime-Aws-Request-Id", f"request-{state.delivered}")])

    def do_POST(self):
        self.server.answers.append(self.body().decode())
        for aws in self.server.aws:
            aws.sent.acquire(timeout=10)
        self.answer(202)
        if len(self.server.answers) == EVENTS:
            self.server.done.set()


class AWS:
    """S3 or the endpoint: each response is followed by bytes that belong to none."""

    def __init__(self, context, is_in_record):
        self.is_in_record = is_in_record
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.context, self.connections, self.sent = context, 0, threading.Semaphore(0)
        self.url = f"{'https' if context else 'http'}://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            stream = connection.makefile("rb")
            while line := stream.readline():
                headers = {}
                while (header := stream.readline().decode().strip()) != "":
                    name, _, value = header.partition(":")
                    headers[name.lower()] = value.strip()
                stream.read(int(headers.get("content-length", 0)))
                body = b"\xff\xd8\xff" if line.startswith(b"GET") else b"[[2.5, -1.5]]"
                head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
                # What follows at once on its connection would be sent before the surplus arrives.
                if b" /ping " in line:
                    connection.sendall(head + body)
                elif self.is_in_record:
                    # libcurl finds what it reads with the headers, and OpenSSL keeps the rest of a record.
                    connection.sendall(head + body[:1])
                    time.sleep(0.05)
                    connection.sendall(body[1:] + b"surplus\r\n")
                    self.sent.release()
                else:
                    connection.sendall(head + body)
                    connection.sendall(b"surplus\r\n")
                    self.sent.release()
        except OSError:
            connection.close()


def answers(bootstrap, folder, context=None, is_in_record=False):
    """What the function answers to the events, and how many connections AWS saw."""
    runtime = loopback.Server(Runtime)
    runtime.delivered, runtime.answers, runtime.done = 0, [], threading.Event()
    runtime.aws = s3, endpoint = AWS(context, is_in_record), AWS(context, is_in_record)
    process = subprocess.Popen(
        [bootstrap], cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=mock_aws.ENVIRONMENT | {
            "AWS_LAMBDA_RUNTIME_API": runtime.address, "AWS_CA_BUNDLE": "root.pem",
            "AWS_ENDPOINT_URL_S3": s3.url, "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": endpoint.url})
    runtime.done.wait(60)
    process.kill()
    process.wait()
    runtime.shutdown()
    for aws in runtime.aws:
        aws.listener.close()
    return runtime.answers, s3.connections + endpoint.connections


def main():
    bootstrap, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    mock_aws.certificates(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "chain.pem", folder / "server.key")
    cases = ("HTTP", None, False), ("HTTPS", context, False), ("HTTPS, in the record of the body", context, True)
    for what, tls, is_in_record in cases:
        found, connections = answers(bootstrap, folder, tls, is_in_record)
        if len(found) != EVENTS or not all('"statusCode":200' in answer for answer in found):
            sys.exit(f"unread-bytes: {what}: {found}")
        print(f"unread-bytes: {EVENTS} events over {what} are answered, with {connections} connections")


main()
