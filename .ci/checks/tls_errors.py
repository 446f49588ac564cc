"""What the function reports when a handshake fails. Its OpenSSL has no texts of errors until libcurl words one
(explain_errors in .packaging/libcurl.sh).

  tls_errors.py BOOTSTRAP FOLDER

The folder is for certificates.
"""

import json
import pathlib
import socket
import ssl
import subprocess
import sys
import threading
import warnings

import loopback
import mock_aws

EVENT = json.dumps({"Records": [{
    "eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
    "s3": {"bucket": {"name": "dog-photos"}, "object": {"key": "rex.jpg"}}}]}).encode()
# Handshake messages of TLS 1.2: ServerHello (ECDHE-RSA-AES128-GCM-SHA256, renegotiation_info), and a Certificate of one
# byte that is not DER.
HELLO = b"\x02\0\0\x2d\x03\x03" + b"R" * 32 + b"\0\xc0\x2f\0" + b"\0\5\xff\1\0\1\0"
GARBAGE = b"\x0b\0\0\x07\0\0\4\0\0\1\x42"


class Runtime(loopback.Handler):
    """The Runtime API, with one event."""

    def do_GET(self):
        if self.server.error or self.server.is_delivered:
            self.server.done.wait()
            return
        self.server.is_delivered = True
        self.answer(200, EVENT, [("Lambda-Runtime-Aws-Request-Id", "request-1")])

    def do_POST(self):
        self.server.error = json.loads(self.body()).get("errorMessage", "an answer")
        self.answer(202)
        self.server.done.set()


def serve(listener, accept):
    """One connection after the other."""
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        try:
            accept(connection)
        except (OSError, ssl.SSLError):
            connection.close()


def tls(folder, certificate="chain.pem", ciphers="DEFAULT", maximum=ssl.TLSVersion.TLSv1_3):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / certificate, folder / "server.key")
    context.load_dh_params(folder / "group.pem")
    context.set_ciphers(ciphers)
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = maximum

    def accept(connection):
        stream = context.wrap_socket(connection, server_side=True)
        stream.recv(65536)
        stream.sendall(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")
        stream.close()
    return accept


def plain(connection):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    connection.close()


def malformed(connection):
    connection.recv(65536)
    messages = HELLO + GARBAGE
    connection.sendall(b"\x16\x03\x03" + len(messages).to_bytes(2, "big") + messages)
    connection.recv(65536)
    connection.close()


def error(bootstrap, folder, accept, store="store.pem"):
    """What the function reports about an object on that server."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener, accept), daemon=True).start()
        runtime = loopback.Server(Runtime)
        runtime.error, runtime.is_delivered, runtime.done = "", False, threading.Event()
        process = subprocess.Popen(
            [bootstrap], cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=mock_aws.ENVIRONMENT | {
                "AWS_LAMBDA_RUNTIME_API": runtime.address, "AWS_CA_BUNDLE": store,
                "AWS_ENDPOINT_URL": f"https://127.0.0.1:{listener.getsockname()[1]}"})
        is_reported = runtime.done.wait(60)
        process.kill()
        process.wait()
        runtime.shutdown()
        return runtime.error if is_reported else "nothing was reported"


def issue(folder, name, extension, days):
    """The server's certificate, issued anew."""
    (folder / "anew.ext").write_text(extension)
    subprocess.run(
        ["openssl", "x509", "-req", "-in", "server.csr", "-CA", "intermediate.pem", "-CAkey", "intermediate.key",
         "-CAcreateserial", "-days", days, "-extfile", "anew.ext", "-out", "anew.pem"],
        cwd=folder, check=True, capture_output=True)
    (folder / name).write_text((folder / "anew.pem").read_text() + (folder / "intermediate.pem").read_text())


def main():
    bootstrap, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    mock_aws.certificates(folder, "rsa")
    issue(folder, "other-host.pem", "subjectAltName=DNS:other.example", "2")
    issue(folder, "expired.pem", "subjectAltName=IP:127.0.0.1", "-1")
    (folder / "strange.pem").write_text(
        (folder / "store.pem").read_text().replace((folder / "root.pem").read_text(), ""))
    subprocess.run(
        ["openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048", "-out", "group.pem"],
        cwd=folder, check=True, capture_output=True)
    two = ssl.TLSVersion.TLSv1_2
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        old = ssl.TLSVersion.TLSv1_1
    cases = {
        # No failures, but suites for which mock-aws has no group.
        "a DHE suite": (tls(folder, ciphers="DHE-RSA-AES128-GCM-SHA256", maximum=two), "store.pem", "(status 410)"),
        "a DHE suite with CBC": (tls(folder, ciphers="DHE-RSA-AES256-SHA", maximum=two), "store.pem", "(status 410)"),
        "another host": (tls(folder, "other-host.pem"), "store.pem",
                         "no alternative certificate subject name matches target host name '127.0.0.1'"),
        "an expired certificate": (tls(folder, "expired.pem"), "store.pem", "certificate has expired"),
        "a strange root": (tls(folder), "strange.pem", "unable to get local issuer certificate"),
        "an old version": (tls(folder, ciphers="ALL:@SECLEVEL=0", maximum=old), "store.pem",
                           "SSL routines::tlsv1 alert protocol version"),
        "no common suite": (tls(folder, ciphers="PSK", maximum=two), "store.pem",
                            "SSL routines::sslv3 alert handshake failure"),
        "no TLS": (plain, "store.pem", "SSL routines::wrong version number"),
        "a malformed certificate": (malformed, "store.pem", "asn1 encoding routines::"),
    }
    wrong = 0
    for what, (accept, store, words) in cases.items():
        message = error(bootstrap, folder, accept, store)
        is_tls = "rex.jpg: TLS: " in message or "(status 410)" in message
        if words not in message or not is_tls or "lib(" in message or "reason(" in message:
            print(f"tls: {what}: {message}, without {words}")
            wrong += 1
    if wrong:
        sys.exit(1)
    print(f"tls: {len(cases)} outcomes are explained")


main()
