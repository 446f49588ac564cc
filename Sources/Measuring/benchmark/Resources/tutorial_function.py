"""The tutorial's function on the tutorial's stack: boto3 under awslambdaric, doing what ours does.

Images of one event are classified eight at a time, as ours are; a single one without the detour of a thread.
"""

import concurrent.futures
import json
import math
import os
import urllib.parse

import boto3
import botocore.config

PARALLEL = 8
configuration = botocore.config.Config(max_pool_connections=PARALLEL)
s3 = boto3.client("s3", config=configuration)
runtime = boto3.client("sagemaker-runtime", config=configuration)
threads = concurrent.futures.ThreadPoolExecutor(PARALLEL)


def classify(record):
    source = record["s3"]
    image = s3.get_object(
        Bucket=source["bucket"]["name"], Key=urllib.parse.unquote_plus(source["object"]["key"])
    )["Body"].read()
    reply = runtime.invoke_endpoint(
        EndpointName=os.environ["ENDPOINT_NAME"], ContentType="image/jpeg", Body=image
    )
    logits = json.loads(reply["Body"].read())[0]
    largest = max(logits)
    weights = [math.exp(value - largest) for value in logits]
    total = sum(weights)
    ranking = sorted(enumerate(weight / total for weight in weights), key=lambda pair: -pair[1])
    probabilities = [{"class": str(index), "probability": value} for index, value in ranking]
    return {**probabilities[0], "probabilities": probabilities}


def handler(event, context):
    records = [record for record in event["Records"] if record["eventName"].startswith("ObjectCreated:")]
    results = [classify(record) for record in records] if len(records) < 2 else list(threads.map(classify, records))
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"},
        "isBase64Encoded": False,
        "body": json.dumps({"results": results}),
    }
