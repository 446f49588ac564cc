"""Tests of what EndpointKind changes in template.yaml. Run by template.sh; the permissions are those of template_permissions.py."""

import json

import pytest

from template_model import (
    ACCOUNT, ASYNC_KMS_KEY, ASYNCHRONOUS, CASES, HOSTING, REGION, REQUIRED, SERVERLESS, STACK, Refused, of_type, render,
    role_statements, source, statements,
)

KINDS = ("EndpointKind", "Serverless", "Async")
TOPICS = {each: f"arn:aws:sns:{REGION}:{ACCOUNT}:{each}" for each in ("AsyncSuccessTopic", "AsyncErrorTopic")}
ALIAS = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{STACK}:live"
# An asynchronous endpoint that inferencectl made.
ELSEWHERE = {**REQUIRED, "EndpointKind": "asynchronous", "AsyncBucketName": "dog-replies"}


def variables(parameters):
    return render(parameters)["Resources"]["ClassifyFunction"]["Properties"]["Environment"]["Variables"]


def configuration(parameters):
    return render(parameters)["Resources"]["EndpointConfiguration"]["Properties"]


# --- Real time --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["required", "everything", "existing", "public"])
def test_real_time_stack_has_nothing_of_the_other_kinds(case):
    rendered = render(CASES[case])
    assert not [name for name in rendered["Resources"] if name.startswith(("Async", "Backlog", "FromZero"))]
    assert not [name for name in rendered["Outputs"] if name.startswith("Async")]
    text = json.dumps(rendered)
    for word in ("ENDPOINT_KIND", "ASYNC_", "InvokeEndpointAsync", "ServerlessConfig", "AsyncInferenceConfig", "sns.amazonaws.com"):
        assert word not in text, word
    function = rendered["Resources"]["ClassifyFunction"]["Properties"]["Environment"]["Variables"]
    assert function["MAX_IMAGE_BYTES"] == "6291456"


# --- Function ---------------------------------------------------------------------------------------------------


def test_function_has_the_settings_of_its_kind_and_no_others():
    assert variables(SERVERLESS)["ENDPOINT_KIND"] == "serverless"
    assert not [name for name in variables(SERVERLESS) if name.startswith("ASYNC_")]
    given = {**ELSEWHERE, "AsyncOutputPrefix": "a/b", "AsyncFailurePrefix": "c", "AsyncRequestTtlSeconds": "60",
             "AsyncInvocationTimeoutSeconds": "3600"}
    found = {name: value for name, value in variables(given).items() if name == "ENDPOINT_KIND" or name.startswith("ASYNC_")}
    assert found == {
        "ENDPOINT_KIND": "asynchronous", "ASYNC_OUTPUT_PATH": "s3://dog-replies/a/b", "ASYNC_FAILURE_PATH": "s3://dog-replies/c",
        "ASYNC_REQUEST_TTL_SECONDS": "60", "ASYNC_INVOCATION_TIMEOUT_SECONDS": "3600",
    }


@pytest.mark.parametrize("kind", [SERVERLESS, ELSEWHERE])
def test_limit_of_an_image_is_the_kinds_own_unless_it_is_set(kind):
    assert variables(kind)["MAX_IMAGE_BYTES"] == ""
    assert variables({**kind, "MaximumImageBytes": "1000000"})["MAX_IMAGE_BYTES"] == "1000000"


@pytest.mark.parametrize("parameters, action", [
    (REQUIRED, "sagemaker:InvokeEndpoint"), (SERVERLESS, "sagemaker:InvokeEndpoint"),
    (ASYNCHRONOUS, "sagemaker:InvokeEndpointAsync"),
])
def test_function_and_network_allow_the_call_of_the_kind_only(parameters, action):
    rendered = render({**parameters, "VpcMode": "create"})
    assert role_statements(rendered, "ClassifyRole")["ClassifyWithTheEndpoint"]["Action"] == action
    network = rendered["Resources"]["SageMakerRuntimeEndpoint"]["Properties"]["PolicyDocument"]
    assert statements(network)["ClassifyWithTheEndpoint"]["Action"] == action


def test_network_lets_large_replies_pass():
    policy = statements(render(ASYNCHRONOUS)["Resources"]["S3Endpoint"]["Properties"]["PolicyDocument"])
    assert policy["ReadReplies"]["Resource"] == [f"arn:aws:s3:::dog-replies/async/{each}/*" for each in ("output", "failures")]
    assert policy["ReadReplies"]["Condition"] == policy["ReadImages"]["Condition"]


# --- Serverless -------------------------------------------------------------------------------------------------


def test_serverless_variant_has_memory_and_concurrency_and_no_instances():
    (variant,) = configuration(SERVERLESS)["ProductionVariants"]
    assert variant == {
        "VariantName": "AllTraffic", "ModelName": "Model-ModelName", "InitialVariantWeight": 1,
        "ServerlessConfig": {"MemorySizeInMB": "4096", "MaxConcurrency": "10", "ProvisionedConcurrency": "1"},
    }
    (variant,) = configuration({**SERVERLESS, "ServerlessProvisionedConcurrency": "0"})["ProductionVariants"]
    assert variant["ServerlessConfig"] == {"MemorySizeInMB": "4096", "MaxConcurrency": "10"}


def test_serverless_model_has_neither_a_vpc_nor_network_isolation():
    for mode in ("none", "create"):
        resources = render({**SERVERLESS, "VpcMode": mode})["Resources"]
        model = resources["Model"]["Properties"]
        assert model["EnableNetworkIsolation"] is False and "VpcConfig" not in model
        assert "RetainAllVariantProperties" not in resources["Endpoint"]["Properties"]
        # VpcMode is the function's own network.
        assert ("VpcConfig" in resources["ClassifyFunction"]["Properties"]) == (mode == "create")


def test_serverless_endpoint_scales_by_itself():
    assert not [each for each in render(SERVERLESS)["Resources"].values() if each["Type"].startswith("AWS::ApplicationAutoScaling")]


@pytest.mark.parametrize("seconds", [1, 30, 299, *range(300, 901, 60), 301, 899])
def test_serverless_function_outlives_a_cold_call(seconds):
    given = {**SERVERLESS, "TimeoutSeconds": str(seconds)}
    if seconds >= 300 and seconds % 60 == 0:
        assert render(given)["Resources"]["ClassifyFunction"]["Properties"]["Timeout"] == str(seconds)
    else:
        with pytest.raises(Refused, match="TimeoutSeconds of 300, 360, 420"):
            render(given)


# --- Asynchronous -----------------------------------------------------------------------------------------------


def test_asynchronous_endpoint_writes_to_its_bucket_and_publishes_with_the_reply():
    assert configuration(ASYNCHRONOUS)["AsyncInferenceConfig"] == {
        "OutputConfig": {
            "S3OutputPath": "s3://AsyncBucket/async/output", "S3FailurePath": "s3://AsyncBucket/async/failures",
            "KmsKeyId": ASYNC_KMS_KEY,
            "NotificationConfig": {
                "SuccessTopic": TOPICS["AsyncSuccessTopic"], "ErrorTopic": TOPICS["AsyncErrorTopic"],
                "IncludeInferenceResponseIn": ["SUCCESS_NOTIFICATION_TOPIC", "ERROR_NOTIFICATION_TOPIC"]},
        },
        "ClientConfig": {"MaxConcurrentInvocationsPerInstance": "4"},
    }
    plain = configuration({**ELSEWHERE, **HOSTING, "AsyncBucketExists": "true"})["AsyncInferenceConfig"]
    assert "ClientConfig" not in plain and "KmsKeyId" not in plain["OutputConfig"]
    assert plain["OutputConfig"]["S3OutputPath"] == "s3://dog-replies/async/output"


@pytest.mark.parametrize("minimum, initial", [("0", 1), ("1", "1"), ("3", "3")])
def test_endpoint_is_created_with_an_instance_also_when_its_minimum_is_zero(minimum, initial):
    given = {**ASYNCHRONOUS, "HostingMinimumInstances": minimum}
    (variant,) = configuration(given)["ProductionVariants"]
    assert (variant["InstanceType"], variant["InitialInstanceCount"]) == ("ml.g4dn.xlarge", initial)
    assert "ServerlessConfig" not in variant
    assert render(given)["Resources"]["EndpointTarget"]["Properties"]["MinCapacity"] == minimum


def test_backlog_scales_the_endpoint_and_an_alarm_of_its_own_starts_it_from_zero():
    resources = render(ASYNCHRONOUS)["Resources"]
    assert "EndpointPolicy" not in resources, "InvocationsPerInstance is not published"
    assert resources["BacklogPolicy"]["Properties"]["TargetTrackingScalingPolicyConfiguration"] == {
        "CustomizedMetricSpecification": {
            "Namespace": "AWS/SageMaker", "MetricName": "ApproximateBacklogSizePerInstance", "Statistic": "Average",
            "Dimensions": [{"Name": "EndpointName", "Value": "Endpoint-EndpointName"}]},
        "TargetValue": "5", "ScaleInCooldown": "300", "ScaleOutCooldown": "60",
    }
    step = resources["FromZeroPolicy"]["Properties"]
    assert (step["PolicyType"], step["ScalingTargetId"]) == ("StepScaling", "EndpointTarget")
    assert step["StepScalingPolicyConfiguration"] == {
        "AdjustmentType": "ChangeInCapacity", "MetricAggregationType": "Average", "Cooldown": 300,
        "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
    }
    alarm = resources["AsyncFromZeroAlarm"]["Properties"]
    assert {name: alarm[name] for name in alarm if name != "AlarmDescription"} == {
        "Namespace": "AWS/SageMaker", "MetricName": "HasBacklogWithoutCapacity", "Statistic": "Average", "Period": 60,
        "Dimensions": [{"Name": "EndpointName", "Value": "dog-breeds"}], "EvaluationPeriods": 2, "DatapointsToAlarm": 2,
        "Threshold": 1, "ComparisonOperator": "GreaterThanOrEqualToThreshold", "TreatMissingData": "missing",
        "AlarmActions": ["FromZeroPolicy"],
    }


@pytest.mark.parametrize("others, expected", [
    ({"HostingMinimumInstances": "1"}, {"BacklogPolicy"}),
    ({"HostingMinimumInstances": "1", "HostingAutoscaling": "false"}, set()),
])
def test_without_zero_there_is_nothing_to_start(others, expected):
    rendered = render({**ASYNCHRONOUS, **others})
    assert set(of_type(rendered, "AWS::ApplicationAutoScaling::ScalingPolicy")) == expected
    assert "AsyncFromZeroAlarm" not in rendered["Resources"]


def test_both_topics_are_encrypted_and_deliver_to_the_alias_or_to_the_failure_queue():
    for given, key in ((ASYNCHRONOUS, ASYNC_KMS_KEY), (ELSEWHERE, "alias/aws/sns")):
        resources = render(given)["Resources"]
        for topic, arn in TOPICS.items():
            assert resources[topic]["Properties"] == {"KmsMasterKeyId": key}
            permission = resources[topic.replace("Topic", "Permission")]["Properties"]
            assert permission == {
                "FunctionName": ALIAS, "Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com", "SourceArn": arn}
            subscription = resources[topic.replace("Topic", "Subscription")]["Properties"]
            assert subscription == {
                "TopicArn": arn, "Protocol": "lambda", "Endpoint": ALIAS,
                "RedrivePolicy": {"deadLetterTargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:FailureQueue"}}
            (deny,) = resources[f"{topic}Policy"]["Properties"]["PolicyDocument"]["Statement"]
            assert (deny["Effect"], deny["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_endpoint_made_elsewhere_has_topics_and_a_bucket_and_their_names_are_printed():
    rendered = render(ELSEWHERE)
    assert not [each for each in rendered["Resources"].values() if each["Type"].startswith("AWS::SageMaker")]
    assert {name: each["Value"] for name, each in rendered["Outputs"].items() if name.startswith("Async")} == {
        "AsyncOutputAt": "s3://dog-replies/async/output", "AsyncFailureAt": "s3://dog-replies/async/failures",
        "AsyncSuccessTopicArn": TOPICS["AsyncSuccessTopic"], "AsyncErrorTopicArn": TOPICS["AsyncErrorTopic"],
    }


def test_bucket_of_replies_is_encrypted_private_tls_only_and_emptied():
    resources = render({**ASYNCHRONOUS, "AsyncRetentionDays": "3"})["Resources"]
    bucket = resources["AsyncBucket"]["Properties"]
    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": ASYNC_KMS_KEY}
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] == "3"
    assert "NotificationConfiguration" not in bucket
    (deny,) = resources["AsyncBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert deny["Resource"] == ["arn:aws:s3:::dog-replies", "arn:aws:s3:::dog-replies/*"]
    assert "AsyncBucket" not in render({**ASYNCHRONOUS, "AsyncBucketExists": "true"})["Resources"]


@pytest.mark.parametrize("given, variant", [({}, "AllTraffic"), ({"MonitoredVariant": "Blue"}, "Blue")])
def test_alarms_of_requests_follow_the_variant(given, variant):
    resources = render({**ELSEWHERE, **given})["Resources"]
    for name in ("Expired", "Download", "Upload", "Notification"):
        alarm, = [each for key, each in resources.items() if key.startswith(f"Async{name}") and key.endswith("Alarm")]
        dimensions = {each["Name"]: each["Value"] for each in alarm["Properties"]["Dimensions"]}
        assert dimensions == {"EndpointName": "dog-breeds", "VariantName": variant}
    body = json.loads(resources["Dashboard"]["Properties"]["DashboardBody"])
    rows = [row for widget in body["widgets"] for row in widget["properties"]["metrics"]]
    assert ["AWS/SageMaker", "ExpiredRequests", "EndpointName", "dog-breeds", "VariantName", variant] in rows
    drawn = {row[1] for row in rows if len(row) > 2}
    assert {"ApproximateBacklogSize", "ApproximateAgeOfOldestRequest", "HasBacklogWithoutCapacity", "NotificationFailures"} <= drawn
    places = [(widget["x"], widget["y"]) for widget in body["widgets"]]
    assert len(set(places)) == len(places)


# --- Refused before anything is created -------------------------------------------------------------------------

ASYNC, LESS = {"EndpointKind": "asynchronous", "AsyncBucketName": "dog-replies"}, {**SERVERLESS}
REFUSED = {
    "replies among the images": ({**ASYNC, "AsyncBucketName": "dog-photos"}, "endlessly"),
    "replies among the images of an existing bucket": (
        {**ASYNC, "AsyncBucketName": "dog-photos", "ImageBucketExists": "true", "AsyncBucketExists": "true"}, "endlessly"),
    "replies among the images of a rule": (
        {**ASYNC, "AsyncBucketName": "dog-photos", "EventBridgeKeyPrefix": "async"}, "endlessly"),
    "replies among the results": ({**ASYNC, "ResultBucketName": "dog-replies"}, "read as replies"),
    "replies and failures in one place": ({**ASYNC, "AsyncFailurePrefix": "async/output"}, "must differ from AsyncFailurePrefix"),
    "asynchronous without a bucket": ({"EndpointKind": "asynchronous"}, "requires AsyncBucketName"),
    "asynchronous variant": ({**ASYNC, "EndpointVariant": "Green"}, "excludes EndpointVariant"),
    "asynchronous component": ({**ASYNC, "InferenceComponent": "dogs"}, "excludes EndpointVariant, InferenceComponent"),
    "asynchronous model of several": ({**ASYNC, "TargetModel": "dogs.tar.gz"}, "and TargetModel"),
    "asynchronous URL": ({**ASYNC, "InputMode": "presigned-url"}, "requires InputMode image"),
    "asynchronous request in JSON": ({**ASYNC, "EndpointRequest": "tensorflow-b64"}, "EndpointRequest image"),
    "invocations of an asynchronous endpoint": (
        {**ASYNC, **HOSTING, "HostingInvocationsPerInstance": "60"}, "use AsyncBacklogPerInstance"),
    "retention in a bucket that exists": (
        {**ASYNC, "AsyncBucketExists": "true", "AsyncRetentionDays": "1"}, "requires a bucket that the stack creates"),
    "real time at zero": ({**HOSTING, "HostingMinimumInstances": "0"}, "0 requires EndpointKind asynchronous"),
    "serverless at zero": ({**LESS, "HostingMinimumInstances": "0"}, "has no instances"),
    "zero without autoscaling": (
        {**ASYNC, **HOSTING, "HostingMinimumInstances": "0", "HostingAutoscaling": "false"}, "requires HostingAutoscaling"),
    "serverless instance type": ({**LESS, "HostingInstanceType": "ml.m5.large"}, "has no instances"),
    "serverless instances": ({**LESS, "HostingMaximumInstances": "8"}, "has no instances"),
    "serverless autoscaling": ({**LESS, "HostingAutoscaling": "false"}, "has no instances"),
    "serverless target": ({**LESS, "HostingInvocationsPerInstance": "60"}, "has no instances"),
    "serverless cooldown": ({**LESS, "HostingScaleInCooldownSeconds": "30"}, "has no instances"),
    "serverless component": ({**LESS, "InferenceComponent": "dogs"}, "excludes InferenceComponent"),
    "serverless model of several": ({**LESS, "TargetModel": "dogs.tar.gz"}, "and TargetModel"),
    "serverless memory of no step": ({**LESS, "ServerlessMemoryMegabytes": "1536"}, "is none of"),
    "serverless concurrency above 200": ({**LESS, "ServerlessMaximumConcurrency": "201"}, "out of range"),
    "serverless settings of instances": ({"ServerlessMemoryMegabytes": "4096"}, "require EndpointKind serverless"),
    "serverless settings of an asynchronous endpoint": (
        {**ASYNC, "ServerlessProvisionedConcurrency": "1"}, "require EndpointKind serverless"),
    "asynchronous bucket of a serverless endpoint": ({**LESS, "AsyncBucketName": "dog-replies"}, "require EndpointKind asynchronous"),
    "asynchronous settings in real time": ({"AsyncRequestTtlSeconds": "60"}, "require EndpointKind asynchronous"),
    "request that lives too long": ({**ASYNC, "AsyncRequestTtlSeconds": "21601"}, "out of range"),
    "request that takes too long": ({**ASYNC, "AsyncInvocationTimeoutSeconds": "3601"}, "out of range"),
    "output with a slash at the end": ({**ASYNC, "AsyncOutputPrefix": "async/"}, "does not match"),
    "output without a prefix": ({**ASYNC, "AsyncOutputPrefix": ""}, "does not match"),
    "failures with a wildcard": ({**ASYNC, "AsyncFailurePrefix": "*"}, "does not match"),
    "another kind": ({"EndpointKind": "batch"}, "is none of"),
}


def test_an_asynchronous_endpoint_takes_the_bytes_for_triton():
    """Triton's binary form without a header is the object itself."""
    function = render({**REQUIRED, **ASYNC, "EndpointRequest": "triton-binary"})["Resources"]["ClassifyFunction"]
    assert function["Properties"]["Environment"]["Variables"]["ENDPOINT_REQUEST"] == "triton-binary"


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case):
    given, reason = REFUSED[case]
    with pytest.raises(Refused, match=reason):
        render({**REQUIRED, **given})


def test_each_rule_of_the_kinds_refuses_something():
    """A rule whose assertion never fails would be a check that cannot fail."""
    rules = source()["Rules"]
    seen = set()
    for given, _ in REFUSED.values():
        try:
            render({**REQUIRED, **given})
        except Refused as error:
            seen |= {text["AssertDescription"] for rule in rules.values() for text in rule["Assertions"]
                     if text["AssertDescription"] in str(error)}
    ours = {text["AssertDescription"] for rule in rules.values() for text in rule["Assertions"]
            if any(word in text["AssertDescription"] for word in KINDS)}
    assert {each for each in ours - seen if "TimeoutSeconds of 300" not in each} == set()


def test_what_is_set_elsewhere_is_accepted():
    for given in (
        {**ASYNC, **HOSTING, "HostingInstanceType": "ml.m5.large", "HostingScaleInCooldownSeconds": "900"},
        {**ASYNC, "MonitoredVariant": "Blue", "AsyncBucketExists": "true", "AsyncKmsKeyArn": ASYNC_KMS_KEY},
        {**ASYNC, "ResultBucketName": "dog-photos", "ResultBucketExists": "true"},
        {"EndpointKind": "serverless", "TimeoutSeconds": "900", "EventDelivery": "queue", "FunctionUrl": "true"},
        {"EndpointKind": "serverless", "TimeoutSeconds": "300", "EndpointVariant": "Green", "EndpointRequest": "tensorflow-b64"},
    ):
        assert render({**REQUIRED, **given})
