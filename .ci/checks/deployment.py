"""The translated template as a stack in MiniStack, and what its function, role and trigger then do.

usage: deployment.py prepare|experiments INPUT.json      prints JSON for Tests/OracleTests

Removed from the template, because MiniStack does not support it: CodeDeploy and the update policy of the alias that
names it, SageMaker, Application Auto Scaling and the alarm of its policy, the alarms with metric math, and the queue's denial of requests
without TLS, because MiniStack's own S3 does not use TLS. Added: the addresses of MiniStack and LocalAWS as variables of
the function.
"""

import hashlib
import json
import ssl
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import boto3
from botocore.exceptions import ClientError

import deployment_sources
from deployment_sam import SAM
from template_model import check_parameters, source, translate

REGION, ACCOUNT, STACK, BUCKET = "us-east-1", "000000000000", "dog-breeds-app", "dog-photos"
CODE = ("code-bucket", "bootstrap.zip")
UNKNOWN_TYPES = ("AWS::CodeDeploy::", "AWS::SageMaker::", "AWS::ApplicationAutoScaling::")
KEY = "uploads/Schäferhund Rex.jpg"


class AWS:
    """Clients of MiniStack, over TLS."""

    def __init__(self, given):
        self.url, self.certificates = given["url"], given["certificates"]

    def tls(self):
        return ssl.create_default_context(cafile=self.certificates)

    def client(self, service, key="test", secret="rootsecret", token=None, **options):
        return boto3.client(
            service, endpoint_url=self.url, region_name=REGION, aws_access_key_id=key, aws_secret_access_key=secret,
            aws_session_token=token, verify=self.certificates, **options,
        )


def parameters(architecture, release, **others):
    return {
        "Release": hashlib.sha256(release.encode()).hexdigest(), "Architecture": architecture,
        "EndpointName": "dog-breeds", "ImageBucketName": BUCKET, **others,
    }


def known(template, variables):
    """The template without what MiniStack does not know, and with the function's way to it."""
    for name, resource in list(template["Resources"].items()):
        if resource["Type"].startswith(UNKNOWN_TYPES) or "Metrics" in resource["Properties"]:
            del template["Resources"][name]
    # Its action is a scaling policy.
    del template["Resources"]["AsyncFromZeroAlarm"]
    del template["Resources"]["ClassifyFunctionAliaslive"]["UpdatePolicy"]
    queue_policy = template["Resources"]["ImageQueuePolicy"]["Properties"]["PolicyDocument"]
    queue_policy["Statement"] = [each for each in queue_policy["Statement"] if each.get("Sid") != "TLSOnly"]
    template["Outputs"]["EndpointName"]["Value"] = {"Ref": "EndpointName"}
    function = template["Resources"]["ClassifyFunction"]["Properties"]
    function["Environment"]["Variables"].update(variables)
    return template


def uploaded(aws, template):
    """URL of the template in S3, as sam deploy has it: inline it would be longer than 51,200 bytes."""
    body = json.dumps(template).encode()
    key = f"{hashlib.sha256(body).hexdigest()}.template"
    aws.client("s3").put_object(Bucket=CODE[0], Key=key, Body=body)
    return f"{aws.url}/{CODE[0]}/{key}"


def stack_arguments(aws, given, variables, name=STACK):
    check_parameters(source(), given)
    return {
        "StackName": name,
        "TemplateURL": uploaded(aws, known(translate(given), variables)),
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
        "Capabilities": ["CAPABILITY_IAM"],
    }


def wait_for_stack(cloudformation, name=STACK):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        if not stack["StackStatus"].endswith("IN_PROGRESS"):
            return stack["StackStatus"]
        time.sleep(0.1)
    return "still in progress after 60 s"


def failures(cloudformation, name):
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    return [
        f"{event['LogicalResourceId']} {event['ResourceStatus']}: {event['ResourceStatusReason']}"
        for event in events if event.get("ResourceStatusReason")
    ]


def outcome(call):
    """The result of a call: "allowed", or the error's code."""
    try:
        call()
        return "allowed"
    except ClientError as error:
        return error.response["Error"]["Code"]


# --- prepare --------------------------------------------------------------------------------------------------------


def prepare(given):
    aws = AWS(given)
    cloudformation, s3, iam = (aws.client(name) for name in ("cloudformation", "s3", "iam"))
    s3.create_bucket(Bucket=CODE[0])
    with open(given["zip"], "rb") as file:
        content = file.read()
    s3.put_object(Bucket=CODE[0], Key=CODE[1], Body=content)
    architecture = given["architecture"]

    results = {"refused": refused(aws, architecture), "cases": cases(aws, architecture)}
    cloudformation.create_stack(**stack_arguments(aws, parameters(architecture, "first"), {}))
    results["created"] = wait_for_stack(cloudformation)
    if results["created"] != "CREATE_COMPLETE":
        sys.exit(f"{json.dumps(results, indent=1)}\n{failures(cloudformation, STACK)}")
    results["resources"] = sorted(
        f"{each['LogicalResourceId']} {each['ResourceStatus']}"
        for each in cloudformation.list_stack_resources(StackName=STACK)["StackResourceSummaries"]
    )
    outputs = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0].get("Outputs", [])
    results["outputs"] = {each["OutputKey"]: each["OutputValue"] for each in outputs}

    iam.create_user(UserName="photographer")
    allowed = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_user_policy(UserName="photographer", PolicyName="upload", PolicyDocument=document)
    key = iam.create_access_key(UserName="photographer")["AccessKey"]
    results["photographer"] = {"accessKeyID": key["AccessKeyId"], "secretAccessKey": key["SecretAccessKey"]}
    sam = SAM(given, aws, known)
    results["samDeploy"], results["samDeployWithLabels"] = sam.twice(), sam.with_labels()
    other = deployment_sources.STACK
    cloudformation.create_stack(**stack_arguments(
        aws, parameters(architecture, "queue", **deployment_sources.PARAMETERS), {}, other))
    results["queueStack"] = wait_for_stack(cloudformation, other)
    if results["queueStack"] != "CREATE_COMPLETE":
        sys.exit(f"{results['queueStack']}\n{failures(cloudformation, other)}")
    results["sessions"] = sessions(STACK, results["outputs"]["RoleArn"])
    results["sessions"] += sessions(other, deployment_sources.outputs(cloudformation)["RoleArn"])
    return {**given, **results}


def sessions(stack, role):
    """The keys that MiniStack gives to the function's process, as it derives them from the two ARNs.

    LocalAWS has to know them; S3 of MiniStack checks that they are the right ones.
    """
    found = []
    function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{stack}"
    for arn in [function, *(f"{function}:{suffix}" for suffix in ("live", 1, 2, 3))]:
        digest = hashlib.sha256(f"{arn}:{role}".encode()).hexdigest()
        found.append({
            "accessKeyID": f"ASIA{digest[:16].upper()}",
            "secretAccessKey": hashlib.sha256(f"secret:{digest}".encode()).hexdigest(),
            "sessionToken": hashlib.sha256(f"token:{digest}".encode()).hexdigest(),
        })
    return found


def refused(aws, architecture):
    """CloudFormation's own answers to invalid parameters; no resource may be created."""
    cloudformation, answers = aws.client("cloudformation"), {}
    for name, others in {
        "VPC without subnets": {"VpcMode": "existing", "SecurityGroupIds": "sg-0123456789abcdef0"},
        "subnets without VPC": {"SubnetIds": "subnet-0123456789abcdef0"},
        "hosting without an image": {"HostModel": "true"},
        "cooldown out of range": {"HostingScaleInCooldownSeconds": "3601"},
        "provisioned maximum without minimum": {"ProvisionedConcurrencyMaximum": "4"},
        "canary with provisioned concurrency": {
            "ProvisionedConcurrency": "2", "DeploymentType": "Canary10Percent5Minutes"},
        "endpoint in capitals": {"EndpointName": "Dogs"},
        "results among the images": {
            "ResultBucketName": "refused-photos", "ResultBucketExists": "true", "ResultPrefix": "uploads/"},
        "everybody's URLs": {
            "FunctionUrl": "true", "FunctionUrlAuth": "NONE", "ReservedConcurrency": "5", "AllowUrlInput": "true"},
        "everybody's objects": {
            "FunctionUrl": "true", "FunctionUrlAuth": "NONE", "ReservedConcurrency": "5", "AllowObjectInput": "true"},
        "a URL for everybody without a limit": {"FunctionUrl": "true", "FunctionUrlAuth": "NONE"},
        "a prefix that S3 would encode": {"ImageKeyPrefix": "year=2026/"},
        "no release": {"Release": "none"},
        "a batch without a queue": {"QueueBatchSize": "1"},
        "a serverless endpoint and a short timeout": {"EndpointKind": "serverless", "TimeoutSeconds": "299"},
        "replies among the images": {"EndpointKind": "asynchronous", "AsyncBucketName": "refused-photos"},
        "no instances in real time": {"HostingMinimumInstances": "0"},
        "a circle": {},
    }.items():
        given = parameters(architecture, "refused", ImageBucketName="refused-photos")
        template = known(translate(given), {})
        if name == "a circle":
            role = template["Resources"]["ClassifyRole"]["Properties"]["Policies"][0]["PolicyDocument"]
            role["Statement"][1]["Resource"] = {"Fn::GetAtt": ["ImageBucket", "Arn"]}
        given = {**given, **others}
        try:
            cloudformation.create_stack(
                StackName="refused", TemplateURL=uploaded(aws, template), Capabilities=["CAPABILITY_IAM"],
                Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
            )
            status = wait_for_stack(cloudformation, "refused")
            answers[name] = f"accepted, {status} {failures(cloudformation, 'refused')}"
            cloudformation.delete_stack(StackName="refused")
        except ClientError as error:
            answers[name] = error.response["Error"]["Message"]
    return answers


def cases(aws, architecture):
    """Other choices, created and removed again: status, and whether the removal left something."""
    cloudformation, answers = aws.client("cloudformation"), {}
    for name, others in {
        "existing bucket": {"ImageBucketExists": "true"},
        "existing bucket and queue": {"ImageBucketExists": "true", "EventDelivery": "queue"},
        "URL for everybody": {"FunctionUrl": "true", "FunctionUrlAuth": "NONE", "ReservedConcurrency": "5"},
        "other characters in keys": {
            "EventBridgeKeyPrefix": "year=2026/Größe/", "EventDelivery": "queue", "AlarmEmail": "on-call@example.com",
            "MonitoredVariant": "Blue", "ResultBucketName": "results-for-a-month", "ResultBucketVersioning": "true",
            "ResultRetentionDays": "30"},
        "new VPC": {"VpcMode": "create"},
        "concurrency": {"ReservedConcurrency": "5", "ProvisionedConcurrency": "2"},
        "every other option": {
            "ImageKmsKeyArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0a1b2c3d-0000-4000-8000-000000000000",
            "ResultBucketName": "results-of-every-other-option", "ResultPrefix": "",
            "ResultKmsKeyArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0a1b2c3d-0000-4000-8000-000000000001",
            "Tracing": "Active", "ImageKeyPrefix": "", "ImageKeySuffix": ".jpg", "InferenceComponent": "dogs",
            "AlarmTopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:on-call", "ImageBucketVersioning": "false",
        },
    }.items():
        stack = "case-" + name.replace(" ", "-").lower()
        given = parameters(architecture, name, **{"ImageBucketName": f"photos-of-{stack}", **others})
        cloudformation.create_stack(**stack_arguments(aws, given, {}, stack))
        answers[name] = wait_for_stack(cloudformation, stack)
        if answers[name] != "CREATE_COMPLETE":
            answers[name] += f" {failures(cloudformation, stack)}"
        cloudformation.delete_stack(StackName=stack)
    return answers


# --- experiments ----------------------------------------------------------------------------------------------------


class Experiments:
    def __init__(self, given):
        self.given, self.aws = given, AWS(given)
        self.cloudformation, self.iam, self.functions, self.sqs, self.logs = (
            self.aws.client(name) for name in ("cloudformation", "iam", "lambda", "sqs", "logs"))
        self.photographer = self.aws.client("s3", *given["photographer"].values())
        self.role = given["outputs"]["RoleArn"].rsplit("/", 1)[-1]
        self.policy = self.iam.get_role_policy(RoleName=self.role, PolicyName="classify-images")["PolicyDocument"]
        self.results = {"rolePolicy": self.policy}

    def run(self):
        self.update()
        self.tls_only()
        version = self.upload()
        self.remove_permissions(version)
        self.fail_for_good()
        self.nothing_else()
        self.trigger()
        self.sources()
        self.end_functions()
        return self.results

    def update(self):
        """The second deployment: only parameters and Release changed, so a new version has to be live."""
        alias = {"FunctionName": STACK, "Name": "live"}
        before = self.functions.get_alias(**alias)["FunctionVersion"]
        variables = {
            "AWS_ENDPOINT_URL_S3": self.aws.url, "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": self.given["sageMakerURL"]}
        second = parameters(
            self.given["architecture"], "second", MemoryMegabytes="512", CertificateBundle=self.aws.certificates)
        self.cloudformation.update_stack(**stack_arguments(self.aws, second, variables))
        status = wait_for_stack(self.cloudformation)
        after = self.functions.get_alias(**alias)["FunctionVersion"]
        memory = self.functions.get_function_configuration(FunctionName=STACK, Qualifier="live")["MemorySize"]
        self.results["update"] = {"status": status, "before": before, "after": after, "memory": memory}

    def tls_only(self):
        """MiniStack treats a request as one without TLS if a proxy's header marks it so."""
        put = {"Bucket": BUCKET, "Key": "private/plain.jpg", "Body": b"plain"}
        answers = {"withTLS": outcome(lambda: self.photographer.put_object(**put))}
        plain = self.aws.client("s3", *self.given["photographer"].values())
        plain.meta.events.register(
            "before-send.s3", lambda request, **_: request.headers.update({"X-Forwarded-Proto": "http"}))
        self.results["TLS only"] = {**answers, "withoutTLS": outcome(lambda: plain.put_object(**put))}

    def upload(self):
        """An upload by boto3, and the invocation that S3 makes of it."""
        ended = len(self.reports())
        with open(self.given["image"], "rb") as file:
            answer = self.photographer.put_object(Bucket=BUCKET, Key=KEY, Body=file.read(), ContentType="image/jpeg")
        deadline = time.monotonic() + 30
        while len(self.reports()) == ended and time.monotonic() < deadline:
            time.sleep(0.2)
        self.results["asynchronous"] = {"ended": len(self.reports()) - ended, "log": self.lines()}
        self.photographer.put_object(Bucket=BUCKET, Key="private/dog.jpg", Body=b"outside the prefix")
        return answer["VersionId"]

    def lines(self):
        events = self.logs.filter_log_events(logGroupName=f"/aws/lambda/{STACK}")["events"]
        return [event["message"].strip() for event in events]

    def reports(self):
        try:
            return [line for line in self.lines() if line.startswith("REPORT")]
        except ClientError:
            return []

    def event(self, key, version):
        """An S3 notification, as the bucket sends it."""
        item = {"key": urllib.parse.quote_plus(key, safe="/"), **({"versionId": version} if version else {})}
        record = {"eventSource": "aws:s3", "awsRegion": REGION, "eventName": "ObjectCreated:Put",
                  "s3": {"bucket": {"name": BUCKET}, "object": item}}
        return json.dumps({"Records": [record]})

    def invoke(self, key=KEY, version=None):
        """The event sent by a person, so that the answer can be seen."""
        answer = self.functions.invoke(FunctionName=STACK, Qualifier="live", Payload=self.event(key, version))
        return {"error": answer.get("FunctionError", ""), "payload": json.load(answer["Payload"])}

    def without(self, action):
        document = json.loads(json.dumps(self.policy))
        for statement in document["Statement"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            statement["Action"] = [each for each in actions if each != action]
        document["Statement"] = [each for each in document["Statement"] if each["Action"]]
        self.put_policy(document)

    def put_policy(self, document):
        self.iam.put_role_policy(
            RoleName=self.role, PolicyName="classify-images", PolicyDocument=json.dumps(document))

    def remove_permissions(self, version):
        self.results["whole role"] = {"newest": self.invoke(), "version": self.invoke(version=version)}
        self.results["outside the prefix"] = self.invoke(key="private/dog.jpg")
        for action in ("s3:GetObject", "s3:GetObjectVersion"):
            self.without(action)
            self.results[f"without {action}"] = {"newest": self.invoke(), "version": self.invoke(version=version)}
        self.put_policy(self.policy)
        self.results["whole role again"] = {"newest": self.invoke(), "version": self.invoke(version=version)}

    def fail_for_good(self):
        """An event whose image cannot be read ends in the failure queue, after the retries.

        MiniStack keeps the alias's settings but follows only those of $LATEST: they are read back, set there too, and
        $LATEST gets the event.
        """
        settings = self.functions.get_function_event_invoke_config(FunctionName=STACK, Qualifier="live")
        settings = {key: settings[key] for key in
                    ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")}
        self.functions.put_function_event_invoke_config(FunctionName=STACK, **settings)
        before = len(self.reports())
        self.functions.invoke(
            FunctionName=STACK, InvocationType="Event", Payload=self.event("private/dog.jpg", None))
        queue, messages = self.given["outputs"]["FailureQueueUrl"], []
        deadline = time.monotonic() + 30
        while not messages and time.monotonic() < deadline:
            messages = self.sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages", [])
        self.results["failure"] = {
            "settings": settings,
            "attempts": len(self.reports()) - before,
            "message": json.loads(messages[0]["Body"]) if messages else None,
        }

    def nothing_else(self):
        """What the function's own keys can do besides."""
        session = next(each for each in self.given["sessions"] if self.is_accepted(each))
        mine = {name: self.as_function(name, session) for name in
                ("s3", "sqs", "iam", "lambda", "logs", "sts", "cloudformation", "ec2")}
        queue = self.given["outputs"]["FailureQueueUrl"]
        calls = {
            "s3:PutObject": lambda: mine["s3"].put_object(Bucket=BUCKET, Key="uploads/own.jpg", Body=b"x"),
            "s3:DeleteObject": lambda: mine["s3"].delete_object(Bucket=BUCKET, Key=KEY),
            "s3:ListBucket": lambda: mine["s3"].list_objects_v2(Bucket=BUCKET),
            "s3:GetObject of the code": lambda: mine["s3"].get_object(Bucket=CODE[0], Key=CODE[1]),
            "sqs:SendMessage": lambda: mine["sqs"].send_message(QueueUrl=queue, MessageBody="x"),
            "sqs:ReceiveMessage": lambda: mine["sqs"].receive_message(QueueUrl=queue),
            "iam:GetRole": lambda: mine["iam"].get_role(RoleName=self.role),
            "iam:PutRolePolicy": lambda: mine["iam"].put_role_policy(
                RoleName=self.role, PolicyName="more", PolicyDocument=json.dumps(self.policy)),
            "lambda:InvokeFunction": lambda: mine["lambda"].invoke(FunctionName=STACK, Qualifier="live"),
            "lambda:UpdateFunctionConfiguration": lambda: mine["lambda"].update_function_configuration(
                FunctionName=STACK, Timeout=900),
            "logs:DescribeLogGroups": lambda: mine["logs"].describe_log_groups(),
            "logs:DeleteLogGroup": lambda: mine["logs"].delete_log_group(logGroupName=f"/aws/lambda/{STACK}"),
            "cloudformation:DeleteStack": lambda: mine["cloudformation"].delete_stack(StackName=STACK),
            "ec2:DescribeInstances": lambda: mine["ec2"].describe_instances(),
        }
        self.results["function's own keys"] = {name: outcome(call) for name, call in calls.items()}

    def as_function(self, service, session):
        return self.aws.client(service, *session.values())

    def is_accepted(self, session):
        s3 = self.as_function("s3", session)
        return outcome(lambda: s3.get_object(Bucket=BUCKET, Key=KEY)) == "allowed"

    def trigger(self):
        """Who may invoke the alias, by the policy that stands on it.

        MiniStack's S3 does not ask that policy before it invokes; so its evaluator is asked, in its own process.
        """
        policy = json.loads(self.functions.get_policy(FunctionName=STACK, Qualifier="live")["Policy"])
        (statement,) = policy["Statement"]
        stranger = self.aws.client("lambda", *self.given["photographer"].values())
        calls = {
            "the bucket": ("s3.amazonaws.com", f"arn:aws:s3:::{BUCKET}", ACCOUNT),
            "another bucket": ("s3.amazonaws.com", "arn:aws:s3:::cat-photos", ACCOUNT),
            "the bucket's name in another account": ("s3.amazonaws.com", f"arn:aws:s3:::{BUCKET}", "999999999999"),
            "another service": ("sns.amazonaws.com", f"arn:aws:s3:::{BUCKET}", ACCOUNT),
        }
        decisions = self.evaluate(policy, statement["Resource"], calls)
        decisions["a user without permission"] = outcome(
            lambda: stranger.invoke(FunctionName=STACK, Qualifier="live", Payload=b"{}"))
        self.functions.remove_permission(FunctionName=STACK, Qualifier="live", StatementId=statement["Sid"])
        decisions["policy after its removal"] = outcome(
            lambda: self.functions.get_policy(FunctionName=STACK, Qualifier="live"))
        decisions["the bucket after its removal"] = self.evaluate(
            {"Version": "2012-10-17", "Statement": []}, statement["Resource"], calls)["the bucket"]
        self.results["trigger"] = {"statement": statement, "decisions": decisions}

    def sources(self):
        """The stack with a queue, kept results and a URL."""
        variables = {
            "AWS_ENDPOINT_URL_S3": self.aws.url, "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": self.given["sageMakerURL"]}
        given = parameters(
            self.given["architecture"], "queue second", CertificateBundle=self.aws.certificates,
            **deployment_sources.PARAMETERS)
        self.cloudformation.update_stack(**stack_arguments(self.aws, given, variables, deployment_sources.STACK))
        status = wait_for_stack(self.cloudformation, deployment_sources.STACK)
        found = deployment_sources.SourceExperiments(self.given, self.aws, self.evaluate).run()
        self.results["sources"] = {"update": status, **found}

    def end_functions(self):
        """A function that keeps its connection would hold up the end of MiniStack for half a minute."""
        reset = urllib.request.Request(f"{self.aws.url}/_ministack/reset", data=b"")
        with urllib.request.urlopen(reset, context=self.aws.tls()) as response:
            response.read()

    def evaluate(self, policy, resource, calls, action="lambda:InvokeFunction"):
        question = json.dumps(
            {"policy": policy, "resource": resource, "region": REGION, "calls": calls, "action": action})
        answer = subprocess.run(
            [self.given["miniStackPython"], ".ci/checks/trigger_policy.py"], input=question, text=True,
            capture_output=True, check=True)
        return json.loads(answer.stdout)


if __name__ == "__main__":
    mode, path = sys.argv[1:]
    with open(path) as file:
        given = json.load(file)
    result = prepare(given) if mode == "prepare" else Experiments(given).run()
    json.dump(result, sys.stdout, indent=1, default=str)
