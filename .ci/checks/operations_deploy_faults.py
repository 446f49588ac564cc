"""The faults of a deployment and a rollback, each through a proxy in front of MiniStack's Lambda and CloudWatch; what is
left is read back with boto3.

usage: operations_deploy_faults.py MINISTACK_URL INFERENCECTL FOLDER

Prints a row for each fault: what it is, whether the program withstands it, and what is left. Ends with status 1 if it does
not withstand one. INFERENCECTL may be an earlier program: that of commit f5691bf withstands two of the twenty, the lost
response and the two invocations that fail.
"""

import datetime
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import operations_fault_proxy
from operations_faults import IN_PROGRESS, client, package

CONFLICT = ("answer", 409, IN_PROGRESS, "ResourceConflictException")
THROTTLED = ("answer", 429, {"Message": "Rate exceeded"}, "TooManyRequestsException")
DENIED = ("answer", 403, {"Message": "not authorized"}, "AccessDeniedException")
FAILING = ("answer", 500, {"message": "by chance"}, "InternalServiceFault")
UPDATE_ALIAS = "PUT aliases"


class Servers:
    def __init__(self, ministack, program, folder):
        self.program, self.folder, self.count = program, pathlib.Path(folder), 0
        iam = client("iam", ministack, "test", "rootsecret")
        iam.create_user(UserName="deployer")
        allow = [{"Effect": "Allow", "Action": ["lambda:*", "cloudwatch:*", "application-autoscaling:*"], "Resource": "*"}]
        iam.put_user_policy(UserName="deployer", PolicyName="policy",
                            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": allow}))
        key = iam.create_access_key(UserName="deployer")["AccessKey"]
        self.keys = key["AccessKeyId"], key["SecretAccessKey"]
        self.lambdas, self.metrics = (client(name, ministack, *self.keys) for name in ("lambda", "cloudwatch"))
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}
        self.role = iam.create_role(RoleName="deployed", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        self.faults = operations_fault_proxy.Faults()
        self.url = operations_fault_proxy.start(ministack, self.faults)
        shown = subprocess.run([program, "deploy", "--help"], capture_output=True, text=True, check=False).stdout
        # Earlier programs always hold.
        self.hold = ["--on-stop", "hold"] if "--on-stop" in shown else []


class Stage:
    """A function of its own, whose alias came to version 3 from version 2; version 4 is the zip to deploy."""

    def __init__(self, servers):
        self.servers, self.lambdas, self.faults = servers, servers.lambdas, servers.faults
        self.faults.reset()
        servers.count += 1
        self.name = f"f{servers.count}"
        self.lambdas.create_function(FunctionName=self.name, Runtime="provided.al2023", Handler="bootstrap",
                                     Role=servers.role, Code={"ZipFile": package("#!/bin/sh\nexit 1\n")})
        self.lambdas.publish_version(FunctionName=self.name)
        for number in (2, 3):
            self.lambdas.update_function_code(FunctionName=self.name, ZipFile=package(f"#!/bin/sh\nexit {number}\n"))
            self.lambdas.publish_version(FunctionName=self.name)
        self.zip = servers.folder / f"{self.name}.zip"
        self.zip.write_bytes(package("#!/bin/sh\nexit 4\n"))
        pathlib.Path(f"{self.zip}.arch").write_text("x86_64\n")
        for version in ("2", "3"):
            self.run("alias", "point", "--to", version)

    def start(self, *arguments):
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.servers.folder), "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_ACCESS_KEY_ID": self.servers.keys[0],
            "AWS_SECRET_ACCESS_KEY": self.servers.keys[1], "AWS_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "2",
            "AWS_ENDPOINT_URL": self.servers.url, "NO_PROXY": "127.0.0.1",
        }
        return subprocess.Popen(
            [self.servers.program, *map(str, arguments), "--function-name", self.name], env=environment, text=True,
            cwd=self.servers.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run(self, *arguments):
        process = self.start(*arguments)
        text, _ = process.communicate(timeout=120)
        return process.returncode, text

    def deploy(self, *options):
        return self.run("deploy", self.zip, *options)

    def plan(self, operation, fault, times=1):
        kind, *rest = fault
        self.faults.plan(operation, kind, *rest, times=times)

    def alias(self):
        alias = self.lambdas.get_alias(FunctionName=self.name, Name="live")
        return alias["FunctionVersion"], alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})

    @property
    def left(self):
        version, weights = self.alias()
        return f"version {version}" + "".join(f", {share:.0%} at version {other}" for other, share in weights.items())

    def wait(self, weights, version="3", seconds=30):
        deadline = time.monotonic() + seconds
        while self.alias() != (version, weights) and time.monotonic() < deadline:
            time.sleep(0.05)
        return self.alias() == (version, weights)

    def count(self, invocations, errors=0):
        """Metrics of version 4 in this minute and the next."""
        dimensions = (("FunctionName", self.name), ("Resource", f"{self.name}:live"), ("ExecutedVersion", "4"))
        now = datetime.datetime.now(datetime.timezone.utc)
        self.servers.metrics.put_metric_data(Namespace="AWS/Lambda", MetricData=[
            {"MetricName": name, "Timestamp": now + datetime.timedelta(minutes=minute), "Value": value, "Unit": "Count",
             "Dimensions": [{"Name": key, "Value": text} for key, text in dimensions]}
            for minute in (0, 1) for name, value in (("Invocations", invocations), ("Errors", errors))])

    def provision(self):
        self.lambdas.put_provisioned_concurrency_config(FunctionName=self.name, Qualifier="live",
                                                        ProvisionedConcurrentExecutions=3)

    @property
    def provisioned(self):
        try:
            return self.lambdas.get_provisioned_concurrency_config(
                FunctionName=self.name, Qualifier="live")["RequestedProvisionedConcurrentExecutions"]
        except self.lambdas.exceptions.ProvisionedConcurrencyConfigNotFoundException:
            return 0

    def publish_four(self, share):
        """As a tool that has shifted a share already."""
        self.lambdas.update_function_code(FunctionName=self.name, ZipFile=self.zip.read_bytes())
        self.lambdas.publish_version(FunctionName=self.name)
        self.lambdas.update_alias(FunctionName=self.name, Name="live",
                                  RoutingConfig={"AdditionalVersionWeights": {"4": share}})


# Each returns whether the program withstands the fault, and what is left.

def second_rollback(stage):
    """a second rollback goes forward again"""
    stage.run("alias", "rollback")
    status, _ = stage.run("alias", "rollback")
    return stage.alias() == ("2", {}) and status == 0, f"{stage.left}, status {status}"


def rollback_after_the_automatic_one(stage):
    """a rollback by hand after the automatic one leaves the good version"""
    stage.count(50, errors=50)
    stage.deploy("--bake", "2s")
    stage.run("alias", "rollback")
    return stage.alias() == ("3", {}), stage.left


def rollback_after_another_tool(stage):
    """a rollback goes to a version that was never the one before"""
    stage.lambdas.update_alias(FunctionName=stage.name, Name="live", FunctionVersion="1")
    status, _ = stage.run("alias", "rollback")
    return stage.alias() == ("1", {}) and status == 1, f"{stage.left}, status {status}"


def rollback_that_fails(stage):
    """an automatic rollback that is denied suggests the same command, which accepts the bad version"""
    stage.count(50, errors=50)
    stage.plan(UPDATE_ALIAS, ("pass",))
    stage.plan(UPDATE_ALIAS, DENIED, times=60)
    _, text = stage.deploy("--canary", "10%:2s")
    stage.faults.reset()
    suggests = "same command" in text
    status, _ = stage.deploy("--canary", "10%:2s")
    return not suggests and stage.alias() == ("3", {}) and status == 1, f"after a second run {stage.left}, status {status}"


def complaint_of_a_rollback_that_fails(stage):
    """its message loses why the version failed"""
    stage.count(50, errors=50)
    stage.plan(UPDATE_ALIAS, ("pass",))
    stage.plan(UPDATE_ALIAS, DENIED, times=60)
    _, text = stage.deploy("--canary", "10%:2s")
    stage.faults.reset()
    return "invocations failed" in text and "--to 3" in text, text.strip().split("\n")[-1][:160]


def conflict_of_the_automatic_rollback(stage):
    """an automatic rollback gives up at 409"""
    stage.count(50, errors=50)
    stage.plan(UPDATE_ALIAS, ("pass",))
    stage.plan(UPDATE_ALIAS, CONFLICT, times=3)
    stage.deploy("--canary", "10%:2s")
    return stage.alias() == ("3", {}), stage.left


def throttling_of_the_automatic_rollback(stage):
    """an automatic rollback gives up at 429"""
    stage.count(50, errors=50)
    stage.plan(UPDATE_ALIAS, ("pass",))
    stage.plan(UPDATE_ALIAS, THROTTLED, times=5)
    stage.deploy("--canary", "10%:2s")
    return stage.alias() == ("3", {}), stage.left


def provisioned_after_a_rollback_that_fails(stage):
    """a rollback that fails leaves the alias without its provisioned concurrency"""
    stage.provision()
    stage.count(50, errors=50)
    stage.plan(UPDATE_ALIAS, ("pass",))
    stage.plan(UPDATE_ALIAS, DENIED, times=60)
    stage.deploy("--bake", "2s")
    stage.faults.reset()
    return stage.provisioned == 3, f"{stage.provisioned} of 3 provisioned"


def provisioned_after_a_kill(stage):
    """kill -9 while the rollback has removed the alias's provisioned concurrency loses its number"""
    stage.provision()
    stage.count(50, errors=50)
    process = stage.start("deploy", stage.zip, "--bake", "2s")
    stage.faults.plan("DELETE provisioned-concurrency", "then", body=process.kill)
    process.communicate(timeout=60)
    removed = stage.provisioned
    _, shown = stage.run("alias", "show")
    stage.run("alias", "rollback")
    is_right = removed == 0 and "concurrency provision 3" in shown and stage.provisioned == 3 and stage.alias() == ("3", {})
    return is_right, f"{stage.provisioned} of 3 provisioned, {stage.left}"


def code_that_failed(stage):
    """code that failed and was rolled back is deployed again"""
    stage.count(50, errors=50)
    stage.deploy("--canary", "10%:2s")
    status, _ = stage.deploy()
    return stage.alias() == ("3", {}) and status == 1, f"{stage.left}, status {status}"


def lost_response(stage):
    """the response to the cutover is lost"""
    stage.count(400)
    stage.plan(UPDATE_ALIAS, ("pass",))
    stage.plan(UPDATE_ALIAS, ("lose",))
    status, _ = stage.deploy("--canary", "10%:2s")
    return stage.alias() == ("4", {}) and status == 0, f"{stage.left}, status {status}"


def alias_moved_during_the_watch(stage):
    """another operator moves the alias during the watch"""
    stage.count(400)
    process = stage.start("deploy", stage.zip, "--canary", "10%:4s")
    stage.wait({"4": 0.1})
    stage.lambdas.update_alias(FunctionName=stage.name, Name="live", RoutingConfig={"AdditionalVersionWeights": {"4": 0.5}})
    text, _ = process.communicate(timeout=60)
    said = "version 4 (50 %)" in text and "--to 3" in text
    return stage.alias() == ("3", {"4": 0.5}) and said, f"{stage.left}, {'and says so' if said else 'and does not say so'}"


def stopped(stage, number, closes_pipe=False):
    process = stage.start("deploy", stage.zip, "--canary", "10%:1h")
    stage.wait({"4": 0.1})
    if closes_pipe:
        process.stdout.close()
    process.send_signal(number)
    if not closes_pipe:
        process.communicate(timeout=60)
    process.wait(timeout=60)
    return stage.alias() == ("3", {}), stage.left


def terminated(stage):
    """SIGTERM leaves a share unwatched"""
    return stopped(stage, signal.SIGTERM)


def hung_up(stage):
    """a closed terminal (SIGHUP) leaves a share unwatched"""
    return stopped(stage, signal.SIGHUP)


def pipe_closed(stage):
    """a closed pipe and SIGINT leave a share unwatched"""
    return stopped(stage, signal.SIGINT, closes_pipe=True)


def outage_of_the_metrics(stage):
    """CloudWatch answers 500, and the share stays unwatched"""
    stage.count(400)
    # Before anything is changed, CloudWatch is asked once or twice.
    stage.plan("GetMetricData", ("pass",), times=2)
    stage.plan("GetMetricData", FAILING, times=5)
    status, _ = stage.deploy("--canary", "10%:2s")
    stage.faults.reset()
    return stage.alias() == ("4", {}) and status == 0, f"{stage.left}, status {status}"


def no_metrics(stage):
    """a step without metrics passes"""
    process = stage.start("deploy", stage.zip, "--canary", "10%:1s")
    stage.wait({"4": 0.1})
    has_passed = stage.wait({}, version="4", seconds=8)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    return not has_passed, "100% at version 4 after the step" if has_passed else "the step holds"


def resumed_share(stage):
    """a share of 60% is promoted without a watch when the deployment resumes"""
    stage.publish_four(0.6)
    process = stage.start("deploy", stage.zip, "--canary", "10%:1h", *stage.servers.hold)
    has_passed = stage.wait({}, version="4", seconds=8)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    return not has_passed, stage.left


def interrupted_bake(stage):
    """an interrupted --bake is skipped by the second run"""
    process = stage.start("deploy", stage.zip, "--bake", "1h", *stage.servers.hold)
    stage.wait({}, version="4")
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    stage.count(50, errors=50)
    status, _ = stage.deploy("--bake", "2s")
    return stage.alias() == ("3", {}) and status == 1, f"{stage.left}, status {status}"


def two_invocations_that_fail(stage):
    """two invocations that both fail do not fail the version"""
    stage.count(1, errors=1)
    status, _ = stage.deploy("--canary", "10%:2s")
    return stage.alias() == ("3", {}) and status == 1, f"{stage.left}, status {status}"


FAULTS = (second_rollback, rollback_after_the_automatic_one, rollback_after_another_tool, rollback_that_fails,
          complaint_of_a_rollback_that_fails, conflict_of_the_automatic_rollback, throttling_of_the_automatic_rollback,
          provisioned_after_a_rollback_that_fails, provisioned_after_a_kill, code_that_failed, lost_response,
          alias_moved_during_the_watch, terminated, hung_up, pipe_closed, outage_of_the_metrics, no_metrics,
          resumed_share, interrupted_bake, two_invocations_that_fail)


def main(ministack, program, folder):
    servers = Servers(ministack, program, folder)
    failed = 0
    for fault in FAULTS:
        try:
            withstands, left = fault(Stage(servers))
        except subprocess.TimeoutExpired as problem:
            withstands, left = False, f"no end within {problem.timeout:.0f} s"
        failed += not withstands
        print(f"{fault.__doc__} | {'withstood' if withstands else 'FAILED'} | {re.sub(r'[|]', '', left)}", flush=True)
    print(f"{len(FAULTS) - failed} of {len(FAULTS)} faults of a deployment or rollback are withstood")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
