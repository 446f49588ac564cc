"""Puts a function's metrics into moto with boto3 and compares what `plan --from-cloudwatch` makes of them."""

import datetime
import json
import os
import subprocess
import sys

import boto3

url, inferencectl = sys.argv[1:]
keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}
cloudwatch = boto3.client(
    "cloudwatch", endpoint_url=url, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
)


def put(function, name, minutes):
    for start in range(0, len(minutes), 100):
        cloudwatch.put_metric_data(
            Namespace="AWS/Lambda",
            MetricData=[
                {
                    "MetricName": name,
                    "Dimensions": [{"Name": "FunctionName", "Value": function}],
                    "Timestamp": time,
                    "Value": value,
                }
                for time, value in minutes[start : start + 100]
            ],
        )


def plan(*arguments):
    command = [inferencectl, "plan", *arguments, "--endpoint-url", url]
    return subprocess.run(command, env=os.environ | keys, capture_output=True, text=True)


def main():
    now = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
    first = now - datetime.timedelta(days=2)
    times = [first + datetime.timedelta(minutes=37 * index) for index in range(70)]
    counts = [1 + index % 7 for index in range(70)]
    put("photos", "Invocations", list(zip(times, counts)))
    put("photos", "Duration", [(time, 80 + index % 3) for index, time in enumerate(times)])
    put("photos", "ConcurrentExecutions", [(time, 1 + index % 4) for index, time in enumerate(times)])
    # Of another function: not to be counted.
    put("others", "Invocations", [(time, 1000) for time in times])

    run = plan("--from-cloudwatch", "photos", "--days", "14", "--json")
    if run.returncode != 0:
        sys.exit(f"status {run.returncode}: {run.stderr}")
    answer = json.loads(run.stdout)
    traffic = answer["traffic"]
    assert traffic["arrivals"] == sum(counts), traffic
    assert traffic["startUnixSeconds"] == first.timestamp(), (traffic, first.timestamp())
    # The whole minutes up to now, a minute more when one ended since.
    assert round(traffic["seconds"]) - 2 * 86_400 in (0, 60, 120), traffic
    assert any("at most 4 invocations ran at once" in notice for notice in answer["notices"]), answer["notices"]
    assert any("no percentiles" in notice for notice in answer["notices"]), answer["notices"]
    latency = answer["recommended"]["p50Milliseconds"]
    assert 79 < latency < 84, latency
    assert "--function-name photos" in answer["commands"][0], answer["commands"]

    nobody = plan("--from-cloudwatch", "nobody")
    assert nobody.returncode == 1 and "no invocations of nobody" in nobody.stderr, nobody
    print(f"{sum(counts)} invocations of {len(counts)} minutes in two days are {int(traffic['arrivals'])} arrivals")


main()
