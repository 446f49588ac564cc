"""Runs the function in this process's own network, where a name server takes questions and never answers.

usage: unshare --mount --net dead_name_server.py BOOTSTRAP FOLDER
"""

import fcntl
import http.server
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time

DEADLINE_SECONDS = 5
EVENT = {"Records": [{
    "eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
    "s3": {"bucket": {"name": "dog-photos"}, "object": {"key": "rex.jpg"}}}]}


def isolate(folder):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        up = struct.pack("16sh", b"lo", 1)  # IFF_UP
        fcntl.ioctl(control, 0x8914, up)  # SIOCSIFFLAGS
    path = os.path.join(folder, "dead-name-server-resolv.conf")
    with open(path, "w") as file:
        file.write("nameserver 127.0.0.1\n")
    subprocess.run(["mount", "--bind", path, os.path.realpath("/etc/resolv.conf")], check=True)
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))
    return server


class RuntimeAPI(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.server.begin:
            self.server.done.wait()
            return
        self.server.begin = time.monotonic()
        body = json.dumps(EVENT).encode()
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", "request-1")
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int((time.time() + DEADLINE_SECONDS) * 1000)))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.server.seconds = time.monotonic() - self.server.begin
        self.server.error = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.done.set()

    def log_message(self, *_):
        pass


def main():
    bootstrap, folder = sys.argv[1:]
    name_server = isolate(folder)
    api = http.server.ThreadingHTTPServer(("127.0.0.1", 0), RuntimeAPI)
    api.begin, api.done, api.daemon_threads = None, threading.Event(), True
    threading.Thread(target=api.serve_forever, daemon=True).start()
    function = subprocess.Popen(
        [bootstrap], stderr=subprocess.DEVNULL, env={
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_port}", "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example", "ENDPOINT_NAME": "dog-breeds"})
    # Far beyond the deadline, so that a late answer is measured too.
    answered = api.done.wait(60)
    function.kill()
    function.wait()
    name_server.setblocking(False)
    try:
        name_server.recv(512)
    except BlockingIOError:
        sys.exit("no name was looked up")
    if not answered:
        sys.exit("no answer within 60 s")
    said = f"{api.error['errorType']} after {api.seconds:.2f} s of {DEADLINE_SECONDS} s"
    if api.seconds > DEADLINE_SECONDS:
        sys.exit(f"{said}: Lambda would have killed the function without a report")
    if api.error["errorType"] not in ("S3.Connection", "S3.TimedOut"):
        sys.exit(f"{said}: {api.error['errorMessage']}")
    print(said)


if __name__ == "__main__":
    main()
