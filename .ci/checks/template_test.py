"""Tests of template.yaml as SAM translates it. Run by template.sh."""

import base64
import copy
import hashlib
import json
import re
import shutil
import string
import subprocess
import sys
import urllib.parse
import zipfile

import pytest
from samcli.cli.types import CfnParameterOverridesType

from template_model import (
    ACCOUNT, ASYNCHRONOUS, CASES, EVERYTHING, EXISTING, HOSTING, KMS_KEY, PUBLIC, REGION, REQUIRED, RESULT_KMS_KEY, STACK, TEMPLATE,
    Refused, as_list, check_parameters, cycle, of_type, policies, references, render, role_statements, source, statements, translate,
)

ARN = f"arn:aws:{{}}:{REGION}:{ACCOUNT}:{{}}"
ENDPOINT_ARN = ARN.format("sagemaker", "endpoint/dog-breeds")
# Another value of each parameter, and what it needs beside it.
OTHER = {
    "Release": "0" * 64, "Architecture": "arm64", "EndpointName": "cats", "EndpointVariant": "Green",
    "InferenceComponent": "dogs", "TargetModel": "dogs.tar.gz", "EndpointContentType": "image/webp",
    "EndpointAccept": "text/csv", "CustomAttributes": "a=b", "ModelOutput": "logits", "InputMode": "presigned-url",
    "EndpointRequest": "triton-binary", "ImageTypeMap": "image/webp=image/x-image,image/heic=image/heic",
    "ReplyValues": "/outputs/0/data", "ReplyLabels": "/labels", "MaximumClasses": "1000000",
    "ClassLabelsFile": "labels.txt", "MaximumAttempts": "5", "UseFipsEndpoint": "true", "UseDualStackEndpoint": "true",
    "CertificateBundle": "/opt/roots.pem", "ImageBucketName": "cat-photos", "ImageBucketExists": "true",
    "ImageKeyPrefix": "", "ImageKeySuffix": ".jpg", "ImageBucketVersioning": "false", "ImageKmsKeyArn": KMS_KEY,
    "ResultBucketName": "cat-results", "ResultBucketExists": "true", "ResultPrefix": "", "ResultKmsKeyArn": KMS_KEY,
    "TopK": "5", "EventDelivery": "queue", "QueueBatchSize": "1", "QueueMaximumConcurrency": "2",
    "FunctionUrl": "true", "FunctionUrlAuth": "NONE", "AllowUrlInput": "true", "MaximumParallel": "1",
    "DeadlineMarginMilliseconds": "0", "Metrics": "off",
    "MaximumImageBytes": "1000000", "MemoryMegabytes": "512", "TimeoutSeconds": "60", "LogLevel": "DEBUG",
    "LogRetentionDays": "7", "Tracing": "Active", "MaximumRetryAttempts": "0", "MaximumEventAgeSeconds": "60",
    "ReservedConcurrency": "0", "ProvisionedConcurrency": "3", "ProvisionedConcurrencyMaximum": "9",
    "ProvisionedUtilizationTarget": "0.5", "DeploymentType": "Canary10Percent5Minutes", "VpcMode": "create",
    "SubnetIds": EXISTING["SubnetIds"], "SecurityGroupIds": EXISTING["SecurityGroupIds"], "VpcCidr": "10.1.2.0/24",
    "HostModel": "true", "ModelImage": HOSTING["ModelImage"], "ModelDataUrl": HOSTING["ModelDataUrl"],
    "HostingInstanceType": "ml.g4dn.xlarge", "HostingAutoscaling": "false", "HostingMinimumInstances": "2",
    "HostingMaximumInstances": "8", "HostingInvocationsPerInstance": "60", "HostingScaleInCooldownSeconds": "30",
    "HostingScaleOutCooldownSeconds": "30", "AlarmTopicArn": EXISTING["AlarmTopicArn"],
    "ModelLatencyAlarmMilliseconds": "500", "AlarmEmail": EVERYTHING["AlarmEmail"], "MonitoredVariant": "Blue",
    "RunbookUrl": "https://example.com/runbook", "FailuresAlarmThreshold": "5", "QueueAgeAlarmSeconds": "3600",
    "EventBridgeKeyPrefix": "year=2026/Größe/", "EventBridgeKeySuffix": "+1.jpg", "AllowObjectInput": "true",
    "LogResults": "off", "ResultBucketVersioning": "true", "ResultRetentionDays": "30",
    "BackfillRole": "true", "EndpointKind": "asynchronous", "ServerlessMemoryMegabytes": "6144", "ServerlessMaximumConcurrency": "200",
    "ServerlessProvisionedConcurrency": "1", "AsyncBucketName": "cat-replies", "AsyncBucketExists": "true",
    "AsyncOutputPrefix": "replies", "AsyncFailurePrefix": "errors/of-the.model", "AsyncRetentionDays": "1",
    "AsyncKmsKeyArn": KMS_KEY, "AsyncRequestTtlSeconds": "60", "AsyncInvocationTimeoutSeconds": "3600",
    "AsyncMaximumConcurrentInvocationsPerInstance": "1000", "AsyncBacklogPerInstance": "1", "AsyncBacklogAgeAlarmSeconds": "600",
}


@pytest.fixture(scope="module")
def translated():
    return translate(REQUIRED)


@pytest.fixture(scope="module", params=CASES)
def rendered(request):
    return render(CASES[request.param])


@pytest.fixture(scope="module")
def deployment(tmp_path_factory):
    """The output of `./build-zip.sh --parameters`, in a copy with a zip that contains only the head of a program."""
    folder = tmp_path_factory.mktemp("deployment")
    for name in ("build-zip.sh", TEMPLATE):
        shutil.copy(name, folder)
    shutil.copytree(".packaging", folder / ".packaging")

    def parameters(*arguments, architecture="x86_64", labels="labels.txt"):
        (folder / "dist").mkdir(exist_ok=True)
        path = folder / "dist/bootstrap.zip"
        machine = {"x86_64": 0x3E, "arm64": 0xB7}[architecture]
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(zipfile.ZipInfo("bootstrap"), b"\x7fELF" + bytes(14) + bytes([machine, 0]))
            if labels:
                archive.writestr(zipfile.ZipInfo(labels), "dog\n")
        (folder / "dist/bootstrap.zip.arch").write_text(architecture + "\n")
        digest = base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()
        (folder / "dist/bootstrap.zip.sha256").write_text(digest + "\n")
        return subprocess.run(
            [folder / "build-zip.sh", "--parameters", *arguments], cwd="/", text=True, capture_output=True
        )

    return parameters


@pytest.fixture(scope="module")
def release(deployment):
    """The Release of a deployment with these parameters."""

    def of(parameters):
        given = [f"{name}={value}" for name, value in parameters.items() if name not in ("Release", "Architecture")]
        answer = deployment(*given, architecture=parameters["Architecture"])
        assert answer.returncode == 0, answer.stderr
        return sam_parameters(answer.stdout)["Release"]

    return of


def sam_parameters(text):
    """As sam deploy --parameter-overrides reads them."""
    return CfnParameterOverridesType().convert(tuple(text.split()), None, None)


def versions(template):
    return set(of_type(template, "AWS::Lambda::Version"))


# --- Versions ---------------------------------------------------------------------------------------------------


def test_every_parameter_has_another_value_here_and_a_description():
    declared = source()["Parameters"]
    assert set(OTHER) == set(declared)
    for name, parameter in declared.items():
        assert parameter["Description"], name
        constraint = {"AllowedPattern", "AllowedValues"} & set(parameter)
        assert constraint or {"MinValue", "MaxValue"} <= set(parameter), name
        assert OTHER[name] != parameter.get("Default"), name


@pytest.mark.parametrize("name", [name for name in OTHER if name != "Release"])
def test_one_parameter_changed_publishes_a_new_version(name, release):
    before = {**REQUIRED, "Release": release(REQUIRED)}
    changed = {**REQUIRED, name: OTHER[name]}
    after = {**changed, "Release": release(changed)}
    assert versions(translate(before)) != versions(translate(after))


def test_without_a_new_release_nothing_is_published():
    # What Release is for: SAM hashes properties before parameters are resolved.
    assert versions(translate(REQUIRED)) == versions(translate({**REQUIRED, "MemoryMegabytes": "512"}))


def test_a_new_release_changes_the_function_so_that_lambda_publishes_it():
    first, second = (render({**REQUIRED, "Release": each}) for each in (REQUIRED["Release"], "0" * 64))
    descriptions = [each["Resources"]["ClassifyFunction"]["Properties"]["Description"] for each in (first, second)]
    assert descriptions[0] != descriptions[1]
    assert all(len(text) <= 256 for text in descriptions)


# --- The deploy command -----------------------------------------------------------------------------------------


NEEDED = ("EndpointName=dogs", "ImageBucketName=dog-photos")


def test_deploy_command_prints_what_sam_reads(deployment):
    answer = deployment(*NEEDED, "ImageKeyPrefix=", "SubnetIds=subnet-01234567,subnet-89abcdef", labels=None)
    assert answer.stderr == ""
    read = sam_parameters(answer.stdout)
    assert re.fullmatch("[0-9a-f]{64}", read.pop("Release"))
    assert read == {
        "EndpointName": "dogs", "ImageBucketName": "dog-photos", "ImageKeyPrefix": "",
        "SubnetIds": "subnet-01234567,subnet-89abcdef", "ClassLabelsFile": "", "Architecture": "x86_64",
    }


def test_release_does_not_depend_on_the_order_of_the_parameters(deployment):
    first, second = deployment(*NEEDED), deployment(*reversed(NEEDED))
    assert sam_parameters(first.stdout)["Release"] == sam_parameters(second.stdout)["Release"]


def test_parameters_are_read_from_the_template_as_sam_reads_them():
    done = subprocess.run(
        [sys.executable, "-B", "-c", "import json, sys; sys.path.insert(0, '.packaging'); import template\n"
         f"print(json.dumps(template.parameters('{TEMPLATE}')))"], text=True, capture_output=True, check=True)
    assert json.loads(done.stdout) == source()["Parameters"]


@pytest.mark.parametrize("argument, reason", [
    ("Architecture=arm64", "built for x86_64 and would not start on arm64"),
    ("Release=" + "0" * 64, "Release is computed and cannot be set"),
    ("ClassLabelsFile=cats.txt", "has no cats.txt"),
    ("ClassLabelsFile=bootstrap", "has no bootstrap"),
    ("CustomAttributes=a b", "CustomAttributes must be text that matches"),
    ("ImageKeyPrefix=*", "ImageKeyPrefix must be at most 512 letters"),
    ("EventBridgeKeyPrefix=a\nb/", "EventBridgeKeyPrefix has a character that cannot be passed"),
    ("EventBridgeKeyPrefix=\udcff/", "EventBridgeKeyPrefix has a character that cannot be passed"),
    ('EventBridgeKeyPrefix="quoted"', "EventBridgeKeyPrefix has a character that cannot be passed"),
    ("TimeoutSeconds=30.5", "TimeoutSeconds must be a whole number, not 30.5"),
    ("ProvisionedConcurrency=00", "ProvisionedConcurrency must be a whole number, not 00"),
    ("TopK", "is not NAME=VALUE"),
    ("Tracng=Active", "Tracng is not a parameter of the template; did you mean Tracing?"),
    ("EndpointNam=x", "EndpointNam is not a parameter of the template; did you mean EndpointName?"),
    ("Tracing=active", "Tracing must be one of Active, PassThrough, not active"),
    ("MemoryMegabytes=64", "MemoryMegabytes must be 128 to 10240, not 64"),
    ("MemoryMegabytes=512MB", "MemoryMegabytes must be a whole number, not 512MB"),
    ("ProvisionedUtilizationTarget=0.95", "ProvisionedUtilizationTarget must be 0.1 to 0.9, not 0.95"),
    ("TopK=0", "TopK must be a whole number from 1 to 99999, or empty, not 0"),
    ("ImageKeyPrefix=year=2026/", "for other characters use EventBridgeKeyPrefix"),
])
def test_deploy_command_refuses(deployment, argument, reason):
    answer = deployment(*NEEDED, argument)
    assert answer.returncode == 1 and reason in answer.stderr and answer.stdout == ""


@pytest.mark.parametrize("name, value", [
    ("EventBridgeKeyPrefix", "my photos/Größe 😀/"), ("EventBridgeKeyPrefix", 'a "quoted" word'), ("EventBridgeKeySuffix", "'[1].jpg"),
    ("ResultPrefix", "my results/"), ("ReplyLabels", "/results/*/name"), ("RunbookUrl", "https://example.com/?page=1"),
])
def test_deploy_command_passes_on_what_the_shell_would_change(deployment, name, value):
    # SAM CLI would ignore it in samconfig.toml, beside --parameter-overrides, and Release would not cover it.
    answer = deployment(*NEEDED, f"{name}={value}", labels=None)
    assert answer.returncode == 0, answer.stderr
    read = subprocess.run(["bash", "-c", f"printf '%s\\n' $(echo '{answer.stdout.strip()}')"], text=True, capture_output=True, check=True)
    read = sam_parameters(read.stdout)
    assert read.pop("Release") != sam_parameters(deployment(*NEEDED, labels=None).stdout)["Release"]
    assert read == {
        "EndpointName": "dogs", "ImageBucketName": "dog-photos", name: value, "ClassLabelsFile": "", "Architecture": "x86_64",
    }


@pytest.mark.parametrize("arguments, reason", [
    (["--labels"], "--labels requires a file"), (["--audit", ""], "--audit requires a file"), (["--lables"], "--lables is not an option"),
    (["--labels", "template.yaml", "--parameters", "TopK=1"], "--parameters is used without other options"),
])
def test_misuse_is_named_and_explained(arguments, reason):
    answer = subprocess.run(["./build-zip.sh", *arguments], text=True, capture_output=True)
    assert answer.returncode == 64 and f"build-zip.sh: {reason}" in answer.stderr and "usage:" in answer.stderr


def test_deploy_command_names_each_missing_parameter(deployment):
    answer = deployment("TopK=1")
    assert answer.returncode == 1 and answer.stdout == ""
    for name in ("EndpointName", "ImageBucketName"):
        assert f"{name} is required" in answer.stderr
    assert "Architecture" not in answer.stderr and "Release" not in answer.stderr


@pytest.mark.parametrize("name", OTHER)
def test_deploy_command_takes_what_the_template_takes(deployment, name):
    given = {**dict(each.split("=") for each in NEEDED), name: OTHER[name]}
    given.pop("Release", None)
    answer = deployment(*(f"{key}={value}" for key, value in given.items()), architecture=given.get("Architecture", "x86_64"))
    assert answer.returncode == 0, answer.stderr


def test_second_deployment_without_labels_does_not_keep_the_first_ones_file(deployment):
    first = deployment(*NEEDED, "ClassLabelsFile=labels.txt")
    assert sam_parameters(first.stdout)["ClassLabelsFile"] == "labels.txt" and first.stderr == ""
    second = deployment(*NEEDED, labels=None)
    # Given explicitly: CloudFormation keeps the value of an omitted parameter.
    assert sam_parameters(second.stdout)["ClassLabelsFile"] == ""
    refused = deployment(*NEEDED, "ClassLabelsFile=labels.txt", labels=None)
    assert refused.returncode == 1 and "run ./build-zip.sh --labels labels.txt" in refused.stderr


def test_deploy_command_warns_of_labels_that_no_parameter_uses(deployment):
    answer = deployment(*NEEDED)
    assert answer.returncode == 0
    assert "has labels.txt, but no parameter uses it; add ClassLabelsFile=labels.txt" in answer.stderr


# --- Alias and deployment ---------------------------------------------------------------------------------------


def test_alias_live_points_at_the_version(translated):
    (version,) = versions(translated)
    alias = translated["Resources"]["ClassifyFunctionAliaslive"]["Properties"]
    assert alias["Name"] == "live"
    assert alias["FunctionVersion"] == {"Fn::GetAtt": [version, "Version"]}


def alarms_of_the_deployment(rendered):
    """Alarms that make CodeDeploy roll back."""
    configuration = rendered["Resources"]["ClassifyFunctionDeploymentGroup"]["Properties"]["AlarmConfiguration"]
    assert configuration["Enabled"] is True
    return {each["Name"] for each in configuration["Alarms"]}


@pytest.mark.parametrize("kind", source()["Parameters"]["DeploymentType"]["AllowedValues"])
def test_deployment_preference_follows_its_parameter(kind):
    rendered = render({**REQUIRED, "DeploymentType": kind})
    group = rendered["Resources"]["ClassifyFunctionDeploymentGroup"]["Properties"]
    assert group["DeploymentConfigName"] == f"CodeDeployDefault.Lambda{kind}"
    assert alarms_of_the_deployment(rendered) == {"ErrorsAlarm", "DurationAlarm", "FailuresAlarm"}
    assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
    policy = rendered["Resources"]["ClassifyFunctionAliaslive"]["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
    assert policy["DeploymentGroupName"] == "ClassifyFunctionDeploymentGroup"


def test_deployment_uses_our_role_and_no_managed_policy(translated):
    roles = of_type(translated, "AWS::IAM::Role")
    assert set(roles) == {"BatchRole", "ClassifyRole", "DeploymentRole", "HostingRole"}
    for role in roles.values():
        assert "ManagedPolicyArns" not in role["Properties"]
    group = translated["Resources"]["ClassifyFunctionDeploymentGroup"]["Properties"]
    assert group["ServiceRoleArn"] == {"Fn::GetAtt": ["DeploymentRole", "Arn"]}


def test_alarms_of_the_deployment_do_not_wait_for_the_alias(translated):
    for name in alarms_of_the_deployment(render(EVERYTHING)):
        assert references(translated["Resources"][name], translated["Resources"]) <= {"AlarmTopic"}
    assert not references(translated["Resources"]["AlarmTopic"], translated["Resources"])


def test_deployment_over_http_also_watches_the_answers_of_the_url():
    assert alarms_of_the_deployment(render(EVERYTHING)) == {
        "ErrorsAlarm", "DurationAlarm", "FailuresAlarm", "UrlErrorsAlarm"}


# --- No circle --------------------------------------------------------------------------------------------------


def test_no_resource_waits_for_itself(translated):
    assert cycle(translated) == []


def test_a_role_that_asks_the_bucket_would_close_a_circle(translated):
    broken = copy.deepcopy(translated)
    broken["Resources"]["ClassifyRole"]["Properties"]["Bucket"] = {"Fn::GetAtt": ["ImageBucket", "Arn"]}
    assert {"ClassifyRole", "ClassifyFunction", "ImageBucket", "UploadPermission"} <= set(cycle(broken))


def test_role_and_permission_name_the_bucket_by_a_literal_arn(translated):
    resources = translated["Resources"]
    for name in ("ClassifyRole", "UploadPermission", "S3Endpoint"):
        assert "ImageBucket" not in references(resources[name], resources)
    assert references(resources["ClassifyRole"], resources) == {"FailureQueue", "ImageQueue"}


# --- Trigger ----------------------------------------------------------------------------------------------------


def test_bucket_may_invoke_the_alias_and_only_this_bucket_of_this_account(translated):
    permission = translated["Resources"]["UploadPermission"]["Properties"]
    assert permission["FunctionName"] == {"Ref": "ClassifyFunctionAliaslive"}
    permission = render(REQUIRED)["Resources"]["UploadPermission"]["Properties"]
    assert permission == {
        "FunctionName": ARN.format("lambda", f"function:{STACK}:live"),
        "Action": "lambda:InvokeFunction",
        "Principal": "s3.amazonaws.com",
        "SourceArn": "arn:aws:s3:::dog-photos",
        "SourceAccount": ACCOUNT,
    }


def test_bucket_waits_for_what_allows_it_to_notify(translated):
    resources = translated["Resources"]
    notifications = resources["ImageBucket"]["Properties"]["NotificationConfiguration"]
    assert "UploadPermission" in references(notifications["LambdaConfigurations"], resources)
    assert "ImageQueuePolicy" in references(notifications["QueueConfigurations"], resources)


def test_bucket_notifies_the_alias():
    bucket = render(REQUIRED)["Resources"]["ImageBucket"]
    (notification,) = bucket["Properties"]["NotificationConfiguration"]["LambdaConfigurations"]
    assert notification == {
        "Event": "s3:ObjectCreated:*",
        "Function": ARN.format("lambda", f"function:{STACK}:live"),
        "Filter": {"S3Key": {"Rules": [{"Name": "prefix", "Value": "uploads/"}]}},
    }


@pytest.mark.parametrize("prefix, suffix", [("", ""), ("a/", ""), ("", ".jpg"), ("a/", ".jpg")])
def test_filter_holds_what_is_given(prefix, suffix):
    keys = {"ImageKeyPrefix": prefix, "ImageKeySuffix": suffix}
    bucket = render({**REQUIRED, **keys})["Resources"]["ImageBucket"]["Properties"]
    (notification,) = bucket["NotificationConfiguration"]["LambdaConfigurations"]
    wanted = [{"Name": name, "Value": value} for name, value in (("prefix", prefix), ("suffix", suffix)) if value]
    assert notification.get("Filter") == ({"S3Key": {"Rules": wanted}} if wanted else None)
    rule = render({**REQUIRED, **keys, "ImageBucketExists": "true"})["Resources"]["UploadRule"]["Properties"]
    assert rule["EventPattern"]["detail"]["object"]["key"] == [{"wildcard": f"{prefix}*{suffix}"}]


# S3's safe characters (Amazon S3 user guide, "Creating object key names"), without "*".
SAFE = string.ascii_letters + string.digits + "/!-_.'()"


@pytest.mark.parametrize("name", ["ImageKeyPrefix", "ImageKeySuffix"])
def test_key_of_a_notification_is_one_that_url_encoding_does_not_change(name):
    assert render({**REQUIRED, name: SAFE[:64]}) and render({**REQUIRED, name: SAFE[-20:]})
    assert all(urllib.parse.quote_plus(each, safe="/!'()") == each for each in SAFE)
    for other in " =+&:@,;~%#\"<>[]{}|^`*?$\\\u00fc\u65e5\t":
        with pytest.raises(Refused):
            render({**REQUIRED, name: f"a{other}b"})


@pytest.mark.parametrize("given, wildcard", [
    ({"EventBridgeKeyPrefix": "year=2026/Größe & more/"}, "year=2026/Größe & more/*"),
    ({"EventBridgeKeySuffix": " (1).jpg"}, "uploads/* (1).jpg"),
    ({"EventBridgeKeyPrefix": "a+b:c/", "EventBridgeKeySuffix": "=1"}, "a+b:c/*=1"),
])
@pytest.mark.parametrize("delivery", ["direct", "queue"])
def test_other_characters_come_through_a_rule_with_the_plain_key(given, wildcard, delivery):
    resources = render({**REQUIRED, **given, "EventDelivery": delivery, "VpcMode": "create"})["Resources"]
    notifications = resources["ImageBucket"]["Properties"]["NotificationConfiguration"]
    assert notifications == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    rule = resources["UploadRule"]["Properties"]
    assert rule["EventPattern"]["detail"]["object"]["key"] == [{"wildcard": wildcard}]
    assert "UploadPermission" not in resources
    assert ("UploadRulePermission" in resources) == (delivery == "direct")
    if delivery == "queue":
        assert rule["Targets"][0]["Arn"] == QUEUE_ARN
        assert "UploadsByTheRule" in statements(resources["ImageQueuePolicy"]["Properties"]["PolicyDocument"])
    # Role, network and function have the same plain prefix.
    prefix = wildcard.split("*")[0]
    arn = f"arn:aws:s3:::dog-photos/{prefix}*"
    assert role_statements({"Resources": resources}, "ClassifyRole")["ReadImages"]["Resource"] == arn
    assert statements(resources["S3Endpoint"]["Properties"]["PolicyDocument"])["ReadImages"]["Resource"] == arn
    variables = resources["ClassifyFunction"]["Properties"]["Environment"]["Variables"]
    assert variables["IMAGE_PREFIX"] == prefix


def test_new_bucket_is_encrypted_private_and_tls_only():
    rendered = render(REQUIRED)
    bucket = rendered["Resources"]["ImageBucket"]["Properties"]
    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    (deny,) = rendered["Resources"]["ImageBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert deny["Effect"] == "Deny" and deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert deny["Resource"] == ["arn:aws:s3:::dog-photos", "arn:aws:s3:::dog-photos/*"]


def test_new_bucket_with_a_key_is_encrypted_with_it():
    bucket = render(EVERYTHING)["Resources"]["ImageBucket"]["Properties"]
    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption == {
        "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KMS_KEY},
        "BucketKeyEnabled": True,
    }


def test_existing_bucket_is_left_alone_and_heard_through_a_rule():
    rendered = render(EXISTING)
    for kind in ("AWS::S3::Bucket", "AWS::S3::BucketPolicy"):
        assert not of_type(rendered, kind)
    assert set(of_type(rendered, "AWS::Lambda::Permission")) == {"UploadRulePermission"}
    rule = rendered["Resources"]["UploadRule"]["Properties"]
    assert rule["EventPattern"] == {
        "source": ["aws.s3"],
        "account": [ACCOUNT],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": ["dog-photos"]}, "object": {"key": [{"wildcard": "uploads/*"}]}},
    }
    (target,) = rule["Targets"]
    assert target["Arn"] == ARN.format("lambda", f"function:{STACK}:live")
    assert target["DeadLetterConfig"]["Arn"] == ARN.format("sqs", "FailureQueue")
    permission = rendered["Resources"]["UploadRulePermission"]["Properties"]
    assert permission["SourceArn"] == ARN.format("events", "rule/UploadRule")
    assert permission["SourceAccount"] == ACCOUNT
    assert permission["Principal"] == "events.amazonaws.com"


# --- Queue ------------------------------------------------------------------------------------------------------

QUEUE_ARN = ARN.format("sqs", "ImageQueue")


@pytest.mark.parametrize("timeout", [1, 30, 900])
def test_queue_hides_a_message_at_least_six_times_as_long_as_the_function_may_take(timeout):
    queue = render({**PUBLIC, "TimeoutSeconds": str(timeout)})["Resources"]["ImageQueue"]["Properties"]
    # SQS takes 12 hours at most.
    assert 6 * timeout <= int(queue["VisibilityTimeout"]) <= 43200


@pytest.mark.parametrize("case", ["everything", "public"])
def test_messages_that_fail_five_times_go_to_a_queue_of_their_own(case):
    resources = render(CASES[case])["Resources"]
    queue = resources["ImageQueue"]["Properties"]
    assert queue["SqsManagedSseEnabled"] is True
    dead = resources["ImageDeadLetterQueue"]["Properties"]
    assert dead["SqsManagedSseEnabled"] is True
    assert queue["RedrivePolicy"] == {
        "deadLetterTargetArn": ARN.format("sqs", "ImageDeadLetterQueue"), "maxReceiveCount": 5}
    assert queue["MessageRetentionPeriod"] < dead["MessageRetentionPeriod"]
    (deny,) = resources["ImageDeadLetterQueuePolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (deny["Effect"], deny["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_alias_takes_from_the_queue_and_returns_only_what_failed():
    mapping = render(EVERYTHING)["Resources"]["ImageQueueMapping"]["Properties"]
    assert mapping == {
        "EventSourceArn": QUEUE_ARN,
        "FunctionName": ARN.format("lambda", f"function:{STACK}:live"),
        "BatchSize": "10",
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "ScalingConfig": {"MaximumConcurrency": "4"},
        "MetricsConfig": {"Metrics": ["EventCount"]},
    }
    assert "ScalingConfig" not in render(PUBLIC)["Resources"]["ImageQueueMapping"]["Properties"]


def test_only_the_bucket_of_this_account_fills_the_queue_over_tls():
    resources = render(EVERYTHING)["Resources"]
    policy = statements(resources["ImageQueuePolicy"]["Properties"]["PolicyDocument"])
    assert set(policy) == {"TLSOnly", "UploadsOfTheBucket"}
    upload = policy["UploadsOfTheBucket"]
    assert (upload["Principal"], upload["Action"]) == ({"Service": "s3.amazonaws.com"}, "sqs:SendMessage")
    assert upload["Condition"] == {
        "ArnEquals": {"aws:SourceArn": "arn:aws:s3:::dog-photos"}, "StringEquals": {"aws:SourceAccount": ACCOUNT},
    }
    assert policy["TLSOnly"]["Effect"] == "Deny"
    assert {each["Resource"] for each in policy.values()} == {QUEUE_ARN}


def test_new_bucket_notifies_the_queue_instead_of_the_alias():
    resources = render(EVERYTHING)["Resources"]
    bucket = resources["ImageBucket"]
    assert "UploadPermission" not in resources
    assert bucket["Properties"]["NotificationConfiguration"] == {"QueueConfigurations": [{
        "Event": "s3:ObjectCreated:*", "Queue": QUEUE_ARN,
        "Filter": {"S3Key": {"Rules": [{"Name": "prefix", "Value": "uploads/"}]}},
    }]}


def test_rule_of_an_existing_bucket_fills_the_queue_and_only_it_may():
    resources = render(PUBLIC)["Resources"]
    (target,) = resources["UploadRule"]["Properties"]["Targets"]
    assert target["Arn"] == QUEUE_ARN and "UploadRulePermission" not in resources
    policy = statements(resources["ImageQueuePolicy"]["Properties"]["PolicyDocument"])
    assert set(policy) == {"TLSOnly", "UploadsByTheRule"}
    assert policy["UploadsByTheRule"]["Principal"] == {"Service": "events.amazonaws.com"}
    assert policy["UploadsByTheRule"]["Condition"] == {
        "ArnEquals": {"aws:SourceArn": ARN.format("events", "rule/UploadRule")}}


def test_without_a_queue_nothing_of_it_is_made():
    for case in (REQUIRED, EXISTING):
        rendered = render(case)
        assert set(of_type(rendered, "AWS::SQS::Queue")) == {"FailureQueue"}
        assert not of_type(rendered, "AWS::Lambda::EventSourceMapping")


# --- HTTP -------------------------------------------------------------------------------------------------------


def test_url_asks_for_signatures_unless_everybody_is_named():
    resources = render(EVERYTHING)["Resources"]
    url = resources["HttpUrl"]["Properties"]
    assert (url["TargetFunctionArn"], url["Qualifier"], url["AuthType"]) == (STACK, "live", "AWS_IAM")
    assert set(url["Cors"]["AllowMethods"]) == {"POST"}
    assert not [each for each in of_type(render(EVERYTHING), "AWS::Lambda::Permission").values()
                if each["Properties"]["Principal"] == "*"]
    assert not of_type(render(REQUIRED), "AWS::Lambda::Url")


def test_url_for_everybody_has_both_permissions_that_lambda_wants_and_no_more():
    permissions = [each["Properties"] for each in of_type(render(PUBLIC), "AWS::Lambda::Permission").values()]
    alias = ARN.format("lambda", f"function:{STACK}:live")
    assert sorted(permissions, key=lambda each: each["Action"]) == [
        {"FunctionName": alias, "Action": "lambda:InvokeFunction", "Principal": "*", "InvokedViaFunctionUrl": True},
        {"FunctionName": alias, "Action": "lambda:InvokeFunctionUrl", "Principal": "*", "FunctionUrlAuthType": "NONE"},
    ]
    assert render(PUBLIC)["Resources"]["HttpUrl"]["Properties"]["AuthType"] == "NONE"


# --- Results ----------------------------------------------------------------------------------------------------


def test_new_result_bucket_is_encrypted_private_and_tls_only():
    for key in ("", RESULT_KMS_KEY):
        resources = render({**REQUIRED, "ResultBucketName": "dog-results", "ResultKmsKeyArn": key})["Resources"]
        bucket = resources["ResultBucket"]["Properties"]
        (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert encryption["ServerSideEncryptionByDefault"].get("KMSMasterKeyID", "") == key
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        (deny,) = resources["ResultBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
        assert deny["Effect"] == "Deny" and deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert deny["Resource"] == ["arn:aws:s3:::dog-results", "arn:aws:s3:::dog-results/*"]
        assert "NotificationConfiguration" not in bucket


def test_results_are_kept_for_as_long_as_the_parameters_say():
    def properties(**given):
        return render({**REQUIRED, "ResultBucketName": "dog-results", **given})["Resources"]["ResultBucket"]["Properties"]

    plain, limited = properties(), properties(ResultBucketVersioning="true", ResultRetentionDays="30")
    (rule,) = plain["LifecycleConfiguration"]["Rules"]
    assert "VersioningConfiguration" not in plain and "ExpirationInDays" not in rule
    assert limited["VersioningConfiguration"] == {"Status": "Enabled"}
    (rule,) = limited["LifecycleConfiguration"]["Rules"]
    assert rule["ExpirationInDays"] == "30" and rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}


def test_result_bucket_that_exists_is_left_alone():
    assert set(of_type(render(PUBLIC), "AWS::S3::Bucket")) == set()
    given = {**REQUIRED, "ResultBucketName": "dog-results", "ResultBucketExists": "true"}
    assert set(of_type(render(given), "AWS::S3::Bucket")) == {"ImageBucket"}


def test_endpoint_of_the_new_vpc_lets_results_pass():
    policy = statements(render(EVERYTHING)["Resources"]["S3Endpoint"]["Properties"]["PolicyDocument"])
    assert policy["KeepResults"]["Resource"] == "arn:aws:s3:::dog-results/results/*"
    assert policy["KeepResults"]["Condition"] == policy["ReadImages"]["Condition"]


def test_failed_events_go_to_an_encrypted_queue(rendered):
    queue = rendered["Resources"]["FailureQueue"]["Properties"]
    assert queue == {"SqsManagedSseEnabled": True, "MessageRetentionPeriod": 1209600}
    assert rendered["Resources"]["FailurePolicy"]["Properties"] == {
        "FunctionName": STACK,
        "Qualifier": "live",
        "MaximumRetryAttempts": "2",
        "MaximumEventAgeInSeconds": "21600",
        "DestinationConfig": {"OnFailure": {"Destination": ARN.format("sqs", "FailureQueue")}},
    }


# --- Function ---------------------------------------------------------------------------------------------------


def test_function_is_what_is_asked_for():
    function = render(REQUIRED)["Resources"]["ClassifyFunction"]["Properties"]
    assert function["Runtime"] == "provided.al2023"
    assert function["Architectures"] == ["x86_64"]
    assert (function["MemorySize"], function["Timeout"]) == ("256", "30")
    assert function["LoggingConfig"] == {
        "LogFormat": "JSON", "ApplicationLogLevel": "INFO", "LogGroup": "ClassifyLogGroup",
    }
    assert function["TracingConfig"] == {"Mode": "PassThrough"}
    for absent in ("ReservedConcurrentExecutions", "VpcConfig", "DeadLetterConfig"):
        assert absent not in function
    alias = render(REQUIRED)["Resources"]["ClassifyFunctionAliaslive"]["Properties"]
    assert "ProvisionedConcurrencyConfig" not in alias


def test_environment_is_the_functions_configuration():
    variables = render(REQUIRED)["Resources"]["ClassifyFunction"]["Properties"]["Environment"]["Variables"]
    assert variables == {
        "ENDPOINT_NAME": "dog-breeds", "ENDPOINT_VARIANT": "", "INFERENCE_COMPONENT": "", "TARGET_MODEL": "",
        "CLASS_LABELS": "", "ENDPOINT_CONTENT_TYPE": "", "ENDPOINT_ACCEPT": "application/json",
        "ENDPOINT_REQUEST": "image", "IMAGE_TYPE_MAP": "", "REPLY_VALUES": "", "REPLY_LABELS": "", "MAX_CLASSES": "50000",
        "CUSTOM_ATTRIBUTES": "", "MODEL_OUTPUT": "auto", "INPUT_MODE": "image", "IMAGE_BUCKET": "dog-photos",
        "IMAGE_PREFIX": "uploads/", "RESULT_BUCKET": "", "RESULT_PREFIX": "results/", "RESULT_KMS_KEY_ID": "", "TOP_K": "",
        "MAX_PARALLEL": "8", "ALLOW_URL_INPUT": "", "METRICS": "on", "ALLOW_OBJECT_INPUT": "", "LOG_RESULTS": "on", "DEADLINE_MARGIN_MS": "50",
        "MAX_IMAGE_BYTES": "6291456", "AWS_MAX_ATTEMPTS": "3", "AWS_CA_BUNDLE": "", "AWS_USE_FIPS_ENDPOINT": "false",
        "AWS_USE_DUALSTACK_ENDPOINT": "false",
    }


def test_environment_follows_the_parameters():
    given = {
        **EVERYTHING, "TopK": "3", "MaximumParallel": "4", "AllowUrlInput": "true", "Metrics": "off",
        "LogResults": "off", "DeadlineMarginMilliseconds": "250", "InputMode": "presigned-url", "ModelOutput": "sigmoid-logits",
        "ReplyValues": "/results/*/score", "ReplyLabels": "/results/*/name", "MaximumClasses": "9",
        "ImageTypeMap": "image/webp=image/x-image",
    }
    variables = render(given)["Resources"]["ClassifyFunction"]["Properties"]["Environment"]["Variables"]
    assert {name: variables[name] for name in (
        "RESULT_BUCKET", "RESULT_PREFIX", "RESULT_KMS_KEY_ID", "TOP_K", "MAX_PARALLEL", "ALLOW_URL_INPUT", "METRICS",
        "DEADLINE_MARGIN_MS", "INPUT_MODE", "IMAGE_BUCKET", "IMAGE_PREFIX", "MODEL_OUTPUT", "REPLY_VALUES", "REPLY_LABELS",
        "MAX_CLASSES", "ENDPOINT_REQUEST", "IMAGE_TYPE_MAP", "ALLOW_OBJECT_INPUT", "LOG_RESULTS",
    )} == {
        "MODEL_OUTPUT": "sigmoid-logits", "REPLY_VALUES": "/results/*/score", "REPLY_LABELS": "/results/*/name",
        "MAX_CLASSES": "9", "ENDPOINT_REQUEST": "image", "IMAGE_TYPE_MAP": "image/webp=image/x-image",
        "RESULT_BUCKET": "dog-results", "RESULT_PREFIX": "results/", "RESULT_KMS_KEY_ID": RESULT_KMS_KEY, "TOP_K": "3",
        "MAX_PARALLEL": "4", "ALLOW_URL_INPUT": "1", "METRICS": "off", "DEADLINE_MARGIN_MS": "250",
        "INPUT_MODE": "presigned-url", "IMAGE_BUCKET": "dog-photos", "IMAGE_PREFIX": "uploads/",
        "ALLOW_OBJECT_INPUT": "1", "LOG_RESULTS": "off",
    }
    bytes_sent = render({**REQUIRED, "EndpointRequest": "tensorflow-b64"})["Resources"]["ClassifyFunction"]["Properties"]
    assert bytes_sent["Environment"]["Variables"]["ENDPOINT_REQUEST"] == "tensorflow-b64"


def test_files_of_the_zip_are_named_where_lambda_unpacks_it():
    function = render({**REQUIRED, "ClassLabelsFile": "labels.txt"})["Resources"]["ClassifyFunction"]["Properties"]
    assert function["Environment"]["Variables"]["CLASS_LABELS"] == "/var/task/labels.txt"


def test_log_group_keeps_lines_for_a_time(rendered):
    assert rendered["Resources"]["ClassifyLogGroup"]["Properties"] == {
        "LogGroupName": f"/aws/lambda/{STACK}", "RetentionInDays": "30",
    }


@pytest.mark.parametrize("value", ["0", "20"])
def test_reserved_concurrency_is_set_when_given_also_to_none(value):
    function = render({**REQUIRED, "ReservedConcurrency": value})["Resources"]["ClassifyFunction"]["Properties"]
    assert function["ReservedConcurrentExecutions"] == value


def test_provisioned_concurrency_is_on_the_alias_and_scales_between_its_bounds():
    resources = render(EVERYTHING)["Resources"]
    alias = resources["ClassifyFunctionAliaslive"]["Properties"]
    assert alias["ProvisionedConcurrencyConfig"] == {"ProvisionedConcurrentExecutions": "2"}
    target = resources["ProvisionedTarget"]
    assert target["DependsOn"] == ["ClassifyFunctionAliaslive"]
    assert target["Properties"] == {
        "ServiceNamespace": "lambda",
        "ScalableDimension": "lambda:function:ProvisionedConcurrency",
        "ResourceId": f"function:{STACK}:live",
        "MinCapacity": "2",
        "MaxCapacity": "10",
    }
    policy = resources["ProvisionedPolicy"]["Properties"]["TargetTrackingScalingPolicyConfiguration"]
    assert policy["TargetValue"] == "0.7"
    fixed = render({**REQUIRED, "ProvisionedConcurrency": "2"})["Resources"]
    assert "ProvisionedTarget" not in fixed and "SpilloverAlarm" in fixed


# --- Permissions ------------------------------------------------------------------------------------------------

BASE = {
    "ClassifyWithTheEndpoint": ({"sagemaker:InvokeEndpoint"}, {ENDPOINT_ARN}),
    "ReadImages": ({"s3:GetObject", "s3:GetObjectVersion"}, {"arn:aws:s3:::dog-photos/uploads/*"}),
    "WriteLogs": (
        {"logs:CreateLogStream", "logs:PutLogEvents"}, {ARN.format("logs", f"log-group:/aws/lambda/{STACK}:*")},
    ),
    "HandOnFailedEvents": ({"sqs:SendMessage"}, {ARN.format("sqs", "FailureQueue")}),
}
NETWORK_WRITES = {
    "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
}
NETWORK_READS = {"ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"}
NETWORK = {
    "AttachToTheNetwork": (NETWORK_WRITES, {ARN.format("ec2", "*/*")}),
    "LookAtTheNetwork": (NETWORK_READS, {"*"}),
    "KeepTheCodeOffTheNetwork": (NETWORK_WRITES | NETWORK_READS, {"*"}),
}
KEEP = {"s3:PutObject", "s3:GetObject"}
OPTIONS = [
    ({}, {}),
    ({"ImageBucketVersioning": "false"}, {"ReadImages": ({"s3:GetObject"}, {"arn:aws:s3:::dog-photos/uploads/*"})}),
    ({"ImageKeyPrefix": ""}, {"ReadImages": (BASE["ReadImages"][0], {"arn:aws:s3:::dog-photos/*"})}),
    ({"ImageBucketExists": "true"}, {}),
    ({"ImageKmsKeyArn": KMS_KEY}, {"DecryptImages": ({"kms:Decrypt"}, {KMS_KEY})}),
    ({"Tracing": "Active"}, {"SendTraces": ({"xray:PutTraceSegments", "xray:PutTelemetryRecords"}, {"*"})}),
    ({"VpcMode": "create"}, NETWORK),
    ({name: EXISTING[name] for name in ("VpcMode", "SubnetIds", "SecurityGroupIds")}, NETWORK),
    (
        {"InferenceComponent": "dogs"},
        {"ClassifyWithTheEndpoint": (
            {"sagemaker:InvokeEndpoint"}, {ENDPOINT_ARN, ARN.format("sagemaker", "inference-component/dogs")})},
    ),
    (HOSTING, {}),
    ({"FunctionUrl": "true"}, {}),
    (
        {"EventDelivery": "queue"},
        {"TakeFromTheQueue": (
            {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}, {ARN.format("sqs", "ImageQueue")})},
    ),
    ({"ResultBucketName": "dog-results"}, {"KeepResults": (KEEP, {"arn:aws:s3:::dog-results/results/*"})}),
    (
        {"ResultBucketName": "dog-results", "ResultPrefix": "", "ResultKmsKeyArn": RESULT_KMS_KEY},
        {
            "KeepResults": (KEEP, {"arn:aws:s3:::dog-results/*"}),
            "EncryptResults": ({"kms:GenerateDataKey", "kms:Decrypt"}, {RESULT_KMS_KEY}),
        },
    ),
    ({"ProvisionedConcurrency": "2", "ProvisionedConcurrencyMaximum": "4", "ReservedConcurrency": "5"}, {}),
]


@pytest.mark.parametrize("option, added", OPTIONS, ids=lambda each: "+".join(each) or "none")
def test_role_may_do_what_is_listed_and_nothing_else(option, added):
    role = role_statements(render({**REQUIRED, **option}), "ClassifyRole")
    actual = {sid: (set(as_list(s["Action"])), set(as_list(s["Resource"]))) for sid, s in role.items()}
    assert actual == {**BASE, **added}
    denied = {sid for sid, each in role.items() if each["Effect"] != "Allow"}
    assert denied == set(added) & {"KeepTheCodeOffTheNetwork"}
    assert not [each for each in role.values() if "NotAction" in each or "NotResource" in each]


def test_backfill_role_is_of_batch_operations_and_does_three_things():
    resources = render({**REQUIRED, "ResultBucketName": "dog-results", "BackfillRole": "true"})["Resources"]
    trust = resources["BatchRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust == [{"Effect": "Allow", "Principal": {"Service": "batchoperations.s3.amazonaws.com"}, "Action": "sts:AssumeRole"}]
    assert [(each["Action"], each["Resource"]) for each in role_statements({"Resources": resources}, "BatchRole").values()] == [
        ("lambda:InvokeFunction", ARN.format("lambda", f"function:{STACK}:*")),
        ("s3:GetObject", "arn:aws:s3:::dog-results/backfill/manifests/*"),
        ("s3:PutObject", "arn:aws:s3:::dog-results/backfill/reports/*"),
    ]
    assert "BatchRole" not in render({**REQUIRED, "ResultBucketName": "dog-results"})["Resources"]


def test_network_is_denied_to_the_functions_own_code():
    deny = role_statements(render(EVERYTHING), "ClassifyRole")["KeepTheCodeOffTheNetwork"]
    assert deny["Condition"] == {"ArnEquals": {"lambda:SourceFunctionArn": ARN.format("lambda", f"function:{STACK}")}}


@pytest.mark.parametrize("name", ["DecryptImages", "EncryptResults"])
def test_keys_are_used_only_through_s3(name):
    statement = role_statements(render(EVERYTHING), "ClassifyRole")[name]
    assert statement["Condition"] == {"StringEquals": {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}}


def test_no_policy_allows_a_wildcard_action_or_an_unexplained_wildcard_resource(rendered):
    # SendTraces, LookAtTheNetwork, LogInToECR, PublishMetrics: services without resources to name.
    explained = {"SendTraces", "LookAtTheNetwork", "LogInToECR", "PublishMetrics"}
    for where, document in policies(rendered):
        for statement in document["Statement"]:
            if statement["Effect"] == "Deny":
                continue
            assert not [action for action in as_list(statement["Action"]) if "*" in action], where
            if "*" in as_list(statement.get("Resource", [])):
                assert statement["Sid"] in explained, where


def test_every_wildcard_resource_that_is_allowed_has_a_comment():
    with open(TEMPLATE) as file:
        lines = file.read().splitlines()
    wild = [index for index, line in enumerate(lines) if re.fullmatch(r' *Resource: ("\*"|.*:\*/\*|.*:alarm:\*)', line)]
    denied = [index for index in wild if any("Effect: Deny" in line for line in lines[index - 9:index])]
    assert len(denied) == 1
    assert len(wild) - len(denied) == 6
    for index in set(wild) - set(denied):
        assert lines[index - 1].lstrip().startswith("#"), lines[index]


def test_hosting_role_reads_one_image_and_one_model():
    role = role_statements(render(EVERYTHING), "HostingRole")
    assert as_list(role["PullTheImage"]["Resource"]) == [ARN.format("ecr", "repository/models/dogs")]
    assert role["ReadTheModel"]["Resource"] == "arn:aws:s3:::dog-models/efficient/model.tar.gz"
    digest = HOSTING["ModelImage"].replace(":2", "@sha256:" + "0" * 64)
    role = role_statements(render({**REQUIRED, "HostModel": "true", "ModelImage": digest}), "HostingRole")
    assert as_list(role["PullTheImage"]["Resource"]) == [ARN.format("ecr", "repository/models/dogs")]
    assert "ReadTheModel" not in role


# --- VPC --------------------------------------------------------------------------------------------------------


def test_new_vpc_has_no_way_out_but_to_s3_and_the_endpoint():
    rendered = render(EVERYTHING)
    for kind in ("InternetGateway", "NatGateway", "Route", "VPCGatewayAttachment"):
        assert not of_type(rendered, f"AWS::EC2::{kind}")
    subnets = [each["Properties"] for each in of_type(rendered, "AWS::EC2::Subnet").values()]
    assert [each["CidrBlock"] for each in subnets] == ["10.71.0.0/27", "10.71.0.32/27"]
    assert len({each["AvailabilityZone"] for each in subnets}) == 2
    for group in of_type(rendered, "AWS::EC2::SecurityGroup").values():
        for rule in group["Properties"].get("SecurityGroupIngress", []) + group["Properties"]["SecurityGroupEgress"]:
            assert rule.get("CidrIp") == "127.0.0.1/32" or (rule["FromPort"], rule["ToPort"]) == (443, 443)


def test_vpc_endpoints_serve_the_role_and_nothing_else():
    resources = render(EVERYTHING)["Resources"]
    role = {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/ClassifyRole"}}
    s3 = resources["S3Endpoint"]["Properties"]
    assert (s3["VpcEndpointType"], s3["ServiceName"]) == ("Gateway", f"com.amazonaws.{REGION}.s3")
    runtime = resources["SageMakerRuntimeEndpoint"]["Properties"]
    assert runtime["ServiceName"] == f"com.amazonaws.{REGION}.sagemaker.runtime" and runtime["PrivateDnsEnabled"]
    read = statements(s3["PolicyDocument"])["ReadImages"]
    assert (read["Resource"], read["Condition"]) == ("arn:aws:s3:::dog-photos/uploads/*", role)
    invoke = statements(runtime["PolicyDocument"])["ClassifyWithTheEndpoint"]
    assert (invoke["Resource"][0], invoke["Condition"]) == (ENDPOINT_ARN, role)
    fips = render({**EVERYTHING, "UseFipsEndpoint": "true"})["Resources"]["SageMakerRuntimeEndpoint"]["Properties"]
    assert fips["ServiceName"].endswith(".sagemaker.runtime-fips")


def test_given_subnets_and_groups_are_used():
    config = render(EXISTING)["Resources"]["ClassifyFunction"]["Properties"]["VpcConfig"]
    assert config["SubnetIds"] == EXISTING["SubnetIds"].split(",")
    assert config["SecurityGroupIds"] == EXISTING["SecurityGroupIds"].split(",")
    assert not of_type(render(EXISTING), "AWS::EC2::VPC")


# --- Hosting ----------------------------------------------------------------------------------------------------


def test_hosted_endpoint_captures_nothing_and_scales():
    resources = render(EVERYTHING)["Resources"]
    configuration = resources["EndpointConfiguration"]["Properties"]
    assert "DataCaptureConfig" not in configuration
    (variant,) = configuration["ProductionVariants"]
    assert (variant["InstanceType"], variant["VariantName"]) == ("ml.m5.xlarge", "AllTraffic")
    assert resources["EndpointTarget"]["Properties"]["ResourceId"] == "endpoint/Endpoint-EndpointName/variant/AllTraffic"
    policy = resources["EndpointPolicy"]["Properties"]["TargetTrackingScalingPolicyConfiguration"]
    assert policy == {
        "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
        "TargetValue": "600", "ScaleInCooldown": "300", "ScaleOutCooldown": "60",
    }
    assert resources["Model"]["Properties"]["EnableNetworkIsolation"] is True


def test_container_that_fetches_urls_has_the_network():
    resources = render({**EVERYTHING, "InputMode": "presigned-url"})["Resources"]
    assert resources["Model"]["Properties"]["EnableNetworkIsolation"] is False


def test_without_hosting_nothing_of_sagemaker_is_made():
    kinds = {each["Type"] for each in render(REQUIRED)["Resources"].values()}
    assert not [kind for kind in kinds if kind.startswith(("AWS::SageMaker", "AWS::ApplicationAutoScaling", "AWS::EC2"))]


# --- Alarms, dashboard, outputs ---------------------------------------------------------------------------------


ALWAYS = {
    "ErrorsAlarm", "ThrottlesAlarm", "DurationAlarm", "FailuresAlarm", "FailureQueueAlarm", "DestinationFailuresAlarm",
    "DeadLetterErrorsAlarm", "EndpointErrorsAlarm", "ModelLatencyAlarm",
}
OF_THE_QUEUE = {"ImageDeadLetterQueueAlarm", "QueueAgeAlarm", "FailedMessagesAlarm"}
ASYNCHRONOUS_ALARMS = {
    "AsyncBacklogAgeAlarm", "AsyncExpiredRequestsAlarm", "AsyncDownloadFailuresAlarm", "AsyncUploadFailuresAlarm",
    "AsyncNotificationFailuresAlarm", "AsyncUndeliveredResultsAlarm",
}
# Starts the first instance, and notifies no one.
FROM_ZERO = "AsyncFromZeroAlarm"


def alarms(parameters):
    return {name: each["Properties"] for name, each in of_type(render(parameters), "AWS::CloudWatch::Alarm").items()}


@pytest.mark.parametrize("case, others", [
    ("required", set()), ("existing", {"UndeliveredEventsAlarm"}),
    ("everything", OF_THE_QUEUE | {"UrlErrorsAlarm", "SpilloverAlarm"}),
    ("public", OF_THE_QUEUE | {"UrlErrorsAlarm", "UndeliveredEventsAlarm"}),
    ("serverless", set()), ("asynchronous", OF_THE_QUEUE | ASYNCHRONOUS_ALARMS | {FROM_ZERO}),
])
def test_alarms_are_those_of_what_is_deployed(case, others):
    assert set(alarms(CASES[case])) == ALWAYS | others


def test_page_counts_the_alarms():
    declared = set(of_type(source(), "AWS::CloudWatch::Alarm"))
    words = {3: "three", 6: "six", 9: "nine"}
    others = {each for each in declared if each not in ALWAYS | ASYNCHRONOUS_ALARMS | {FROM_ZERO}}
    with open("docs/deploy.md") as file:
        page = file.read()
    assert f"{words[len(ALWAYS)]}, and up to {words[len(others)]} more with a queue" in page
    assert f"{words[len(ALWAYS)]} alarms ({words[len(OF_THE_QUEUE)]} more with a queue, one each" in page
    assert f"{words[len(ASYNCHRONOUS_ALARMS)]} more with an asynchronous endpoint, one more" in page


@pytest.mark.parametrize("case, recipient", [
    ("required", None), ("existing", EXISTING["AlarmTopicArn"]),
    ("everything", f"arn:aws:sns:{REGION}:{ACCOUNT}:AlarmTopic"), ("asynchronous", ASYNCHRONOUS["AlarmTopicArn"]),
])
def test_recipient_hears_of_each_alarm_and_of_its_end(case, recipient):
    found = alarms(CASES[case])
    found.pop(FROM_ZERO, None)
    for name, alarm in found.items():
        for actions in ("AlarmActions", "OKActions"):
            assert alarm.get(actions) == ([recipient] if recipient else None), name
        assert alarm["TreatMissingData"] == "notBreaching"


def test_address_is_subscribed_to_a_topic_that_only_this_stacks_alarms_may_use():
    resources = render(EVERYTHING)["Resources"]
    topic = resources["AlarmTopic"]["Properties"]
    assert topic["Subscription"] == [{"Protocol": "email", "Endpoint": "on-call@example.com"}]
    policy = statements(resources["AlarmTopicPolicy"]["Properties"]["PolicyDocument"])
    allow = policy.pop("AlarmsOfThisStack")
    assert (allow["Principal"], allow["Action"]) == ({"Service": "cloudwatch.amazonaws.com"}, "sns:Publish")
    assert allow["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": ARN.format("cloudwatch", f"alarm:{STACK}-*")},
    }
    assert set(policy) == {"TLSOnly"} and policy["TLSOnly"]["Effect"] == "Deny"
    for case in (REQUIRED, EXISTING):
        assert not [kind for kind in render(case)["Resources"].values() if kind["Type"].startswith("AWS::SNS::")]


@pytest.mark.parametrize("given, dimensions", [
    ({}, {"EndpointName": "dog-breeds", "VariantName": "AllTraffic"}),
    ({"EndpointVariant": "Green"}, {"EndpointName": "dog-breeds", "VariantName": "Green"}),
    ({"MonitoredVariant": "Blue"}, {"EndpointName": "dog-breeds", "VariantName": "Blue"}),
    ({"EndpointVariant": "Green", "MonitoredVariant": "Blue"}, {"EndpointName": "dog-breeds", "VariantName": "Blue"}),
    ({"InferenceComponent": "dogs"}, {"InferenceComponentName": "dogs"}),
    ({**HOSTING, "EndpointVariant": "Green"}, {"EndpointName": "dog-breeds", "VariantName": "Green"}),
])
def test_alarms_of_the_endpoint_follow_what_is_called(given, dimensions):
    found = alarms({**REQUIRED, **given})
    latency = found["ModelLatencyAlarm"]["Metrics"][1]["MetricStat"]["Metric"]
    for metric in (found["EndpointErrorsAlarm"], latency):
        assert {each["Name"]: each["Value"] for each in metric["Dimensions"]} == dimensions


def sections(text):
    """The headings of a page of Markdown, and the text below each."""
    parts = re.split(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def test_each_alarm_links_to_its_section_of_the_runbook():
    with open("docs/runbook.md") as file:
        runbook = sections(file.read())
    declared = {name for name, each in source()["Resources"].items() if each["Type"] == "AWS::CloudWatch::Alarm"}
    assert {name for name in runbook if name.endswith("Alarm")} == declared
    for name in declared:
        for part in ("**Meaning.**", "**Look first.**", "**Likely causes.**", "```sh"):
            assert part in runbook[name], f"{name}: {part}"
    for case, parameters in CASES.items():
        for name, alarm in alarms(parameters).items():
            assert alarm["AlarmDescription"].endswith(f"Runbook: docs/runbook.md#{name.lower()}"), (case, name)
    linked = alarms({**REQUIRED, "RunbookUrl": "https://example.com/runbook"})["ErrorsAlarm"]["AlarmDescription"]
    assert linked.endswith("https://example.com/runbook#errorsalarm")


def test_commands_of_the_runbook_need_only_names_that_it_prints():
    with open("docs/runbook.md") as file:
        page = file.read()
    commands = "".join(re.findall(r"```sh\n(.*?)```", page, flags=re.DOTALL))
    needed = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", commands))
    outputs = {re.sub(r"\B(?=[A-Z])", "_", name).upper() for name in source()["Outputs"]}
    named = dict(re.findall(r"`(\w+)` is (\w+_NAME)", page))
    assert set(named) <= set(source()["Resources"])
    # Those of the log, and of the command before.
    assert needed - outputs - set(named.values()) == {"REQUEST_ID", "QUERY_ID", "DEAD_LETTER_QUEUE_ARN"}


def test_commands_of_the_runbook_look_without_doing_harm():
    with open("docs/runbook.md") as file:
        page = file.read()
    # To SQS a look is an attempt: at the fifth, the image queue moves the message to its dead-letter queue.
    assert "receive-message" not in page
    # Only inferencectl records the version before a move, and a stack's versions are moved by CodeDeploy.
    assert re.search(r"^inferencectl alias rollback .*--to VERSION$", page, flags=re.MULTILINE)


@pytest.mark.parametrize("name", ["docs/runbook.md", "docs/configuration.md"])
def test_queries_for_a_level_leave_out_the_metrics(name):
    # With LogLevel ERROR, the line of metrics of each success has the level ERROR: Lambda would drop it otherwise.
    with open(name) as file:
        queries = [line for line in file if re.search(r"""level (=|in) ["\[]""", line)]
    assert queries
    for query in queries:
        assert re.search(r"ispresent\(errorType\)|\$\.(errorType|message) = \"\*\"", query), query
        # A function that cannot start says so at the level FATAL.
        assert '"WARN"' in query or '"FATAL"' in query, query


def test_duration_alarm_follows_the_timeout():
    alarm = render({**REQUIRED, "TimeoutSeconds": "60"})["Resources"]["DurationAlarm"]["Properties"]
    # 48 s of 60 s are 80 per cent.
    assert alarm["Metrics"][0]["Expression"] == "duration / (10 * 60)" and alarm["Threshold"] == 80


def metrics_of(rendered):
    """Names of the metrics that the dashboard draws; those of a SEARCH expression too."""
    body = json.loads(rendered["Resources"]["Dashboard"]["Properties"]["DashboardBody"])
    assert all(widget["properties"]["region"] == REGION for widget in body["widgets"])
    places = [(widget["x"], widget["y"]) for widget in body["widgets"]]
    assert len(set(places)) == len(places)
    rows = [row for widget in body["widgets"] for row in widget["properties"]["metrics"]]
    names = {row[1] for row in rows if len(row) > 2 and row[1] != "..."}
    expressions = [row[0]["expression"] for row in rows if isinstance(row[0], dict)]
    names |= {name for each in expressions for name in re.findall(r'MetricName="(\w+)"', each)}
    return names, expressions


DRAWN = {
    "Images", "Failures", "Rejections", "Retries", "S3Milliseconds", "EndpointMilliseconds", "ImageBytes", "TopProbability",
    "Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions", "AsyncEventsReceived", "AsyncEventsDropped",
    "AsyncEventAge", "DestinationDeliveryFailures", "DeadLetterErrors", "ApproximateNumberOfMessagesVisible",
    "Invocation4XXErrors", "Invocation5XXErrors", "ModelLatency", "OverheadLatency",
}


def test_dashboard_draws_every_metric():
    names, expressions = metrics_of(render(REQUIRED))
    assert names == DRAWN
    # The codes of failures are not known before they happen.
    assert [each for each in expressions if each.endswith("(Failures OR Rejections)', 'Sum', 60)")]
    names, _ = metrics_of(render(EVERYTHING))
    assert names == DRAWN | {
        "ApproximateNumberOfMessagesNotVisible", "ApproximateAgeOfOldestMessage", "FailedInvokeEventCount",
        "UrlRequestCount", "Url4xxCount", "Url5xxCount", "UrlRequestLatency",
    }


def test_dashboard_draws_what_the_function_emits():
    with open("Sources/Function/ImageClassification/Metrics.swift") as file:
        source = file.read()
    texts = dict(re.findall(r'static let (\w+) = JSONString\("(\w+)"\)', source))
    emitted = {texts[name] for name in re.findall(r"\(\s*Names\.(\w+), ", source)}
    assert {"Images", "EndpointMilliseconds"} <= emitted <= DRAWN


def test_outputs_have_a_value_and_a_description(rendered):
    declared = source()["Outputs"]
    assert {name for name in declared if "Condition" not in declared[name]} <= set(rendered["Outputs"]) <= set(declared)
    for output in rendered["Outputs"].values():
        assert output["Value"] and output["Description"]


# --- Refused before anything is created -------------------------------------------------------------------------

REFUSED = {
    "VPC without subnets": {"VpcMode": "existing", "SecurityGroupIds": EXISTING["SecurityGroupIds"]},
    "VPC without security groups": {"VpcMode": "existing", "SubnetIds": EXISTING["SubnetIds"]},
    "subnets without VPC": {"SubnetIds": EXISTING["SubnetIds"]},
    "hosting without an image": {"HostModel": "true"},
    "scale-in cooldown too long": {"HostingScaleInCooldownSeconds": "3601"},
    "scale-out cooldown negative": {"HostingScaleOutCooldownSeconds": "-1"},
    "burstable instances": {"HostingInstanceType": "ml.t2.medium"},
    "provisioned maximum without minimum": {"ProvisionedConcurrencyMaximum": "4"},
    "canary with provisioned concurrency": {"ProvisionedConcurrency": "2", "DeploymentType": "Canary10Percent5Minutes"},
    "no release": {"Release": "none"},
    "URL for everybody without a limit": {"FunctionUrl": "true", "FunctionUrlAuth": "NONE"},
    "everybody's object references": {
        "FunctionUrl": "true", "FunctionUrlAuth": "NONE", "ReservedConcurrency": "5", "AllowObjectInput": "true"},
    "two recipients of alarms": {"AlarmEmail": "a@example.com", "AlarmTopicArn": EXISTING["AlarmTopicArn"]},
    "an address without a domain": {"AlarmEmail": "on-call"},
    "another variant of a hosted model": {**HOSTING, "MonitoredVariant": "Blue"},
    "retention of no results": {"ResultRetentionDays": "30"},
    "versions in a bucket that exists": {
        "ResultBucketName": "dog-results", "ResultBucketExists": "true", "ResultBucketVersioning": "true"},
    "results among the rule's images": {
        "ResultBucketName": "dog-photos", "ResultBucketExists": "true", "EventBridgeKeyPrefix": "results/"},
    "rule's prefix with a wildcard": {"EventBridgeKeyPrefix": "a*"},
    "age of no queue": {"QueueAgeAlarmSeconds": "60"},
    "utilization above 0.9": {"ProvisionedUtilizationTarget": "0.95"},
    "endpoint in capitals": {"EndpointName": "Dogs"},
    "endpoint's name too long": {"EndpointName": "a" + "-" * 62 + "a"},
    "variant's name too long": {"EndpointVariant": "a" + "-" * 62 + "a"},
    "prefix with a wildcard": {"ImageKeyPrefix": "*"},
    "another architecture": {"Architecture": "i386"},
    "release that is not a hash": {"Release": "1.0"},
    "result bucket in capitals": {"ResultBucketName": "Results"},
    "result prefix without its slash": {"ResultBucketName": "dog-results", "ResultPrefix": "results"},
    "result prefix with a slash first": {"ResultBucketName": "dog-results", "ResultPrefix": "/results/"},
    "result prefix with a wildcard": {"ResultBucketName": "dog-results", "ResultPrefix": "*/"},
    "result prefix too long": {"ResultBucketName": "dog-results", "ResultPrefix": "x" * 256 + "/"},
    "existing results without a bucket": {"ResultBucketExists": "true"},
    "result key without a bucket": {"ResultKmsKeyArn": KMS_KEY},
    "result prefix without a bucket": {"ResultPrefix": "other/"},
    "backfills without a bucket": {"BackfillRole": "true"},
    "backfills among the results": {"BackfillRole": "true", "ResultBucketName": "dog-results", "ResultPrefix": ""},
    "backfills in place of the results": {"BackfillRole": "true", "ResultBucketName": "dog-results", "ResultPrefix": "backfill/"},
    "backfills among the images": {
        "BackfillRole": "true", "ResultBucketName": "dog-photos", "ResultBucketExists": "true", "ImageKeyPrefix": "backfill/"},
    "a model's image that is not hosted": {"ModelImage": HOSTING["ModelImage"]},
    "a model's data that are not hosted": {"ModelDataUrl": HOSTING["ModelDataUrl"]},
    "bytes of a presigned URL": {"InputMode": "presigned-url", "EndpointRequest": "triton-binary"},
    "results in the images' new bucket": {"ResultBucketName": "dog-photos"},
    "results among the images": {
        "ResultBucketName": "dog-photos", "ResultBucketExists": "true", "ResultPrefix": "uploads/"},
    "results anywhere in the images' bucket": {
        "ResultBucketName": "dog-photos", "ResultBucketExists": "true", "ResultPrefix": ""},
    "images anywhere in the results' bucket": {
        "ResultBucketName": "dog-photos", "ResultBucketExists": "true", "ImageKeyPrefix": ""},
    "no class in the answer": {"TopK": "0"},
    "a pointer without a slash": {"ReplyValues": "outputs"},
    "one class": {"MaximumClasses": "1"},
    "an image type without another": {"ImageTypeMap": "image/webp"},
    "a request of an unknown form": {"EndpointRequest": "grpc"},
    "a batch without a queue": {"QueueBatchSize": "1"},
    "a batch that needs a window": {"EventDelivery": "queue", "QueueBatchSize": "11"},
    "concurrency of no queue": {"QueueMaximumConcurrency": "2"},
    "less concurrency than SQS's mapping takes": {"EventDelivery": "queue", "QueueMaximumConcurrency": "1"},
    "more concurrency than SQS's mapping takes": {"EventDelivery": "queue", "QueueMaximumConcurrency": "1001"},
    "access for everybody without a URL": {"FunctionUrlAuth": "NONE"},
    "everybody's URLs": {
        "FunctionUrl": "true", "FunctionUrlAuth": "NONE", "ReservedConcurrency": "5", "AllowUrlInput": "true"},
    "parallel above 64": {"MaximumParallel": "65"},
    "margin above ten seconds": {"DeadlineMarginMilliseconds": "10001"},
    "key by alias": {"ImageKmsKeyArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/photos"},
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case):
    with pytest.raises(Refused):
        render({**REQUIRED, **REFUSED[case]})


def test_accepted_at_the_edges():
    for edge in ({"ResultPrefix": ""}, {"ResultPrefix": "a/b c/ü/"}, {"ResultPrefix": "x" * 255 + "/"},
                 {"QueueMaximumConcurrency": "2"}, {"QueueMaximumConcurrency": "1000"}, {"TopK": "99999"},
                 {"ReplyValues": "/results/*/score"}, {"ReplyLabels": "/a~1b/0"},
                 {"HostingScaleInCooldownSeconds": "0"}, {"HostingScaleInCooldownSeconds": "3600"},
                 {"HostingInstanceType": "ml.trn1.2xlarge"}, {"EndpointName": "a"}, {"EndpointName": "a" * 63},
                 {"EndpointName": "a" + "-" * 61 + "a"}, {"ResultRetentionDays": "0"}):
        check_parameters(source(), {**REQUIRED, **edge})
    for name, value in OTHER.items():
        check_parameters(source(), {**REQUIRED, name: value})


def test_a_required_parameter_is_required():
    for name in set(REQUIRED) - {"Release"}:
        with pytest.raises(Refused):
            check_parameters(source(), {key: value for key, value in REQUIRED.items() if key != name})


def test_every_parameter_is_in_the_documentation():
    with open("docs/deploy.md") as file:
        text = file.read()
    assert not [name for name in source()["Parameters"] if f"`{name}`" not in text and f"`{name}=" not in text]
