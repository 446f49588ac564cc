"""Buckets, objects, users and a role in MiniStack, described for Tests/OracleTests.

usage: ministack_setup.py URL DESCRIPTION

The events are MiniStack's own: the bucket notifies a queue, and what it sent there is what the function gets.
"""

import json
import sys
import time

from s3_objects import BUCKET, client, content, digest, keys

VERSIONED = "photos-with-versions"
ACCOUNT = "000000000000"


def policy(*statements, principal=None):
    extra = {"Principal": principal} if principal else {}
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": action, **({"Resource": resource} if resource else {}), **extra}
                for action, resource in statements
            ],
        }
    )


def main(url, description):
    # The root user's secret is never checked: it is for this set-up only.
    iam, sts, s3, sqs = (client(name, url, "test", "rootsecret") for name in ("iam", "sts", "s3", "sqs"))
    queue, queue_arn = make_queue(sqs)
    for bucket in (BUCKET, VERSIONED):
        s3.create_bucket(Bucket=bucket)
        configuration = {"QueueArn": queue_arn, "Events": ["s3:ObjectCreated:*"]}
        s3.put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [configuration]}
        )
    s3.put_bucket_versioning(Bucket=VERSIONED, VersioningConfiguration={"Status": "Enabled"})

    everywhere, not_on_files = keys()
    expected = {}
    for key in everywhere + not_on_files:
        tag = s3.put_object(Bucket=BUCKET, Key=key, Body=content(key))["ETag"]
        expected[(BUCKET, tag)] = (key, content(key))
    for text in ("first version", "second version"):
        tag = s3.put_object(Bucket=VERSIONED, Key="dog.jpg", Body=content(text))["ETag"]
        expected[(VERSIONED, tag)] = ("dog.jpg", content(text))

    for algorithm in ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"):
        key = f"checksums/{algorithm}.jpg"
        answer = s3.put_object(Bucket=BUCKET, Key=key, Body=content(key), ChecksumAlgorithm=algorithm)
        expected[(BUCKET, answer["ETag"])] = (key, content(key))
        # Botocore calculated it; the store has to send it back, or there is nothing to verify.
        sent = s3.get_object(Bucket=BUCKET, Key=key, ChecksumMode="ENABLED")
        assert f"Checksum{algorithm}" in sent, (algorithm, sorted(sent))
    key = "checksums/composite.jpg"
    tag, data = upload_in_parts(s3, key)
    expected[(BUCKET, tag)] = (key, data)

    objects, versions = [], []
    for event in receive_events(sqs, queue, len(expected)):
        record = event["Records"][0]["s3"]
        bucket = record["bucket"]["name"]
        key, data = expected.pop((bucket, f'"{record["object"]["eTag"]}"'))
        entry = {"key": key, "sha256": digest(data), "event": event}
        (objects if bucket == BUCKET else versions).append(entry)
    versions.sort(key=lambda entry: entry["event"]["Records"][0]["s3"]["object"]["sequencer"])

    read_all = policy(("s3:GetObject", "arn:aws:s3:::*"), ("s3:GetObjectVersion", "arn:aws:s3:::*"))
    users = {
        "user": make_user(iam, "reader", read_all),
        "otherBucketOnly": make_user(
            iam, "other", policy(("s3:GetObject", f"arn:aws:s3:::{VERSIONED}/*"))
        ),
        "role": make_session(iam, sts, read_all),
    }
    with open(description, "w") as file:
        document = {"s3URL": url, "users": users, "objects": objects, "versions": versions}
        json.dump(document, file, indent=1)


def upload_in_parts(s3, key):
    """Two parts, the first with S3's minimum size; the checksum of such an object is one of checksums, and ends in -2."""
    parts = [content(key) * 20_000, content(key)]
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key=key, ChecksumAlgorithm="SHA256")["UploadId"]
    done = []
    for number, part in enumerate(parts, 1):
        where = {"Bucket": BUCKET, "Key": key, "UploadId": upload, "PartNumber": number}
        answer = s3.upload_part(**where, Body=part, ChecksumAlgorithm="SHA256")
        done.append({"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": answer["ChecksumSHA256"]})
    answer = s3.complete_multipart_upload(
        Bucket=BUCKET, Key=key, UploadId=upload, MultipartUpload={"Parts": done}
    )
    checksum = s3.get_object(Bucket=BUCKET, Key=key, ChecksumMode="ENABLED")["ChecksumSHA256"]
    assert checksum.endswith("-2"), checksum
    return answer["ETag"], b"".join(parts)


def make_queue(sqs):
    queue = sqs.create_queue(QueueName="events")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allowed = policy(("sqs:SendMessage", arn), principal={"Service": "s3.amazonaws.com"})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": allowed})
    return queue, arn


def receive_events(sqs, queue, count):
    """Notifications of objects, without the test events of a new configuration."""
    events = []
    deadline = time.monotonic() + 30
    while len(events) < count:
        if time.monotonic() > deadline:
            sys.exit(f"only {len(events)} of {count} notifications came")
        answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for message in answer.get("Messages", []):
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            body = json.loads(message["Body"])
            if "Records" in body:
                events.append(body)
    return events


def make_user(iam, name, document):
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="policy", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"accessKeyID": key["AccessKeyId"], "secretAccessKey": key["SecretAccessKey"]}


def make_session(iam, sts, document):
    trust = policy(("sts:AssumeRole", None), principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
    role = iam.create_role(RoleName="function", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(RoleName="function", PolicyName="policy", PolicyDocument=document)
    session = sts.assume_role(RoleArn=role, RoleSessionName="function")["Credentials"]
    return {
        "accessKeyID": session["AccessKeyId"],
        "secretAccessKey": session["SecretAccessKey"],
        "sessionToken": session["SessionToken"],
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
