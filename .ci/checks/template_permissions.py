"""Least privilege of the template by kind of endpoint: MiniStack's evaluator of policies decides every call that the
function, the model, and SNS make. Then each action, resource, and value of a condition is removed: a named call must miss
it. Each condition is removed, too: a call that was refused must then be allowed.

usage: template_permissions.py FOLDER      (what template_documents.py wrote; runs with MiniStack's Python)
"""

import copy
import json
import pathlib
import sys

from ministack.core.iam_evaluator import (
    EvalContext, combine_resource_policy, evaluate, evaluate_resource_policy, parse_policy_document,
)

FOLDER = pathlib.Path(sys.argv[1])
REGION, ACCOUNT, OTHER_ACCOUNT, STACK = "us-east-1", "123456789012", "999999999999", "dog-breeds-app"
ARN = f"arn:aws:{{}}:{REGION}:{ACCOUNT}:{{}}"
IMAGE, REPLY, FAILURE = (f"arn:aws:s3:::{each}" for each in (
    "dog-photos/uploads/rex.jpg", "dog-replies/async/output/a/1.out", "dog-replies/async/failures/1-error.out"))
RESULT, MODEL = "arn:aws:s3:::dog-results/results/dog-photos/uploads/rex.jpg.json", "arn:aws:s3:::dog-models/efficient/model.tar.gz"
ENDPOINT = ARN.format("sagemaker", "endpoint/dog-breeds")
SUCCESS, ERROR = (ARN.format("sns", each) for each in ("AsyncSuccessTopic", "AsyncErrorTopic"))
IMAGE_KEY, RESULT_KEY, REPLY_KEY = (ARN.format("kms", f"key/0a1b2c3d-0000-4000-8000-00000000000{each}") for each in range(3))
QUEUE, FAILURES, ALIAS = ARN.format("sqs", "ImageQueue"), ARN.format("sqs", "FailureQueue"), ARN.format("lambda", f"function:{STACK}:live")
BY_S3, BY_SNS = ({"kms:viaservice": f"{each}.{REGION}.amazonaws.com"} for each in ("s3", "sns"))
INTERFACE = ARN.format("ec2", "network-interface/eni-1")
OWN_CODE = {"lambda:sourcefunctionarn": ARN.format("lambda", f"function:{STACK}")}


def calls(actions, resource, context=None, name=None):
    """Calls by what is done, as name, action, resource, and context."""
    return [(name or f"{action} {resource}", action, resource, context or {}) for action in actions.split()]


NETWORK = "ec2:CreateNetworkInterface ec2:DeleteNetworkInterface ec2:AssignPrivateIpAddresses ec2:UnassignPrivateIpAddresses"
NETWORK_READS = "ec2:DescribeNetworkInterfaces ec2:DescribeSubnets"


def function_needs(kind, case):
    needs = calls(
        "sagemaker:InvokeEndpointAsync" if kind == "asynchronous" else "sagemaker:InvokeEndpoint", ENDPOINT, name="submits an image")
    needs += calls("s3:GetObject", IMAGE)
    needs += calls("logs:CreateLogStream logs:PutLogEvents", ARN.format("logs", f"log-group:/aws/lambda/{STACK}:log-stream:1"))
    needs += calls("sqs:SendMessage", FAILURES, name="sends a failed event to the failure queue")
    if kind != "asynchronous":
        needs += calls("s3:GetObjectVersion", IMAGE)
    if case == "asynchronous":
        needs += calls("s3:GetObject", REPLY, name="reads a reply above 128 KB") + calls("s3:GetObject", FAILURE)
        needs += calls("kms:Decrypt", REPLY_KEY, BY_S3, "decrypts a reply above 128 KB")
        needs += calls("kms:Decrypt", IMAGE_KEY, BY_S3, "decrypts an image")
        needs += calls("s3:PutObject s3:GetObject", RESULT) + calls("kms:GenerateDataKey kms:Decrypt", RESULT_KEY, BY_S3)
        needs += calls("sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes", QUEUE)
        # By Lambda, which is not the function's code.
        needs += calls(NETWORK, INTERFACE) + calls(NETWORK_READS, "*")
    return needs


def function_refused(kind):
    other = "sagemaker:InvokeEndpoint" if kind == "asynchronous" else "sagemaker:InvokeEndpointAsync"
    refused = calls(other, ENDPOINT, name="the call of another kind")
    refused += calls("sagemaker:InvokeEndpointAsync sagemaker:InvokeEndpoint", f"{ENDPOINT}-2")
    refused += calls("s3:GetObject", "arn:aws:s3:::dog-replies/other/1.out")
    refused += calls("s3:GetObject", "arn:aws:s3:::dog-photos/private/rex.jpg")
    if kind == "asynchronous":
        refused += calls("s3:GetObjectVersion", IMAGE) + calls("s3:GetObjectVersion", REPLY)
    refused += calls("s3:PutObject s3:DeleteObject", IMAGE) + calls("s3:PutObject s3:DeleteObject", REPLY)
    refused += calls("s3:ListBucket", "arn:aws:s3:::dog-replies") + calls("sns:Publish sns:Subscribe", SUCCESS)
    for key in (IMAGE_KEY, RESULT_KEY, REPLY_KEY):
        refused += calls("kms:Decrypt", key, name=f"{key} without a service") + calls("kms:Decrypt", key, BY_SNS, f"{key} by SNS")
    refused += calls(NETWORK, INTERFACE, OWN_CODE) + calls(NETWORK_READS, "*", OWN_CODE)
    return refused


def model_needs(case):
    needs = calls("ecr:GetAuthorizationToken", "*") + calls("s3:GetObject", MODEL)
    needs += calls("ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetDownloadUrlForLayer", ARN.format("ecr", "repository/models/dogs"))
    needs += calls("logs:CreateLogStream logs:DescribeLogStreams logs:PutLogEvents",
                   ARN.format("logs", "log-group:/aws/sagemaker/Endpoints/dog-breeds:log-stream:1"))
    for namespace in ("AWS/SageMaker", "/aws/sagemaker/Endpoints"):
        needs += calls("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": namespace}, f"metrics of {namespace}")
    if case == "asynchronous":
        needs += calls("s3:GetObject", IMAGE, name="reads the image, or RequestDownloadFailures")
        needs += calls("kms:Decrypt", IMAGE_KEY, BY_S3, "decrypts the image, or RequestDownloadFailures")
        for where, name in ((REPLY, "a reply"), (FAILURE, "an error reply")):
            needs += calls("s3:PutObject", where, name=f"writes {name}, or ResponseUploadFailures")
            needs += calls("s3:AbortMultipartUpload", where, name=f"aborts the upload of {name}")
        needs += calls("s3:ListBucket", "arn:aws:s3:::dog-photos") + calls("s3:ListBucket", "arn:aws:s3:::dog-replies")
        for topic in (SUCCESS, ERROR):
            needs += calls("sns:Publish", topic, name=f"publishes to {topic}, or NotificationFailures")
        needs += calls("kms:GenerateDataKey kms:Decrypt", REPLY_KEY, BY_S3) + calls("kms:GenerateDataKey kms:Decrypt", REPLY_KEY, BY_SNS)
    return needs


def model_refused(case):
    refused = calls("s3:GetObject", "arn:aws:s3:::dog-photos/private/rex.jpg") + calls("s3:GetObjectVersion s3:PutObject s3:DeleteObject", IMAGE)
    refused += calls("s3:GetObject s3:DeleteObject", REPLY) + calls("s3:GetObject s3:PutObject", RESULT)
    refused += calls("s3:PutObject", "arn:aws:s3:::dog-replies/other/1.out") + calls("s3:GetObject", f"{MODEL}.older")
    refused += calls("sns:Publish", ARN.format("sns", "AlarmTopic")) + calls("sns:Subscribe", SUCCESS)
    refused += calls("kms:Decrypt", RESULT_KEY, BY_S3) + calls("kms:Decrypt", IMAGE_KEY, BY_SNS, "decrypts images by SNS")
    refused += calls("kms:GenerateDataKey", IMAGE_KEY, BY_S3) + calls("kms:Decrypt", REPLY_KEY, name="decrypts a reply itself")
    refused += calls("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "Billing"}, "metrics of another namespace")
    refused += calls("sagemaker:InvokeEndpointAsync sagemaker:InvokeEndpoint", ENDPOINT) + calls("sqs:SendMessage", FAILURES)
    if case != "asynchronous":
        refused += calls("s3:GetObject s3:ListBucket", IMAGE) + calls("sns:Publish", SUCCESS)
    return refused


def context(action, resource, keys, principal="role", account=ACCOUNT, tls=True):
    return EvalContext(
        principal_arn=f"arn:aws:iam::{account}:role/{principal}", principal_type="AssumedRole", principal_account=account,
        action=action, resource_arn=resource, region=REGION, secure_transport=tls, service_context=keys)


def role_allows(document, call):
    _, action, resource, keys = call
    return evaluate(context(action, resource, keys), [parse_policy_document(document)]).decision == "Allow"


def service_allows(document, call):
    """A call of SNS itself: its topic is the source."""
    _, action, resource, keys = call
    asked = EvalContext(
        principal_arn="*", principal_type="Service", principal_account="", action=action, resource_arn=resource, region=REGION,
        secure_transport=keys.get("tls", True), service_context={"aws:sourcearn": keys["topic"], "aws:sourceaccount": ACCOUNT})
    return evaluate_resource_policy(document, asked, service=keys["service"]).decision == "Allow"


# --- What can be removed ----------------------------------------------------------------------------------------


def changed(document, index, change):
    """The document with its statement changed; without the statement if nothing remains of it."""
    document = copy.deepcopy(document)
    if not change(document["Statement"][index]):
        del document["Statement"][index]
    return document


def as_list(value):
    return value if isinstance(value, list) else [value]


def narrower(document):
    """Pairs of what is removed, and the document without it."""
    for index, statement in enumerate(document["Statement"]):
        for key in ("Action", "Resource"):
            values = as_list(statement[key])
            # A statement with one action falls with it.
            for value in values if key == "Action" or len(values) > 1 else []:
                def change(each, key=key, value=value):
                    each[key] = [other for other in as_list(each[key]) if other != value]
                    return each[key]

                yield f"{statement['Sid']} {key} {value}", changed(document, index, change)
        for operator, keys in statement.get("Condition", {}).items():
            for key, values in keys.items():
                for value in values if isinstance(values, list) else []:
                    def limit(each, operator=operator, key=key, value=value):
                        each["Condition"][operator][key] = [other for other in values if other != value]
                        return True

                    yield f"{statement['Sid']} {key} {value}", changed(document, index, limit)


def wider(document):
    for index, statement in enumerate(document["Statement"]):
        if "Condition" in statement:
            yield f"condition of {statement['Sid']}", changed(document, index, lambda each: each.pop("Condition"))


problems, counted = [], {"needed": 0, "refused": 0, "removed": 0}


def prove(where, document, needs, refused, allows):
    """Every need is allowed and every other call refused; and nothing of the document is superfluous."""
    counted["needed"] += len(needs)
    counted["refused"] += len(refused)
    problems.extend(f"{where}: not allowed: {call[0]}" for call in needs if not allows(document, call))
    problems.extend(f"{where}: allowed: {call[0]}" for call in refused if allows(document, call))

    def is_as_before(other):
        return all(allows(other, call) for call in needs) and not any(allows(other, call) for call in refused)

    for what, other in (*narrower(document), *wider(document)):
        counted["removed"] += 1
        if is_as_before(other):
            problems.append(f"{where}: no call misses {what}")


def read(name):
    return json.loads((FOLDER / name).read_text())


for case, kind in (("required", "realtime"), ("serverless", "serverless"), ("asynchronous", "asynchronous")):
    function = read(f"policy-{case}-ClassifyRole-classify-images.json")
    prove(f"{case}, function", function, function_needs(kind, case), function_refused(kind), role_allows)
    if case != "required":
        prove(f"{case}, model", read(f"policy-{case}-HostingRole-host-model.json"), model_needs(case), model_refused(case), role_allows)


BACKFILL = "arn:aws:s3:::dog-results/backfill"
prove("everything, backfill", read("policy-everything-BatchRole-classify-manifest.json"),
      calls("lambda:InvokeFunction", ARN.format("lambda", f"function:{STACK}:7")) + calls("s3:GetObject", f"{BACKFILL}/manifests/1f.csv")
      + calls("s3:PutObject", f"{BACKFILL}/reports/job-1/manifest.json"),
      calls("lambda:InvokeFunction", ARN.format("lambda", f"function:{STACK}"), name="the code that is not published")
      + calls("lambda:InvokeFunction", ARN.format("lambda", "function:other:1")) + calls("s3:GetObject", f"{BACKFILL}/reports/job-1/manifest.json")
      + calls("s3:PutObject s3:GetObject", RESULT) + calls("s3:PutObject s3:DeleteObject", f"{BACKFILL}/manifests/1f.csv")
      + calls("s3:GetObject", IMAGE), role_allows)


def from_topic(resource, action, topic, **others):
    return (f"{action} from {topic} {others or ''}", action, resource, {"topic": topic, "service": "sns.amazonaws.com", **others})


STRANGE = [ARN.format("sns", "AlarmTopic"), SUCCESS.replace(ACCOUNT, OTHER_ACCOUNT)]
send, invoke = (lambda topic, **others: from_topic(FAILURES, "sqs:SendMessage", topic, **others)), (
    lambda topic, **others: from_topic(ALIAS, "lambda:InvokeFunction", topic, **others))
strangers = {"service": "events.amazonaws.com"}
prove("failure queue", read("policy-asynchronous-FailureQueuePolicy-PolicyDocument.json"),
      [send(SUCCESS), send(ERROR)], [*map(send, STRANGE), send(SUCCESS, **strangers), send(SUCCESS, tls=False)], service_allows)
permissions = [each["Properties"] for each in read("rendered-asynchronous.json")["Resources"].values()
               if each["Type"] == "AWS::Lambda::Permission"]
prove("alias", {"Version": "2012-10-17", "Statement": [
    {"Sid": each["SourceArn"], "Effect": "Allow", "Principal": {"Service": each["Principal"]}, "Action": each["Action"],
     "Resource": each["FunctionName"], "Condition": {"ArnLike": {"AWS:SourceArn": each["SourceArn"]}}} for each in permissions
]}, [invoke(SUCCESS), invoke(ERROR)], [*map(invoke, STRANGE), invoke(SUCCESS, **strangers)], service_allows)

# Who may publish: the model's role over TLS; without its own permission nobody, and no other account.
role = read("policy-asynchronous-HostingRole-host-model.json")
for topic in (SUCCESS, ERROR):
    policy = read(f"policy-asynchronous-{topic.rsplit(':', 1)[1]}Policy-PolicyDocument.json")
    for who, identity, account, tls, expected in (
        ("the model's role", role, ACCOUNT, True, "Allow"), ("the model's role without TLS", role, ACCOUNT, False, "Deny"),
        ("a role without the permission", {"Statement": []}, ACCOUNT, True, "ImplicitDeny"),
        ("a role of another account", role, OTHER_ACCOUNT, True, "ImplicitDeny"),
    ):
        asked = context("sns:Publish", topic, {}, account=account, tls=tls)
        decision = combine_resource_policy(evaluate(asked, [parse_policy_document(identity)]), asked, policy, ACCOUNT).decision
        counted["needed" if expected == "Allow" else "refused"] += 1
        if decision != expected:
            problems.append(f"{topic}: {who}: {decision}, expected {expected}")

print("\n".join(problems))
if problems:
    sys.exit(f"{len(problems)} problems")
print(f"{counted['needed']} calls allowed, {counted['refused']} refused; {counted['removed']} permissions and conditions, each missed by a call")
