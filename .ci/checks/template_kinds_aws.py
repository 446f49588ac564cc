"""The stacks of a serverless and of an asynchronous endpoint in MiniStack: what the model's role and the function's role
can do, and what fails without each of their permissions; the function of dist/bootstrap.zip from an upload to its result.

usage: template_kinds_aws.py MINISTACK_URL CERTIFICATES MOTO_URL
"""

import copy
import json
import sys
import time
import urllib.request

import boto3
from botocore.exceptions import ClientError

from deployment import ACCOUNT, BUCKET, CODE, REGION, AWS, failures, outcome, parameters, stack_arguments, wait_for_stack
from template_kinds_endpoint import Endpoint
from template_model import REQUIRED, as_list, render

ministack, certificates, moto = sys.argv[1:]
aws = AWS({"url": ministack, "certificates": certificates})
cloudformation, s3, iam, sts, sns, sqs, logs = (
    aws.client(name) for name in ("cloudformation", "s3", "iam", "sts", "sns", "sqs", "logs"))
STACK, REPLIES, RESULTS = "asynchronous-endpoint", "dog-replies", "dog-results"
HOSTING = {"HostModel": "true", "ModelImage": f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/models/dogs:2",
           "ModelDataUrl": "s3://dog-models/model.tar.gz"}
DENIED = ("AccessDenied", "AuthorizationError", "AccessDeniedException")
problems = []


def expect(is_so, what):
    if not is_so:
        problems.append(what)


def create(name, variables, **others):
    cloudformation.create_stack(**stack_arguments(aws, parameters(architecture, name, **others), variables, name))
    status = wait_for_stack(cloudformation, name)
    expect(status == "CREATE_COMPLETE", f"{name}: {status} {failures(cloudformation, name) if status != 'CREATE_COMPLETE' else ''}")
    resources = cloudformation.list_stack_resources(StackName=name)["StackResourceSummaries"]
    outputs = cloudformation.describe_stacks(StackName=name)["Stacks"][0].get("Outputs", [])
    return ({each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources},
            {each["OutputKey"]: each["OutputValue"] for each in outputs})


def upload_function():
    s3.create_bucket(Bucket=CODE[0])
    with open("dist/bootstrap.zip", "rb") as file:
        s3.put_object(Bucket=CODE[0], Key=CODE[1], Body=file.read())
    with open("dist/bootstrap.zip.arch") as file:
        return file.read().strip()


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


def wait_for(found, what):
    """The first value that is not None, within 30 s."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if (value := found()) is not None:
            return value
        time.sleep(0.1)
    log = [each["message"].strip() for each in logs.filter_log_events(logGroupName=f"/aws/lambda/{STACK}")["events"]]
    problems.append(f"{what}: nothing within 30 s; {endpoint.problems}; {log[-5:]}")
    return None


def stored(key, version):
    try:
        return json.load(s3.get_object(Bucket=RESULTS, Key=f"results/{BUCKET}@versions/{key}/{version}.json")["Body"])
    except ClientError:
        return None


def upload(key):
    with open("events/objects/dog-photos/uploads/mixed-breed.jpg", "rb") as file:
        return s3.put_object(Bucket=BUCKET, Key=key, Body=file.read())["VersionId"]


def results_return():
    """An upload, its submission, the model's message, and the function's document; with the reply in the message and without."""
    for key in ("uploads/Schäferhund Rex.jpg", "uploads/large.jpg"):
        version = upload(key)
        document = wait_for(lambda: stored(key, version), f"result of {key}") or {}
        expect(document.get("class") == "071.German_shepherd_dog", f"{key}: {document.get('class')}")
        source = document.get("source", {})
        expect((source.get("key"), source.get("versionId"), source.get("overwritten")) == (key, version, None), f"{key}: {source}")


def failure_reaches_the_queue():
    """The message of a failed inference fails the invocation, and the event comes to the failure queue.

    MiniStack's SNS invokes without Lambda's retries and destination, so the same event is sent again as SNS sends it, to
    $LATEST with the alias's settings: MiniStack follows only those.
    """
    upload("uploads/bad.jpg")
    topic, message = wait_for(lambda: next((each for each in endpoint.messages if '"Failed"' in each[1]), None), "failure") or (None, None)
    functions = aws.client("lambda")
    settings = functions.get_function_event_invoke_config(FunctionName=STACK, Qualifier="live")
    functions.put_function_event_invoke_config(FunctionName=STACK, **{
        name: settings[name] for name in ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")})
    event = {"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": f"{topic}:1", "Sns": {
        "Type": "Notification", "MessageId": "1", "TopicArn": topic, "Message": message, "Timestamp": "2026-11-26T08:00:02.000Z"}}]}
    functions.invoke(FunctionName=STACK, InvocationType="Event", Payload=json.dumps(event))
    found = wait_for(lambda: next(iter(sqs.receive_message(
        QueueUrl=outputs["FailureQueueUrl"], WaitTimeSeconds=1).get("Messages", [])), None), "failure queue") or {"Body": "{}"}
    record = json.loads(found["Body"])
    error, attempts = record.get("responsePayload", {}), record.get("requestContext", {}).get("approximateInvokeCount")
    expect(error.get("errorType") == "Endpoint.AsyncFailed" and "uploads/bad.jpg" in error.get("errorMessage", ""), f"failure: {error}")
    expect(attempts == 3 and record.get("requestPayload") == event, f"failure: {attempts} attempts of {record.get('requestPayload')}")
    submitted = [each for each in endpoint.messages if "bad.jpg" in each[1]]
    expect(len(submitted) == 1, f"the message of a failure submitted its image again: {len(submitted)}")


def subscriptions_have_the_failure_queue():
    queue = sqs.get_queue_attributes(QueueUrl=outputs["FailureQueueUrl"], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    for name in ("AsyncSuccessTopicArn", "AsyncErrorTopicArn"):
        (each,) = sns.list_subscriptions_by_topic(TopicArn=outputs[name])["Subscriptions"]
        redrive = sns.get_subscription_attributes(SubscriptionArn=each["SubscriptionArn"])["Attributes"].get("RedrivePolicy", "{}")
        expect(json.loads(redrive) == {"deadLetterTargetArn": queue}, f"{name}: {redrive}")


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


architecture = upload_function()
create("serverless-endpoint", {}, EndpointKind="serverless", TimeoutSeconds="300", ImageBucketName="serverless-photos",
       EndpointName="dogs-serverless", **HOSTING)
settings = {"EndpointKind": "asynchronous", "AsyncBucketName": REPLIES, "ResultBucketName": RESULTS, "HostingMinimumInstances": "0",
            "CertificateBundle": certificates, **HOSTING}
resources, outputs = create(STACK, {}, **settings)
if problems:
    sys.exit("\n".join(problems))
model, function = Role(resources["HostingRole"], "host-model"), Role(outputs["RoleArn"], "classify-images")
endpoint = Endpoint(model, {"output": outputs["AsyncOutputAt"], "failure": outputs["AsyncFailureAt"],
                            "success": outputs["AsyncSuccessTopicArn"], "error": outputs["AsyncErrorTopicArn"]})
cloudformation.update_stack(**stack_arguments(aws, parameters(architecture, "second", **settings), {
    "AWS_ENDPOINT_URL_S3": ministack, "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": f"http://{endpoint.address}"}, STACK))
expect(wait_for_stack(cloudformation, STACK) == "UPDATE_COMPLETE", f"update: {failures(cloudformation, STACK)}")
subscriptions_have_the_failure_queue()
results_return()
failure_reaches_the_queue()
problems += endpoint.problems
# From here on the role lacks permissions, and the endpoint may report failures of this upload.
image_version = s3.put_object(Bucket=BUCKET, Key="uploads/rex.jpg", Body=b"\xff\xd8\xff" + bytes(64))["VersionId"]
s3.put_object(Bucket=BUCKET, Key="private/rex.jpg", Body=b"outside the prefix")
removed = missed("model", model, calls_of_the_model(model, outputs)) + missed("function", function, calls_of_the_function(function))
refused = nothing_else(model, function, outputs)
invoke_in_moto()
with urllib.request.urlopen(urllib.request.Request(f"{ministack}/_ministack/reset", data=b""), context=aws.tls()) as answer:
    answer.read()
if problems:
    sys.exit("\n".join(problems))
print(f"results of uploads return, a failure reaches its queue; {removed} permissions removed, each missed by just its call; "
      f"{refused + 2} other calls refused")
