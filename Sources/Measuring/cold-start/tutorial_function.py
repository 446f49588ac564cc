"""The tutorial's function on the tutorial's stack: boto3 under awslambdaric, doing what ours does."""

import json
import math
import os
import urllib.parse

import boto3

s3 = boto3.client("s3")
runtime = boto3.client("sagemaker-runtime")


def handler(event, context):
    source = event["Records"][0]["s3"]
    image = s3.get_object(
        Bucket=source["bucket"]["name"], Key=urllib.parse.unquote_plus(source["object"]["key"])
    )["Body"].read()
    reply = runtime.invoke_endpoint(
        EndpointName=os.environ["ENDPOINT_NAME"], ContentType="image/jpeg", Body=image
    )
    logits = json.loads(reply["Body"].read())[0]
    largest = max(logits)
    weights = [math.exp(value - largest) for value in logits]
    ranking = sorted(enumerate(weight / sum(weights) for weight in weights), key=lambda pair: -pair[1])
    probabilities = [{"class": str(index), "probability": value} for index, value in ranking]
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"},
        "isBase64Encoded": False,
        "body": json.dumps({"results": [{**probabilities[0], "probabilities": probabilities}]}),
    }
