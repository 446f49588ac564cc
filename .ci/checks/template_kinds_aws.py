"""The stacks of a serverless and of an asynchronous endpoint in MiniStack: what the model's role and the function's role
can do, and what fails without each of their permissions.

usage: template_kinds_aws.py MINISTACK_URL CERTIFICATES MOTO_URL
"""

import copy
import io
import json
import sys
import time
import urllib.request
import zipfile

import boto3
from botocore.exceptions import ClientError

from deployment import ACCOUNT, BUCKET, CODE, REGION, AWS, failures, outcome, parameters, stack_arguments, wait_for_stack
from template_model import REQUIRED, as_list, render

ministack, certificates, moto = sys.argv[1:]
aws = AWS({"url": ministack, "certificates": certificates})
cloudformation, s3, iam, sts, sns, sqs, logs = (
    aws.client(name) for name in ("cloudformation", "s3", "iam", "sts", "sns", "sqs", "logs"))
REPLIES, RESULTS = "dog-replies", "dog-results"
HOSTING = {"HostModel": "true", "ModelImage": f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/models/dogs:2",
           "ModelDataUrl": "s3://dog-models/model.tar.gz"}
# A function that logs its event: what the function makes of a notification is the function's to test.
RECORDER = """#!/usr/bin/env python3
import os, urllib.request
base = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
while True:
    with urllib.request.urlopen(base + "next") as event:
        number, body = event.headers["Lambda-Runtime-Aws-Request-Id"], event.read()
    print("EVENT " + body.decode(), flush=True)
    urllib.request.urlopen(urllib.request.Request(base + number + "/response", data=b"{}")).close()
"""
DENIED = ("AccessDenied", "AuthorizationError", "AccessDeniedException")
problems = []


def expect(is_so, what):
    if not is_so:
        problems.append(what)


def create(name, **others):
    cloudformation.create_stack(**stack_arguments(aws, parameters("x86_64", name, **others), {}, name))
    status = wait_for_stack(cloudformation, name)
    expect(status == "CREATE_COMPLETE", f"{name}: {status} {failures(cloudformation, name) if status != 'CREATE_COMPLETE' else ''}")
    resources = cloudformation.list_stack_resources(StackName=name)["StackResourceSummaries"]
    outputs = cloudformation.describe_stacks(StackName=name)["Stacks"][0].get("Outputs", [])
    return ({each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources},
            {each["OutputKey"]: each["OutputValue"] for each in outputs})


def upload_recorder():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, RECORDER)
    s3.create_bucket(Bucket=CODE[0])
    s3.put_object(Bucket=CODE[0], Key=CODE[1], Body=content.getvalue())


class Role:
    """A role of the stack, its policy, and clients with its keys."""

    def __init__(self, name, policy):
        self.name, self.policy_name = name.rsplit("/", 1)[-1], policy
        self.document = iam.get_role_policy(RoleName=self.name, PolicyName=policy)["PolicyDocument"]
        arn = iam.get_role(RoleName=self.name)["Role"]["Arn"]
        keys = sts.assume_role(RoleArn=arn, RoleSessionName="played")["Credentials"]
        self.keys = keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]

    def client(self, service):
        return aws.client(service, *self.keys)

    def put(self, document):
        iam.put_role_policy(RoleName=self.name, PolicyName=self.policy_name, PolicyDocument=json.dumps(document))

    def without(self):
        """Each permission, and the document without it."""
        for index, statement in enumerate(self.document["Statement"]):
            for action in as_list(statement["Action"]):
                for resource in as_list(statement["Resource"]):
                    document = copy.deepcopy(self.document)
                    parts = [
                        {**statement, "Sid": f"{statement['Sid']}{number}", "Action": each, "Resource": where}
                        for number, (each, where) in enumerate(
                            (each, where) for each in as_list(statement["Action"]) for where in as_list(statement["Resource"]))
                        if (each, where) != (action, resource)
                    ]
                    document["Statement"][index:index + 1] = parts
                    yield (statement["Sid"], action, resource), document


def abort(client, key):
    """The upload is begun by root, so that only its end needs the permission."""
    number = s3.create_multipart_upload(Bucket=REPLIES, Key=key)["UploadId"]
    client.abort_multipart_upload(Bucket=REPLIES, Key=key, UploadId=number)


def calls_of_the_model(role, outputs):
    """By permission: what SageMaker does for a request."""
    bucket, topics = role.client("s3"), role.client("sns")
    image, replies = f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{REPLIES}"
    calls = {
        ("ReadImages", "s3:GetObject", f"{image}/uploads/*"): lambda: bucket.get_object(Bucket=BUCKET, Key="uploads/rex.jpg"),
        ("ListBuckets", "s3:ListBucket", image): lambda: bucket.list_objects_v2(Bucket=BUCKET, Prefix="uploads/"),
        ("ListBuckets", "s3:ListBucket", replies): lambda: bucket.list_objects_v2(Bucket=REPLIES),
    }
    for place in ("output", "failures"):
        key, where = f"async/{place}/extension/1.out", f"{replies}/async/{place}/*"
        calls["WriteReplies", "s3:PutObject", where] = lambda key=key: bucket.put_object(Bucket=REPLIES, Key=key, Body=b"[[2.5, -1.5]]")
        calls["WriteReplies", "s3:AbortMultipartUpload", where] = lambda key=key: abort(bucket, key)
    for name in ("AsyncSuccessTopicArn", "AsyncErrorTopicArn"):
        arn = outputs[name]
        calls["PublishResults", "sns:Publish", arn] = lambda arn=arn: topics.publish(TopicArn=arn, Message=f"played {arn}")
    return calls


def calls_of_the_function(role):
    bucket, replies = role.client("s3"), f"arn:aws:s3:::{REPLIES}"
    result = {"Bucket": RESULTS, "Key": "results/rex.json"}
    return {
        ("ReadImages", "s3:GetObject", f"arn:aws:s3:::{BUCKET}/uploads/*"): lambda: bucket.get_object(
            Bucket=BUCKET, Key="uploads/rex.jpg", Range="bytes=0-15"),
        ("ReadReplies", "s3:GetObject", f"{replies}/async/output/*"): lambda: bucket.get_object(
            Bucket=REPLIES, Key="async/output/extension/1.out"),
        ("ReadReplies", "s3:GetObject", f"{replies}/async/failures/*"): lambda: bucket.get_object(
            Bucket=REPLIES, Key="async/failures/extension/1.out"),
        ("KeepResults", "s3:PutObject", f"arn:aws:s3:::{RESULTS}/results/*"): lambda: bucket.put_object(**result, Body=b"{}"),
        ("KeepResults", "s3:GetObject", f"arn:aws:s3:::{RESULTS}/results/*"): lambda: bucket.get_object(**result),
    }


def is_denied(call):
    """By the error's code; moto answers SageMaker Runtime in XML, of which boto3 finds only the status."""
    try:
        call()
        return False
    except ClientError as error:
        described = error.response["Error"]
        return described["Code"] in DENIED or "<Code>AccessDenied</Code>" in described["Message"]


def missed(name, role, calls):
    """Each permission of these calls is removed: they fail, and no other call does. The number of permissions."""
    whole = {permission: outcome(call) for permission, call in calls.items()}
    expect(set(whole.values()) == {"allowed"}, f"{name}, whole role: {whole}")
    count, unknown = 0, set(calls)
    for permission, document in role.without():
        if permission not in calls:
            continue
        role.put(document)
        denied = {each for each, call in calls.items() if is_denied(call)}
        expect(denied == {permission}, f"{name} without {permission}: denied are {denied}")
        count, unknown = count + 1, unknown - {permission}
        role.put(role.document)
    expect(not unknown, f"{name}: the role has no {unknown}")
    return count


def nothing_else(model, function, outputs):
    """Calls of these roles that nobody needs; all must be refused."""
    m, f = model.client("s3"), function.client("s3")
    calls = {
        "model: another image": lambda: m.get_object(Bucket=BUCKET, Key="private/rex.jpg"),
        "model: a reply": lambda: m.get_object(Bucket=REPLIES, Key="async/output/extension/1.out"),
        "model: an image replaced": lambda: m.put_object(Bucket=BUCKET, Key="uploads/rex.jpg", Body=b"x"),
        "model: an object elsewhere": lambda: m.put_object(Bucket=REPLIES, Key="other/1.out", Body=b"x"),
        "model: a result": lambda: m.get_object(Bucket=RESULTS, Key="results/rex.json"),
        "model: a reply deleted": lambda: m.delete_object(Bucket=REPLIES, Key="async/output/extension/1.out"),
        "function: a reply written": lambda: f.put_object(Bucket=REPLIES, Key="async/output/2.out", Body=b"x"),
        "function: replies listed": lambda: f.list_objects_v2(Bucket=REPLIES),
        "function: a notification": lambda: function.client("sns").publish(TopicArn=outputs["AsyncSuccessTopicArn"], Message="forged"),
        "function: a version": lambda: f.get_object(Bucket=BUCKET, Key="uploads/rex.jpg", VersionId=image_version),
    }
    for what, call in calls.items():
        expect(is_denied(call), f"allowed: {what}: {outcome(call)}")
    return len(calls)


def events_of_the_function():
    found = logs.filter_log_events(logGroupName="/aws/lambda/asynchronous-endpoint")["events"]
    return [json.loads(each["message"].strip()[6:]) for each in found if each["message"].startswith("EVENT {")]


def deliveries(model, outputs):
    """What the model publishes to each topic invokes the function, as an SNS event with the message unchanged."""
    topics = {outputs[name]: f"result of {name}" for name in ("AsyncSuccessTopicArn", "AsyncErrorTopicArn")}
    for arn, message in topics.items():
        model.client("sns").publish(TopicArn=arn, Message=message)
    deadline, seen = time.monotonic() + 30, {}
    while time.monotonic() < deadline and not topics.items() <= seen.items():
        time.sleep(0.2)
        records = [record for event in events_of_the_function() for record in event.get("Records", []) if "Sns" in record]
        seen.update({each["Sns"]["TopicArn"]: each["Sns"]["Message"] for each in records if each["Sns"]["Message"] in topics.values()})
    expect(topics.items() <= seen.items(), f"the function did not receive {topics}: {seen}")
    redrive = [sns.get_subscription_attributes(SubscriptionArn=each["SubscriptionArn"])["Attributes"].get("RedrivePolicy", "")
               for arn in topics for each in sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]]
    queue = sqs.get_queue_attributes(QueueUrl=outputs["FailureQueueUrl"], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    expect([json.loads(each) for each in redrive if each] == [{"deadLetterTargetArn": queue}] * 2, f"redrive policies: {redrive}")


def invoke_in_moto():
    """moto decides by action only, so the resource is widened; nothing else is changed."""
    rendered = render({**REQUIRED, "EndpointKind": "asynchronous", "AsyncBucketName": REPLIES})
    properties = rendered["Resources"]["ClassifyRole"]["Properties"]
    (policy,) = properties["Policies"]
    statements = policy["PolicyDocument"]["Statement"]
    (invoke,) = [each for each in statements if each["Sid"] == "ClassifyWithTheEndpoint"]
    clients = {name: boto3.client(name, endpoint_url=moto, region_name=REGION, aws_access_key_id="setup", aws_secret_access_key="setup")
               for name in ("iam", "sts", "sagemaker")}
    sessions = {}
    for name, kept in (("with", [{**invoke, "Resource": "*"}]), ("without", [])):
        document = {**policy["PolicyDocument"], "Statement": [*kept, *(each for each in statements if each is not invoke)]}
        arn = clients["iam"].create_role(
            RoleName=name, AssumeRolePolicyDocument=json.dumps(properties["AssumeRolePolicyDocument"]))["Role"]["Arn"]
        clients["iam"].put_role_policy(RoleName=name, PolicyName="classify-images", PolicyDocument=json.dumps(document))
        keys = clients["sts"].assume_role(RoleArn=arn, RoleSessionName="function")["Credentials"]
        sessions[name] = boto3.client(
            "sagemaker-runtime", endpoint_url=moto, region_name=REGION, aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"], aws_session_token=keys["SessionToken"])
    for session in sessions.values():
        # moto verifies the signature of a request without a body against another text.
        session.meta.events.register("before-sign.*.InvokeEndpointAsync", lambda request, **_: setattr(request, "data", b"{}"))
    # From here on every request is checked.
    urllib.request.urlopen(urllib.request.Request(
        f"{moto}/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"})).close()
    submit = {"EndpointName": "dog-breeds", "InputLocation": f"s3://{BUCKET}/uploads/rex.jpg"}
    expect(outcome(lambda: sessions["with"].invoke_endpoint_async(**submit)) == "allowed", "InvokeEndpointAsync with its statement")
    for name, call in (("without its statement", lambda: sessions["without"].invoke_endpoint_async(**submit)),
                       ("InvokeEndpoint", lambda: sessions["with"].invoke_endpoint(EndpointName="dog-breeds", Body=b"x"))):
        expect(is_denied(call), f"{name}: {outcome(call)}")


upload_recorder()
create("serverless-endpoint", EndpointKind="serverless", TimeoutSeconds="300", ImageBucketName="serverless-photos",
       EndpointName="dogs-serverless", **HOSTING)
resources, outputs = create("asynchronous-endpoint", EndpointKind="asynchronous", AsyncBucketName=REPLIES, ResultBucketName=RESULTS,
                            HostingMinimumInstances="0", EventDelivery="queue", **HOSTING)
if problems:
    sys.exit("\n".join(problems))
image_version = s3.put_object(Bucket=BUCKET, Key="uploads/rex.jpg", Body=b"\xff\xd8\xff" + bytes(64))["VersionId"]
s3.put_object(Bucket=BUCKET, Key="private/rex.jpg", Body=b"outside the prefix")
model, function = Role(resources["HostingRole"], "host-model"), Role(outputs["RoleArn"], "classify-images")
removed = missed("model", model, calls_of_the_model(model, outputs)) + missed("function", function, calls_of_the_function(function))
refused = nothing_else(model, function, outputs)
deliveries(model, outputs)
invoke_in_moto()
with urllib.request.urlopen(urllib.request.Request(f"{ministack}/_ministack/reset", data=b""), context=aws.tls()) as answer:
    answer.read()
if problems:
    sys.exit("\n".join(problems))
print(f"two stacks; {removed} permissions removed, each missed by just its call; {refused + 2} other calls refused; both topics deliver")
