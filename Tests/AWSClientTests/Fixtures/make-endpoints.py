#!/usr/bin/env python3
"""Writes endpoints.json: the hosts that botocore's endpoint rules give for both services.

    python3 make-endpoints.py > endpoints.json      (needs boto3; made with botocore 1.43.11)
"""
import itertools
import json

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

REGIONS = [
    "us-east-1", "us-west-2", "eu-central-1", "ap-southeast-5", "il-central-1", "mx-central-1",
    "cn-north-1", "cn-northwest-1", "us-gov-west-1", "us-gov-east-1", "us-iso-east-1",
    "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1", "eusc-de-east-1",
]


class Sent(Exception):
    pass


def url_of(service, region, fips, dual_stack):
    client = boto3.client(
        service, region_name=region, aws_access_key_id="a", aws_secret_access_key="b",
        config=Config(
            use_fips_endpoint=fips, use_dualstack_endpoint=dual_stack,
            s3={"us_east_1_regional_endpoint": "regional"}))
    seen = {}

    def stop(request, **_):
        seen["url"] = request.url
        raise Sent

    client.meta.events.register("before-send", stop)
    try:
        if service == "s3":
            client.get_object(Bucket="bucket", Key="key")
        else:
            client.invoke_endpoint(EndpointName="endpoint", Body=b"")
    except Sent:
        return seen["url"]


def main():
    cases = []
    for service, region in itertools.product(["s3", "sagemaker-runtime"], REGIONS):
        for fips, dual_stack in itertools.product([False, True], repeat=2):
            try:
                url = url_of(service, region, fips, dual_stack)
            except BotoCoreError:
                continue  # botocore refuses: the partition has no such endpoint
            cases.append({"service": service, "region": region, "fips": fips,
                          "dualStack": dual_stack, "url": url})
    print("[" + ",\n ".join(json.dumps(case) for case in cases) + "]")


main()
