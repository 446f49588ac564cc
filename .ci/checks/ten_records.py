"""How long the function takes for an event of ten records: a Runtime API, an S3 and an endpoint of fixed replies, each
on loopback, the latter two after a pause.

usage: ten_records.py BOOTSTRAP MAX_PARALLEL      prints median, best and worst in milliseconds
"""

import asyncio
import json
import statistics
import sys
import time

RECORDS, WARM_UP, ROUNDS = 10, 2, 7
S3_SECONDS, ENDPOINT_SECONDS = 0.020, 0.050
IMAGE = b"\xff\xd8\xff\xe0" + bytes(100_000)
LOGITS = json.dumps([[index - 66.5 for index in range(133)]]).encode()
EVENT = json.dumps({"Records": [
    {"eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
     "s3": {"bucket": {"name": "photos"}, "object": {"key": f"dog-{number}.jpg"}}}
    for number in range(RECORDS)
]}).encode()


async def serve(answer):
    """An HTTP/1.1 server; `answer(path, body)` gives status, headers and body."""

    async def handle(reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                fields = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
                if fields.get("expect") == "100-continue":
                    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                body = await reader.readexactly(int(fields.get("content-length", 0)))
                status, headers, content = await answer(head[0].split(" ")[1], body)
                lines = [f"HTTP/1.1 {status} OK", f"Content-Length: {len(content)}", *headers]
                writer.write("\r\n".join([*lines, "", ""]).encode() + content)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    return server, "127.0.0.1:{}".format(server.sockets[0].getsockname()[1])


class Rounds:
    """The Runtime API: returns the event repeatedly, and records when its answer arrives."""

    def __init__(self):
        self.milliseconds, self.started, self.done = [], 0.0, asyncio.get_running_loop().create_future()

    async def answer(self, path, body):
        if path.endswith("/next"):
            if len(self.milliseconds) == WARM_UP + ROUNDS:
                await asyncio.sleep(3600)
            self.started = time.monotonic()
            deadline = int((time.time() + 30) * 1000)
            return 200, ["Lambda-Runtime-Aws-Request-Id: 1", f"Lambda-Runtime-Deadline-Ms: {deadline}"], EVENT
        self.milliseconds.append((time.monotonic() - self.started) * 1000)
        if not path.endswith("/response") or len(json.loads(json.loads(body)["body"])["results"]) != RECORDS:
            self.end(RuntimeError(f"{path}: {body[:500]}"))
        elif len(self.milliseconds) == WARM_UP + ROUNDS:
            self.end(None)
        return 202, [], b""

    def end(self, error):
        if not self.done.done():
            self.done.set_exception(error) if error else self.done.set_result(None)


async def main(bootstrap, parallel):
    async def s3(path, body):
        await asyncio.sleep(S3_SECONDS)
        return 200, ["ETag: \"1\""], IMAGE

    async def endpoint(path, body):
        await asyncio.sleep(ENDPOINT_SECONDS)
        return 200, ["Content-Type: application/json"], LOGITS

    rounds = Rounds()
    servers, addresses = zip(*[await serve(each) for each in (rounds.answer, s3, endpoint)])
    process = await asyncio.create_subprocess_exec(bootstrap, stdout=asyncio.subprocess.DEVNULL, env={
        "AWS_LAMBDA_RUNTIME_API": addresses[0], "AWS_ENDPOINT_URL_S3": f"http://{addresses[1]}",
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": f"http://{addresses[2]}", "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "ENDPOINT_NAME": "dog-breeds",
        "MAX_PARALLEL": parallel, "METRICS": "off",
    })
    try:
        await asyncio.wait_for(rounds.done, 60)
    finally:
        process.kill()
        await process.wait()
        for server in servers:
            server.close()
    measured = rounds.milliseconds[WARM_UP:]
    print(f"{statistics.median(measured):.1f} {min(measured):.1f} {max(measured):.1f}")


asyncio.run(main(*sys.argv[1:]))
