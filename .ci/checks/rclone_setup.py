"""Puts the objects into rclone's S3 and describes them for Tests/OracleTests.

usage: rclone_setup.py URL ACCESS_KEY SECRET_KEY DESCRIPTION

rclone makes no events: the keys are form-encoded here, as S3 does it (a space is +, / stays).
"""

import json
import sys
import urllib.parse

from botocore.exceptions import ClientError
from s3_objects import BUCKET, client, content, digest, keys


def main(url, access_key, secret_key, description):
    s3 = client("s3", url, access_key, secret_key)
    s3.create_bucket(Bucket=BUCKET)
    everywhere, not_on_files = keys()
    objects = []
    for key in everywhere:
        s3.put_object(Bucket=BUCKET, Key=key, Body=content(key))
        encoded = urllib.parse.quote_plus(key, safe="/")
        record = {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": "us-east-1",
            "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": BUCKET}, "object": {"key": encoded}},
        }
        objects.append({"key": key, "sha256": digest(content(key)), "event": {"Records": [record]}})
    # Why these run against MiniStack alone: should rclone learn to keep them, they shall run here too.
    for key in not_on_files:
        try:
            s3.put_object(Bucket=BUCKET, Key=key, Body=b"")
        except ClientError as error:
            assert error.response["Error"]["Code"] == "InvalidArgument", error
        else:
            sys.exit(f"rclone can keep {key!r} now: move it to 'everywhere' in object-keys.json")
    user = {"accessKeyID": access_key, "secretAccessKey": secret_key}
    with open(description, "w") as file:
        json.dump({"s3URL": url, "users": {"user": user}, "objects": objects}, file, indent=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
