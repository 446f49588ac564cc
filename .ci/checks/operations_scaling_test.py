"""`inferencectl concurrency …` and `inferencectl endpoint …` as processes; what they wrote is read back with boto3.

Run by operations-scaling.sh, which starts MiniStack (Lambda) and moto (the rest) and names them in the environment.
"""

import io
import json
import os
import pathlib
import subprocess
import time
import urllib.request
import zipfile

import boto3
import pytest
from botocore.config import Config

PROGRAM = pathlib.Path(".build/debug/inferencectl").resolve()
MINISTACK, MOTO = os.environ["MINISTACK_URL"], os.environ["MOTO_URL"]
FUNCTION, ENDPOINT = "photo-classifier", "dog-breeds"
METRIC = "LambdaProvisionedConcurrencyUtilization"
ALIAS = {
    "ServiceNamespace": "lambda",
    "ResourceId": f"function:{FUNCTION}:live",
    "ScalableDimension": "lambda:function:ProvisionedConcurrency",
}
VARIANT = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": f"endpoint/{ENDPOINT}/variant/current",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
QUEUED = {**VARIANT, "ResourceId": "endpoint/queued/variant/all"}
ALARM = "inferencectl-endpoint/queued/variant/all-HasBacklogWithoutCapacity"


def client(service, url, key, secret):
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(retries={"total_max_attempts": 1}),
    )


def policy(*actions):
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


# moto takes CloudWatch's actions from its host name: monitoring:….
OPERATOR = policy("lambda:*", "application-autoscaling:*", "sagemaker:*", "cloudwatch:*", "monitoring:*")
# MiniStack requires PutFunctionConcurrency also for GetFunctionConcurrency.
READER = policy(
    "lambda:Get*",
    "lambda:List*",
    "lambda:PutFunctionConcurrency",
    "sagemaker:Describe*",
    "application-autoscaling:Describe*",
)


@pytest.fixture(scope="module")
def keys():
    """Two users of the same keys on both servers."""
    iam = client("iam", MINISTACK, "test", "rootsecret")
    made = {}
    for name, document in (("operator", OPERATOR), ("reader", READER)):
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="policy", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        made[name] = (key["AccessKeyId"], key["SecretAccessKey"])
    with open(os.environ["OPERATIONS_KEYS"], "w") as file:
        json.dump(made, file)
    iam = client("iam", MOTO, "setup", "setup")
    for name, document in (("operator", OPERATOR), ("reader", READER)):
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="policy", PolicyDocument=document)
        assert iam.create_access_key(UserName=name)["AccessKey"]["AccessKeyId"] == made[name][0]
    return made


@pytest.fixture(scope="module")
def aws(keys):
    """The function with two versions, the endpoint with two variants; then moto checks each signature, too."""
    trust = policy("sts:AssumeRole").replace('"Resource": "*"', '"Principal": {"Service": "lambda.amazonaws.com"}')
    root = client("iam", MINISTACK, "test", "rootsecret")
    role = root.create_role(RoleName="function", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    functions = client("lambda", MINISTACK, *keys["operator"])
    functions.create_function(
        FunctionName=FUNCTION,
        Runtime="provided.al2023",
        Handler="bootstrap",
        Role=role,
        Code={"ZipFile": package("#!/bin/sh\nexit 1\n")},
        MemorySize=1024,
    )
    first = functions.publish_version(FunctionName=FUNCTION)["Version"]
    functions.update_function_code(FunctionName=FUNCTION, ZipFile=package("#!/bin/sh\nexit 2\n"))
    functions.publish_version(FunctionName=FUNCTION)
    functions.create_alias(FunctionName=FUNCTION, Name="live", FunctionVersion=first)

    sagemaker = client("sagemaker", MOTO, "setup", "setup")
    container = {"Image": "image", "ModelDataUrl": "s3://models/model.tar.gz"}
    sagemaker.create_model(ModelName="model", PrimaryContainer=container, ExecutionRoleArn=role)
    make_endpoint(sagemaker, ENDPOINT, "ml.m5.large", "current", "candidate")
    make_endpoint(sagemaker, "burstable", "ml.t2.medium", "all")
    answers = {"OutputConfig": {"S3OutputPath": "s3://answers/output"}}
    make_endpoint(sagemaker, "queued", "ml.g4dn.xlarge", "all", AsyncInferenceConfig=answers)

    request = urllib.request.Request(
        f"{MOTO}/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"}
    )
    with urllib.request.urlopen(request) as response:
        assert json.load(response)["status"] == "ok"
    services = {name: client(name, MOTO, *keys["operator"]) for name in ("application-autoscaling", "sagemaker", "cloudwatch")}
    return {"lambda": functions, **services}


def package(script):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, script)
    return buffer.getvalue()


def make_endpoint(sagemaker, name, instance_type, *variants, **settings):
    sagemaker.create_endpoint_config(
        EndpointConfigName=name,
        **settings,
        ProductionVariants=[
            {
                "VariantName": variant,
                "ModelName": "model",
                "InitialInstanceCount": 1,
                "InstanceType": instance_type,
                "InitialVariantWeight": 1.0,
            }
            for variant in variants
        ],
    )
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)


@pytest.fixture
def run(aws, keys):
    def run(*arguments, status=0, user="operator", secret=None):
        key = keys[user]
        environment = {
            "AWS_ACCESS_KEY_ID": key[0],
            "AWS_SECRET_ACCESS_KEY": secret or key[1],
            "AWS_REGION": "us-east-1",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "AWS_ENDPOINT_URL": MOTO,
            "AWS_ENDPOINT_URL_LAMBDA": MINISTACK,
            # moto does not know DescribeScalingActivities, and answers 500.
            "AWS_MAX_ATTEMPTS": "1",
        }
        target = ["--function-name", FUNCTION] if arguments[0] == "concurrency" else []
        if arguments[0] == "endpoint" and "--endpoint-name" not in arguments:
            target = ["--endpoint-name", ENDPOINT]
        done = subprocess.run(
            [PROGRAM, *arguments, *target], env=environment, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == status, done.stdout + done.stderr
        assert key[1] not in done.stdout + done.stderr
        return done

    return run


def reserved(aws):
    return aws["lambda"].get_function_concurrency(FunctionName=FUNCTION).get("ReservedConcurrentExecutions")


def provisioned(aws, qualifier="live"):
    try:
        return aws["lambda"].get_provisioned_concurrency_config(FunctionName=FUNCTION, Qualifier=qualifier)
    except aws["lambda"].exceptions.ProvisionedConcurrencyConfigNotFoundException:
        return None


def scaling(aws, resource):
    autoscaling = aws["application-autoscaling"]
    targets = autoscaling.describe_scalable_targets(
        ServiceNamespace=resource["ServiceNamespace"], ResourceIds=[resource["ResourceId"]]
    )["ScalableTargets"]
    policies = autoscaling.describe_scaling_policies(**resource)["ScalingPolicies"]
    actions = autoscaling.describe_scheduled_actions(**resource)["ScheduledActions"]
    return targets, policies, actions


def variant(aws, name="current"):
    variants = aws["sagemaker"].describe_endpoint(EndpointName=ENDPOINT)["ProductionVariants"]
    return next(variant for variant in variants if variant["VariantName"] == name)


def throttled(aws):
    try:
        aws["lambda"].invoke(FunctionName=FUNCTION, Payload="{}")
    except aws["lambda"].exceptions.TooManyRequestsException:
        return True
    return False


def test_reservation(aws, run):
    assert reserved(aws) is None
    assert "Reserved 20" in run("concurrency", "reserve", "20").stdout
    assert reserved(aws) == 20
    assert "already" in run("concurrency", "reserve", "20").stdout
    refused = run("concurrency", "reserve", "950", status=1).stderr
    assert "would leave 50 of the account's 1000" in refused and "At most 900" in refused
    assert reserved(aws) == 20
    assert "--yes" in run("concurrency", "reserve", "0", status=1).stderr
    assert reserved(aws) == 20
    run("concurrency", "reserve", "0", "--yes", "--dry-run")
    plan = json.loads(run("concurrency", "reserve", "5", "--dry-run", "--output", "json").stdout)
    assert plan["dryRun"] is True and [write["operation"] for write in plan["writes"]] == ["PutFunctionConcurrency photo-classifier"]
    assert reserved(aws) == 20
    run("concurrency", "reserve", "0", "--yes")
    assert reserved(aws) == 0 and throttled(aws)
    assert "every invocation is throttled" in run("concurrency", "show").stderr
    run("concurrency", "unreserve")
    assert reserved(aws) is None and not throttled(aws)
    assert json.loads(run("concurrency", "unreserve", "--output", "json").stdout)["changed"] is False


def test_provisioned_concurrency(aws, run):
    done = run("concurrency", "provision", "5", "--qualifier", "live").stdout
    assert "5 of 5 provisioned, READY; fixed monthly cost $54.75" in done
    state = provisioned(aws)
    assert (state["RequestedProvisionedConcurrentExecutions"], state["Status"]) == (5, "READY")
    run("concurrency", "provision", "5", "--qualifier", "live")
    assert provisioned(aws)["LastModified"] == state["LastModified"], "it was written again"
    run("concurrency", "provision", "6", "--qualifier", "live", "--dry-run")
    assert provisioned(aws)["RequestedProvisionedConcurrentExecutions"] == 5
    assert "905 can be provisioned" in run("concurrency", "provision", "950", "--qualifier", "live", status=1).stderr
    run("concurrency", "provision", "1", "--qualifier", "$LATEST", status=1)
    assert provisioned(aws, "$LATEST") is None
    unknown = run("concurrency", "provision", "1", "--qualifier", "missing", status=1).stderr
    assert "ResourceNotFoundException" in unknown
    run("concurrency", "deprovision", "--qualifier", "live")
    assert provisioned(aws) is None
    run("concurrency", "deprovision", "--qualifier", "live")


def test_alias_with_weights_is_refused(aws, run):
    routing = {"AdditionalVersionWeights": {"2": 0.1}}
    aws["lambda"].update_alias(FunctionName=FUNCTION, Name="live", RoutingConfig=routing)
    refused = run("concurrency", "provision", "5", "--qualifier", "live", status=1).stderr
    assert "between version 1 and 2 (weight 0.1)" in refused
    assert provisioned(aws) is None
    aws["lambda"].update_alias(
        FunctionName=FUNCTION, Name="live", RoutingConfig={"AdditionalVersionWeights": {}}
    )


def test_autoscaling_of_provisioned_concurrency(aws, run):
    wish = ["concurrency", "autoscale", "--qualifier", "live", "--min", "1", "--max", "10"]
    schedules = ["--schedule", "cron(0 20 * * ? *) 0-1", "--schedule", "cron(0 6 ? * MON-FRI *)", "--timezone", "Europe/Berlin"]
    planned = run(*wish, *schedules, "--dry-run").stdout
    assert planned.count("would send") == 4
    assert scaling(aws, ALIAS) == ([], [], [])
    assert "does not scale in" in run(*wish).stderr
    run(*wish, *schedules)
    targets, policies, actions = scaling(aws, ALIAS)
    assert [(target["MinCapacity"], target["MaxCapacity"]) for target in targets] == [(1, 10)]
    tracking = policies[0]["TargetTrackingScalingPolicyConfiguration"]
    assert tracking["TargetValue"] == 0.7
    assert tracking["PredefinedMetricSpecification"]["PredefinedMetricType"] == METRIC
    found = {
        (action["Schedule"], action["Timezone"], *sorted(action["ScalableTargetAction"].values()))
        for action in actions
    }
    assert found == {("cron(0 20 * * ? *)", "Europe/Berlin", 0, 1), ("cron(0 6 ? * MON-FRI *)", "Europe/Berlin", 1, 10)}
    again = json.loads(run(*wish, *schedules, "--output", "json").stdout)
    assert (again["changes"], again["deletedSchedules"]) == (0, [])
    run(*wish, "--target", "0.5", "--remove-schedules")
    targets, policies, actions = scaling(aws, ALIAS)
    assert len(policies) == 1 and actions == []
    assert policies[0]["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] == 0.5


def test_show_has_the_utilisation_of_cloudwatch(aws, run):
    dimensions = [
        {"Name": "FunctionName", "Value": FUNCTION},
        {"Name": "Resource", "Value": f"{FUNCTION}:live"},
    ]
    data = {"MetricName": "ProvisionedConcurrencyUtilization", "Dimensions": dimensions, "Value": 0.8, "Timestamp": time.time()}
    aws["cloudwatch"].put_metric_data(Namespace="AWS/Lambda", MetricData=[data])
    report = json.loads(run("concurrency", "show", "--output", "json").stdout)
    assert (report["accountLimit"], report["reservable"]) == (1000, 900)
    live = report["qualifiers"][0]
    assert (live["qualifier"], live["version"], live["peakUtilization"], live["isInUse"]) == ("live", "1", 0.8, True)
    assert (live["scaling"]["minimum"], live["scaling"]["maximum"]) == (1, 10)
    assert "80 %" in run("concurrency", "show").stdout


def test_end_of_autoscaling(aws, run):
    run("concurrency", "provision", "2", "--qualifier", "live")
    assert "autoscale off" in run("concurrency", "deprovision", "--qualifier", "live", status=1).stderr
    run("concurrency", "autoscale", "off", "--qualifier", "live")
    assert scaling(aws, ALIAS)[0] == []
    assert "is not autoscaled" in run("concurrency", "autoscale", "off", "--qualifier", "live").stdout
    run("concurrency", "deprovision", "--qualifier", "live")
    assert provisioned(aws) is None


def test_endpoint_autoscaling(aws, run):
    wish = ["endpoint", "autoscale", "--variant", "current", "--min", "1", "--max", "4", "--max-rps", "20"]
    run(*wish, "--dry-run")
    assert scaling(aws, VARIANT)[0] == []
    done = run(*wish)
    assert "20 requests/s x 0.5 x 60 s = 600" in done.stdout and "UpdateEndpoint fails" in done.stderr
    targets, policies, _ = scaling(aws, VARIANT)
    assert [(target["MinCapacity"], target["MaxCapacity"]) for target in targets] == [(1, 4)]
    tracking = policies[0]["TargetTrackingScalingPolicyConfiguration"]
    assert (tracking["TargetValue"], tracking["ScaleInCooldown"], tracking["ScaleOutCooldown"]) == (600, 300, 60)
    assert json.loads(run(*wish, "--output", "json").stdout)["changes"] == 0
    shown = json.loads(run("endpoint", "show", "--variant", "current", "--output", "json").stdout)
    assert shown["variants"][0]["scaling"]["policies"][0]["target"] == 600
    assert "1-4" in run("endpoint", "show").stdout
    assert "has 2 variants" in run("endpoint", "autoscale", "off", status=1).stderr
    run("endpoint", "autoscale", "--min", "5", "--max", "4", "--max-rps", "20", status=2)
    refused = run("endpoint", "autoscale", "--endpoint-name", "burstable", *wish[4:], status=1).stderr
    assert "ml.t2.medium: burstable" in refused


def test_capacity_and_weights(aws, run):
    assert "would be reverted" in run("endpoint", "capacity", "5", "--variant", "current", status=1).stderr
    run("endpoint", "capacity", "3", "--variant", "current", "--dry-run")
    assert variant(aws)["DesiredInstanceCount"] == 1
    run("endpoint", "capacity", "3", "--variant", "current")
    assert variant(aws)["DesiredInstanceCount"] == 3
    assert "already" in run("endpoint", "capacity", "3", "--variant", "current").stdout
    assert "current 90 %, candidate 10 %" in run("endpoint", "weights", "current=9", "candidate=1").stdout
    assert (variant(aws)["DesiredWeight"], variant(aws, "candidate")["DesiredWeight"]) == (9, 1)
    run("endpoint", "weights", "current=0", "candidate=0", status=1)
    run("endpoint", "autoscale", "off", "--variant", "current")
    assert scaling(aws, VARIANT)[0] == []


def test_scaling_from_zero(aws, run):
    queued = ("--endpoint-name", "queued")
    wish = ["endpoint", "autoscale", *queued, "--min", "0", "--max", "4"]
    refused = run("endpoint", "autoscale", "--variant", "current", "--min", "0", "--max", "4", status=1).stderr
    assert "at least 1 for a real-time endpoint" in refused
    assert run(*wish, "--dry-run").stdout.count("would send") == 4
    assert scaling(aws, QUEUED)[0] == []
    done = run(*wish).stdout
    assert "between 0 and 4 instances at 5 waiting requests per instance" in done
    targets, policies, _ = scaling(aws, QUEUED)
    assert [(target["MinCapacity"], target["MaxCapacity"]) for target in targets] == [(0, 4)]
    found = {policy["PolicyType"]: policy for policy in policies}
    tracking = found["TargetTrackingScaling"]["TargetTrackingScalingPolicyConfiguration"]
    dimensions = [{"Name": "EndpointName", "Value": "queued"}]
    assert tracking["TargetValue"] == 5
    assert tracking["CustomizedMetricSpecification"] == {
        "MetricName": "ApproximateBacklogSizePerInstance",
        "Namespace": "AWS/SageMaker",
        "Dimensions": dimensions,
        "Statistic": "Average",
    }
    step = found["StepScaling"]
    assert step["StepScalingPolicyConfiguration"]["AdjustmentType"] == "ChangeInCapacity"
    assert step["StepScalingPolicyConfiguration"]["Cooldown"] == 300
    adjustments = step["StepScalingPolicyConfiguration"]["StepAdjustments"]
    assert adjustments == [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}]
    (alarm,) = aws["cloudwatch"].describe_alarms(AlarmNames=[ALARM])["MetricAlarms"]
    assert alarm["AlarmActions"] == [step["PolicyARN"]]
    assert (alarm["MetricName"], alarm["Dimensions"]) == ("HasBacklogWithoutCapacity", dimensions)
    assert (alarm["Statistic"], alarm["Period"], alarm["Threshold"]) == ("Average", 60, 1)
    assert (alarm["EvaluationPeriods"], alarm["DatapointsToAlarm"]) == (2, 2)
    assert (alarm["ComparisonOperator"], alarm["TreatMissingData"]) == ("GreaterThanOrEqualToThreshold", "missing")
    assert json.loads(run(*wish, "--output", "json").stdout)["changes"] == 0
    metric = {"MetricName": "ApproximateBacklogSize", "Dimensions": dimensions, "Value": 7, "Timestamp": time.time() - 60}
    aws["cloudwatch"].put_metric_data(Namespace="AWS/SageMaker", MetricData=[metric])
    shown = json.loads(run("endpoint", "show", *queued, "--output", "json").stdout)
    assert (shown["kind"], shown["queue"]["backlog"]) == ("asynchronous", 7)
    assert shown["asynchronous"]["outputPath"] == "s3://answers/output"
    run("endpoint", "capacity", "0", *queued)
    counts = aws["sagemaker"].describe_endpoint(EndpointName="queued")["ProductionVariants"][0]
    assert counts["DesiredInstanceCount"] == 0
    assert ALARM in run("endpoint", "delete", *queued, "--yes", "--dry-run").stdout
    assert f"{ALARM} is deleted" in run("endpoint", "autoscale", "off", *queued).stdout
    # moto keeps the policies of a target that is gone.
    assert scaling(aws, QUEUED)[0] == []
    assert aws["cloudwatch"].describe_alarms(AlarmNames=[ALARM])["MetricAlarms"] == []


def test_wrong_secret_is_refused(run):
    code = "SignatureDoesNotMatch|InvalidSignatureException"
    for arguments in (("concurrency", "show"), ("endpoint", "show")):
        refused = run(*arguments, secret="not/the+secret/that/IAM/handed/out/", status=1).stderr
        assert any(name in refused for name in code.split("|")), refused


def test_user_who_may_only_read_is_told_the_permission(aws, run):
    refused = run("concurrency", "provision", "5", "--qualifier", "live", user="reader", status=1).stderr
    assert "AccessDenied" in refused and "needs lambda:PutProvisionedConcurrencyConfig" in refused
    assert provisioned(aws) is None
    wish = ["--variant", "candidate", "--min", "1", "--max", "4", "--invocations-per-instance", "70"]
    refused = run("endpoint", "autoscale", *wish, user="reader", status=1).stderr
    assert "application-autoscaling:RegisterScalableTarget" in refused
    # The metrics are good to know and not needed.
    shown = run("concurrency", "show", user="reader")
    assert "Account " in shown.stdout and "cloudwatch:GetMetricData" in shown.stderr
