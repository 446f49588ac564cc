"""Puts a function's metrics into moto with boto3 and compares what `plan --from-cloudwatch` makes of them."""

import datetime
import io
import json
import os
import subprocess
import sys
import zipfile

import boto3

url, inferencectl = sys.argv[1:]
keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}


def client(service):
    return boto3.client(
        service, endpoint_url=url, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )


cloudwatch = client("cloudwatch")


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


def check_configuration(before):
    """With a function to read, its own memory, limit and reservation are used, and the planner grades itself."""
    assert any("could be read: the options' defaults" in notice for notice in before["notices"]), before["notices"]
    assert "present" not in before and before["grade"] == [], before["grade"]
    iam, functions = client("iam"), client("lambda")
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="photos", AssumeRolePolicyDocument=policy)["Role"]["Arn"]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("bootstrap", "#!/bin/sh\n")
    functions.create_function(
        FunctionName="photos", Runtime="provided.al2023", Handler="bootstrap", Role=role, MemorySize=512, Timeout=20,
        Architectures=["arm64"], Code={"ZipFile": archive.getvalue()}, Publish=True,
    )
    functions.create_alias(FunctionName="photos", Name="live", FunctionVersion="1")
    functions.put_function_concurrency(FunctionName="photos", ReservedConcurrentExecutions=30)
    run = plan("--from-cloudwatch", "photos", "--days", "14", "--json")
    assert run.returncode == 0, run
    answer = json.loads(run.stdout)
    used = next(notice for notice in answer["notices"] if "used from AWS" in notice)
    assert "512 MB, arm64, timeout 20 s" in used and "in place: reserved concurrency 30" in used, used
    assert answer["present"]["function"] == "reserved 30", answer["present"]
    assert answer["recommended"]["memoryMegabytes"] == 512, answer["recommended"]
    grade = {row["name"]: row for row in answer["grade"]}
    assert grade["Invocations"]["error"] == 0, grade
    assert abs(grade["Mean duration"]["error"]) < 0.2, grade


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

    check_configuration(answer)
    nobody = plan("--from-cloudwatch", "nobody")
    assert nobody.returncode == 1 and "no invocations of nobody" in nobody.stderr, nobody
    print(f"{sum(counts)} invocations of {len(counts)} minutes in two days are {int(traffic['arrivals'])} arrivals")


main()
