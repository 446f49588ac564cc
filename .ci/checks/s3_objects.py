"""What the two S3 oracles have in common: the keys, and an object of its own bytes under each."""

import hashlib
import json
import pathlib

import boto3
from botocore.config import Config

BUCKET = "photos"
KEYS = pathlib.Path("Tests/OracleTests/Fixtures/object-keys.json")


def keys():
    """Keys that every store can hold, and those that only a flat store can: a folder of files cannot."""
    sets = json.loads(KEYS.read_text())
    return sets["everywhere"], sets["notOnFiles"]


def content(text):
    """A JPEG's first bytes, all other bytes, and the text: no object is equal to another, none is text."""
    return b"\xff\xd8\xff\xe0" + bytes(range(256)) + text.encode()


def digest(data):
    return hashlib.sha256(data).hexdigest()


def client(service, url, access_key, secret_key, token=None):
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        aws_session_token=token,
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
    )
