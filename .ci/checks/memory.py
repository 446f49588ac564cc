"""Measures the peak memory of the function with events of many large images, and compares it with what is promised.

usage: memory.py BOOTSTRAP
"""

import json
import resource
import subprocess
import sys
import threading

from loopback import Handler, Server

IMAGE_BYTES = 6 << 20


class AWS(Handler):
    """S3, whose keys are sizes, and an endpoint."""

    def do_GET(self):
        if self.server.together:
            self.server.together.wait()
        self.answer(200, b"\xff\xd8\xff" + bytes(int(self.path.rsplit("/", 1)[1].split("-")[0]) - 3))

    def do_POST(self):
        self.body()
        self.answer(200, b"[[2.5, -1.5]]", [("Content-Type", "application/json")])


class RuntimeAPI(Handler):
    """Sends one event to all loops that ask, `invocations` times."""

    def do_GET(self):
        with self.server.lock:
            self.server.asked += 1
            number = self.server.asked
        if number > self.server.invocations:
            if number == self.server.invocations + self.server.loops:
                self.server.done.set()
            threading.Event().wait()
        self.answer(200, self.server.event, [("Lambda-Runtime-Aws-Request-Id", f"request-{number}")])

    def do_POST(self):
        self.server.posted.append((self.path, json.loads(self.body())))
        self.answer(202)


def sqs_event(sizes, declared):
    def message(index, size):
        record = {"s3": {"bucket": {"name": "photos"}, "object": {"key": f"{size}-{index}"}}}
        if declared:
            record["s3"]["object"]["size"] = declared(size)
        return {
            "messageId": str(index), "eventSource": "aws:sqs", "body": json.dumps({"Records": [record]}),
            "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:images"}

    return {"Records": [message(index, size) for index, size in enumerate(sizes)]}


def run(bootstrap, aws, sizes, declared=lambda size: size, address_space=None, loops=1, rounds=1, **variables):
    """The peak in KiB, the exit status, all that was posted, and the log; each round, every loop has an event with its first
    image at the same time."""
    api = Server(RuntimeAPI)
    api.event, api.done, api.posted = json.dumps(sqs_event(sizes, declared)).encode(), threading.Event(), []
    api.lock, api.asked, api.loops, api.invocations = threading.Lock(), 0, loops, loops * rounds
    if loops > 1:
        variables["AWS_LAMBDA_MAX_CONCURRENCY"] = str(loops)
    aws.together = threading.Barrier(loops, timeout=60) if loops > 1 else None

    def limit():
        if address_space:
            resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))

    function = subprocess.Popen(
        [bootstrap], stderr=subprocess.PIPE, preexec_fn=limit, env={
            "AWS_LAMBDA_RUNTIME_API": api.address, "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example", "ENDPOINT_NAME": "dog-breeds",
            "AWS_ENDPOINT_URL": f"http://{aws.address}", **variables})
    log = []
    reader = threading.Thread(target=lambda: log.extend(function.stderr))
    reader.start()
    while not api.done.wait(0.2) and function.poll() is None:
        pass
    ended = function.poll()
    peak = 0
    if ended is None:
        with open(f"/proc/{function.pid}/status") as status:
            peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
        function.kill()
    function.wait()
    reader.join()
    api.shutdown()
    return peak, ended, api.posted, b"".join(log).decode()


def expect(condition, *what):
    if not condition:
        sys.exit(" ".join(str(part) for part in what))


def main():
    bootstrap = sys.argv[1]
    aws = Server(AWS)
    peaks = {}
    for parallel in [1, 8]:
        for count in [1, 10, 40]:
            peak, ended, posted, log = run(bootstrap, aws, [IMAGE_BYTES] * count, MAX_PARALLEL=str(parallel))
            expect(ended is None, "exit", ended, log)
            expect(posted == [("/2018-06-01/runtime/invocation/request-1/response", {"batchItemFailures": []})], posted)
            peaks[parallel, count] = peak
            print(f"{count} images of 6 MiB, MAX_PARALLEL={parallel}: {peak / 1024:.1f} MiB")
    expect(peaks[1, 40] <= 1.1 * peaks[1, 1], "40 images need more than 1.1 times the memory of one")
    # Seven more images and their transfer buffers than one at a time.
    eight = peaks[1, 1] + 7 * (IMAGE_BYTES + (512 << 10)) / 1024
    expect(peaks[8, 40] <= 1.1 * eight, "40 images, 8 at a time, need more than 1.1 times the memory of 8")

    # Managed Instances: loops side by side. What is allocated after an image must not take the place of the next one.
    peak, ended, posted, log = run(
        bootstrap, aws, [IMAGE_BYTES, 100_000, 5 << 20], loops=8, rounds=5, MAX_PARALLEL="1")
    expect(ended is None and len(posted) == 40, ended, posted, log)
    expect(all(answer == {"batchItemFailures": []} for _, answer in posted), posted, log)
    print(f"8 loops, each with images of 6 MiB, 100 kB, and 5 MiB one by one, five times: {peak / 1024:.1f} MiB")
    expect(peak <= 1.1 * eight, "8 loops need more than 1.1 times the memory of 8 images of one")

    # Sizes in no order, so that the allocator cannot just use the same places again.
    sizes = [4 + (index * 2_654_435_761) % IMAGE_BYTES for index in range(200)]
    peak, ended, posted, log = run(
        bootstrap, aws, sizes, MAX_PARALLEL="64", AWS_LAMBDA_FUNCTION_MEMORY_SIZE="128")
    expect(ended is None and posted[0][1] == {"batchItemFailures": []}, ended, posted, log)
    expect(log.count("MAX_PARALLEL=64 will not be reached") == 1, log)
    print(f"200 images up to 6 MiB, MAX_PARALLEL=64, 128 MB: {peak / 1024:.1f} MiB")
    expect(peak < 128 << 10, "more than the function has")

    # Every event lies about the size: the objects have been replaced since.
    peak, ended, posted, log = run(
        bootstrap, aws, [IMAGE_BYTES] * 40, declared=lambda _: 1000, MAX_PARALLEL="64",
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE="128")
    expect(ended is None and posted[0][1] == {"batchItemFailures": []}, ended, posted, log)
    print(f"40 images of 6 MiB said to be of 1 kB, MAX_PARALLEL=64, 128 MB: {peak / 1024:.1f} MiB")
    expect(peak < 128 << 10, "more than the function has")

    peak, ended, posted, log = run(
        bootstrap, aws, [IMAGE_BYTES] * 64, MAX_PARALLEL="64", address_space=256 << 20)
    expect(ended is None and posted[0][1] == {"batchItemFailures": []}, ended, posted, log)
    print(f"64 images of 6 MiB, MAX_PARALLEL=64, ulimit -v 262144: {peak / 1024:.1f} MiB, all answered")

    # One that can never fit is named with what it needs, and the others are classified.
    _, ended, posted, log = run(
        bootstrap, aws, [1000, 100 << 20, 1000], MAX_IMAGE_BYTES="104857600", AWS_LAMBDA_FUNCTION_MEMORY_SIZE="128")
    expect(ended is None and posted[0][1] == {"batchItemFailures": [{"itemIdentifier": "1"}]}, ended, posted, log)
    expect("s3://photos/104857600-1: the image is 104857600 bytes, which needs" in log, log)
    print(f"40 of 6 MiB one by one take {peaks[1, 40] / peaks[1, 1]:.2f} times the memory of one; nothing exceeds its limit")


if __name__ == "__main__":
    main()
