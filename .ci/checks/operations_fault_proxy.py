"""A proxy on loopback that injects faults in front of another server, by AWS operation.

Each fault is used once, in order: `lose` forwards the request and drops the response; `answer` responds in place of the
server; `then` forwards it and calls a function before the response; `pass` and anything else is forwarded.
"""

import http.client
import http.server
import json
import socket
import sys
import threading
import urllib.parse


class Faults:
    def __init__(self):
        self.lock, self.planned, self.calls = threading.Lock(), [], []

    def plan(self, operation, kind, status=200, body=None, code=None, times=1):
        with self.lock:
            self.planned += [(operation, kind, status, body, code)] * times

    def take(self, operation):
        with self.lock:
            self.calls.append(operation)
            for index, fault in enumerate(self.planned):
                if fault[0] == operation:
                    return self.planned.pop(index)
        return None

    def count(self, operation):
        with self.lock:
            return self.calls.count(operation)

    def reset(self):
        with self.lock:
            left, self.planned, self.calls = self.planned, [], []
        return left


def operation_of(handler):
    target = handler.headers.get("X-Amz-Target")
    if target:
        return target.rpartition(".")[2]
    path = urllib.parse.urlsplit(handler.path).path
    words = [word for word in path.split("/") if word]
    return f"{handler.command} {words[3] if len(words) > 3 else words[-1]}"


def start(upstream, faults):
    """The proxy's address; it ends with the process."""
    host, port = urllib.parse.urlsplit(upstream).netloc.split(":")

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fault = faults.take(operation_of(self))
            if fault and fault[1] == "answer":
                _, _, status, answer, code = fault
                self.respond(status, [("x-amzn-ErrorType", code)] if code else [], json.dumps(answer or {}).encode())
                return
            connection = http.client.HTTPConnection(host, int(port), timeout=60)
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            if fault and fault[1] == "then":
                fault[3]()
            if fault and fault[1] == "lose":
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            kept = [(n, v) for n, v in answer.getheaders() if n.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server")]
            self.respond(answer.status, kept, content)

        def respond(self, status, headers, content):
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if status != 204:
                self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = handle_any

        def log_message(self, *_):
            pass

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, request, address):
            # A program that was killed resets its connection.
            if not isinstance(sys.exc_info()[1], ConnectionError):
                super().handle_error(request, address)

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"
