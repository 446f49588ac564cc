"""inferencectl behind a proxy that injects faults; what is left on the servers is read back with boto3.

usage: operations_faults.py MINISTACK_URL MOTO_URL INFERENCECTL FOLDER
"""

import io
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import zipfile

import boto3
import operations_fault_proxy
from botocore.config import Config

FUNCTION = "photo-classifier"
IN_PROGRESS = {"Message": "The operation cannot be performed at this time. An update is in progress for resource: arn"}


def client(service, url, key="setup", secret="setup"):
    return boto3.client(service, endpoint_url=url, region_name="us-east-1", aws_access_key_id=key, aws_secret_access_key=secret,
                        config=Config(retries={"total_max_attempts": 1}))


def package(script):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, script)
    return buffer.getvalue()


class Check:
    def __init__(self, ministack, moto, program, folder):
        self.program, self.folder, self.shown = program, folder, []
        self.keys = self.make_user(ministack)
        self.lambdas = client("lambda", ministack, *self.keys)
        self.sagemaker, self.scaling = client("sagemaker", moto), client("application-autoscaling", moto)
        self.iam = client("iam", ministack, "test", "rootsecret")
        self.faults = operations_fault_proxy.Faults()
        self.urls = [operations_fault_proxy.start(url, self.faults) for url in (ministack, moto)]

    def make_user(self, ministack):
        iam = client("iam", ministack, "test", "rootsecret")
        iam.create_user(UserName="operator")
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}]}
        iam.put_user_policy(UserName="operator", PolicyName="policy", PolicyDocument=json.dumps(document))
        key = iam.create_access_key(UserName="operator")["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    def environment(self):
        return {
            "PATH": os.environ["PATH"], "HOME": self.folder, "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_ACCESS_KEY_ID": self.keys[0],
            "AWS_SECRET_ACCESS_KEY": self.keys[1], "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": self.urls[1],
            "AWS_ENDPOINT_URL_LAMBDA": self.urls[0], "NO_PROXY": "127.0.0.1",
        }

    def run(self, *arguments, status=0, says=()):
        done = subprocess.run([self.program, *arguments], env=self.environment(), cwd=self.folder, capture_output=True,
                              text=True, timeout=180)
        text = done.stdout + done.stderr
        assert done.returncode == status, f"{arguments}: status {done.returncode}, not {status}\n{text}"
        assert self.keys[1] not in text
        for words in says:
            assert words in text, f"{arguments}: {words!r} is not in\n{text}"
        return done

    def interrupted(self, arguments, operation, calls):
        """Ctrl-C once an operation was called this often; the output, and the seconds from Ctrl-C to the end."""
        process = subprocess.Popen([self.program, *arguments], env=self.environment(), cwd=self.folder, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 60
        while self.faults.count(operation) < calls and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.02)
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 1, f"{arguments}: status {process.returncode}\n{output}"
        return output, time.monotonic() - start

    def proved(self, what):
        left = self.faults.reset()
        assert not left, f"{what}: unused faults {left}"
        self.shown.append(what)

    # Lambda

    def set_up_function(self):
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}
        role = self.iam.create_role(RoleName="function", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        self.lambdas.create_function(FunctionName=FUNCTION, Runtime="provided.al2023", Handler="bootstrap", Role=role,
                                     Code={"ZipFile": package("#!/bin/sh\nexit 0\n")})
        self.lambdas.publish_version(FunctionName=FUNCTION)
        for number in range(2, 7):
            self.lambdas.update_function_code(FunctionName=FUNCTION, ZipFile=package(f"#!/bin/sh\nexit {number}\n"))
            self.lambdas.publish_version(FunctionName=FUNCTION)
        self.role = role

    def versions(self):
        pages = self.lambdas.list_versions_by_function(FunctionName=FUNCTION)["Versions"]
        return [version["Version"] for version in pages if version["Version"] != "$LATEST"]

    def conflicts(self):
        reserve = ["concurrency", "reserve", "--function-name", FUNCTION]
        self.faults.plan("PUT concurrency", "answer", 409, IN_PROGRESS, "ResourceConflictException", times=2)
        self.run(*reserve, "7", says=("another change is in progress",))
        found = self.lambdas.get_function_concurrency(FunctionName=FUNCTION)
        assert found["ReservedConcurrentExecutions"] == 7, found
        self.proved("a change in progress is waited for")

    def prunes(self):
        prune = ["versions", "prune", "--function-name", FUNCTION, "--yes", "--output", "json", "--keep"]
        self.faults.plan(f"DELETE {FUNCTION}", "lose")
        deleted = json.loads(self.run(*prune, "5").stdout)
        assert deleted == {"deleted": ["1"], "failed": []} and self.versions() == ["2", "3", "4", "5", "6"]
        self.proved("a deletion whose response is lost is a success")
        used = {"Message": "Version was not deleted because the following aliases reference it: [new]"}
        self.faults.plan(f"DELETE {FUNCTION}", "answer", 409, used, "ResourceConflictException")
        left = self.run(*prune, "2", status=1, says=("version 2: not deleted, ",))
        assert json.loads(left.stdout) == {"deleted": ["3", "4"], "failed": ["2"]}, left.stdout
        assert self.versions() == ["2", "5", "6"], self.versions()
        self.proved("prune continues past a version that cannot be deleted")

    # SageMaker

    def create(self, name):
        return ["endpoint", "create", "--endpoint-name", name, "--model-data", "s3://models/m.tar.gz", "--role",
                "arn:aws:iam::123456789012:role/r", "--no-labels", "--instance-type", "ml.m5.large",
                # There is no S3 here, and moto answers a photograph with 500.
                "--no-archive-check", "--no-probe"]

    def names(self, kind):
        lists = {"EndpointConfigs": self.sagemaker.list_endpoint_configs, "Models": self.sagemaker.list_models}
        key = {"EndpointConfigs": "EndpointConfigName", "Models": "ModelName"}[kind]
        return [item[key] for item in lists[kind]()[kind]]

    def creation(self):
        for operation in ("CreateModel", "CreateEndpointConfig", "CreateEndpoint"):
            self.faults.plan(operation, "lose")
        self.run(*self.create("dogs"), says=("is InService",))
        assert len(self.names("EndpointConfigs")) == len(self.names("Models")) == 1
        assert self.sagemaker.describe_endpoint(EndpointName="dogs")["EndpointStatus"] == "InService"
        self.proved("creations whose responses are lost are a success, once")

    VARIANT = {"ServiceNamespace": "sagemaker", "ResourceId": "endpoint/dogs/variant/AllTraffic",
               "ScalableDimension": "sagemaker:variant:DesiredInstanceCount"}

    def target(self):
        found = self.scaling.describe_scalable_targets(
            ServiceNamespace="sagemaker", ResourceIds=[self.VARIANT["ResourceId"]])["ScalableTargets"]
        return found[0] if found else None

    def policy(self):
        return self.scaling.describe_scaling_policies(**self.VARIANT)["ScalingPolicies"][0]["TargetTrackingScalingPolicyConfiguration"]

    def autoscaling(self):
        autoscale = ["endpoint", "autoscale", "--endpoint-name", "dogs"]
        self.scaling.register_scalable_target(**self.VARIANT, MinCapacity=1, MaxCapacity=4)
        self.scaling.put_scaling_policy(
            **self.VARIANT, PolicyName="theirs", PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration={
                "TargetValue": 500.0, "DisableScaleIn": True, "ScaleInCooldown": 900,
                "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}})
        self.run(*autoscale, "--max", "8", says=("maximum 4 → 8",))
        assert (self.target()["MinCapacity"], self.target()["MaxCapacity"]) == (1, 8)
        assert self.policy()["DisableScaleIn"] is True and self.policy()["TargetValue"] == 500
        self.run(*autoscale, "--invocations-per-instance", "600", says=("target 500 → 600",))
        policy = self.policy()
        assert (policy["TargetValue"], policy["DisableScaleIn"], policy["ScaleInCooldown"]) == (600, True, 900), policy
        self.run("endpoint", "autoscale", "suspend", "--endpoint-name", "dogs", "--scale-in")
        assert self.target()["SuspendedState"]["DynamicScalingInSuspended"] is True
        self.run("endpoint", "autoscale", "suspend", "--endpoint-name", "dogs", "--schedules")
        state = self.target()["SuspendedState"]
        assert state == {"DynamicScalingInSuspended": True, "DynamicScalingOutSuspended": False, "ScheduledScalingSuspended": True}, state
        self.faults.plan("DescribeScalingActivities", "answer", 200, {"ScalingActivities": []})
        self.run("endpoint", "show", "--endpoint-name", "dogs", says=("scale-in disabled; suspended: scaling in, schedules",))
        self.run("endpoint", "autoscale", "resume", "--endpoint-name", "dogs")
        assert not any(self.target()["SuspendedState"].values())
        self.run(*autoscale, "--schedule", "cron(0 7 ? * MON-FRI *) 2-8", "--timezone", "Europe/Berlin")
        action = self.scaling.describe_scheduled_actions(**self.VARIANT)["ScheduledActions"][0]
        assert action["ScalableTargetAction"] == {"MinCapacity": 2, "MaxCapacity": 8} and action["Timezone"] == "Europe/Berlin", action
        self.proved("autoscale changes only what is said; suspend, resume and schedules")

    def description(self, status, configuration=None, **more):
        found = self.sagemaker.describe_endpoint(EndpointName="dogs")
        count = {"VariantName": "AllTraffic", "CurrentInstanceCount": 1, "DesiredInstanceCount": 1}
        return {"EndpointName": "dogs", "EndpointArn": found["EndpointArn"], "EndpointStatus": status,
                "EndpointConfigName": configuration or found["EndpointConfigName"], "ProductionVariants": [count], **more}

    def updates(self):
        """moto has no UpdateEndpoint: the proxy plays it, the rest is moto's."""
        update = ["endpoint", "update", "--endpoint-name", "dogs", "--instance-type", "ml.m5.xlarge", "--no-probe"]
        saved = pathlib.Path(self.folder, "dogs-scaling.json")

        def plan(*descriptions):
            self.faults.plan("UpdateEndpoint", "answer", 200, {"EndpointArn": "arn"})
            for description in descriptions:
                self.faults.plan("DescribeEndpoint", "answer", 200, description)

        stale = {"FailureReason": "an alarm of last week"}
        serving = self.description("InService", **stale)
        plan(serving, serving, serving, self.description("Updating", **stale), self.description("InService"))
        self.run(*update, status=1, says=("was rolled back", "no reason given", "is restored"))
        assert (self.target()["MaxCapacity"], self.policy()["ScaleInCooldown"], saved.exists()) == (8, 900, False)
        self.proved("a rollback without a reason is one, a stale reason is not, and the scaling is put back")

        plan(serving, serving, self.description("Updating"))
        output, seconds = self.interrupted(update, "DescribeEndpoint", 3)
        assert "is restored" in output and "continues and is billed" in output, output
        assert self.target()["MaxCapacity"] == 8 and not saved.exists()
        self.proved("Ctrl-C during an update puts the scaling back")
        self.shown.append(f"answered after {seconds:.1f} s")

        plan(serving, serving, self.description("Updating"), self.description("InService"))
        self.faults.plan("RegisterScalableTarget", "answer", 400, {"message": "not now"}, "ValidationException", times=3)
        self.run(*update, status=1, says=("--restore-scaling dogs-scaling.json",))
        assert self.target() is None and saved.exists()
        self.faults.reset()
        self.faults.plan("DescribeScalingActivities", "answer", 200, {"ScalingActivities": []})
        self.run("endpoint", "show", "--endpoint-name", "dogs", says=("an interrupted update has left",))
        self.faults.reset()
        self.run("endpoint", "update", "--endpoint-name", "dogs", "--instance-type", "ml.m5.large", says=("already has these settings",))
        assert self.target()["MaxCapacity"] == 8 and not saved.exists()
        self.proved("a scaling that an interrupted update has left is offered and restored")

    def deletion(self):
        self.sagemaker.create_endpoint_config(EndpointConfigName="dogs-20250101-000000", ProductionVariants=[
            {"VariantName": "A", "ModelName": self.names("Models")[0], "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}])
        listed = json.loads(self.run("endpoint", "prune", "--dry-run", "--output", "json").stdout)
        calls = self.faults.count("DescribeEndpointConfig")
        assert listed["configurationNames"] == [] and calls <= 2, (listed, calls)
        self.faults.reset()
        delete = ["endpoint", "delete", "--endpoint-name", "dogs", "--yes"]
        self.faults.plan("DescribeEndpoint", "answer", 200, self.description("InService"))
        self.faults.plan("DescribeEndpoint", "answer", 200, self.description("Deleting"), times=2)
        output, _ = self.interrupted(delete, "DescribeEndpoint", 2)
        assert "run the command again" in output, output
        assert self.names("Models"), "deleted too early"
        self.faults.reset()
        for operation in ("DeleteEndpointConfig", "DeleteModel"):
            self.faults.plan(operation, "lose")
        result = self.run(*delete, says=(": deleted",))
        left = self.names("EndpointConfigs") + self.names("Models")
        assert left == [], f"left: {left}\n{output}\n{result.stdout}\n{result.stderr}"
        assert self.target() is None
        self.run(*delete, status=1, says=("Endpoint dogs does not exist",))
        self.proved("an interrupted deletion is completed")


def main(ministack, moto, program, folder):
    check = Check(ministack, moto, program, folder)
    check.set_up_function()
    failures = 0
    for step in (check.conflicts, check.prunes, check.creation, check.autoscaling, check.updates, check.deletion):
        try:
            step()
        except (AssertionError, subprocess.TimeoutExpired) as problem:
            failures += 1
            check.faults.reset()
            print(f"{step.__name__}: {problem}")
    print("; ".join(check.shown))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
