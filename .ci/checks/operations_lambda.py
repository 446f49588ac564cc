"""inferencectl against MiniStack's Lambda and CloudWatch, its effects read back with boto3.

usage: operations_lambda.py URL INFERENCECTL FOLDER [--time]

Each test_ function is one part; they run in their order on one function and say what they proved.
"""

import base64
import datetime
import hashlib
import io
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import time
import zipfile

from ministack_setup import make_user, policy
from s3_objects import client

NAME = "photo-classifier"


class Stage:
    """The function, the user's keys and the program."""

    def __init__(self, url, program, folder):
        self.url, self.program, self.folder = url, program, pathlib.Path(folder)
        # The root user's secret is never checked: it is for set-up and reading back only.
        self.iam, self.functions, self.metrics = (
            client(name, url, "test", "rootsecret") for name in ("iam", "lambda", "cloudwatch")
        )

    def set_up(self):
        trust = policy(("sts:AssumeRole", None), principal={"Service": "lambda.amazonaws.com"})
        role = self.iam.create_role(RoleName="operations", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        arn = self.functions.create_function(
            FunctionName=NAME,
            Runtime="provided.al2023",
            Handler="bootstrap",
            Role=role,
            Code={"ZipFile": self.package("one").read_bytes()},
        )["FunctionArn"]
        on_function = (arn, f"{arn}:*")
        reads = ("GetFunction", "GetFunctionConfiguration", "GetAlias", "ListAliases", "ListVersionsByFunction",
                 "ListProvisionedConcurrencyConfigs", "GetProvisionedConcurrencyConfig",
                 "ListFunctionEventInvokeConfigs")
        writes = ("InvokeFunction", "UpdateFunctionCode", "PublishVersion", "CreateAlias", "UpdateAlias", "DeleteFunction")

        def document(actions):
            statements = [([f"lambda:{action}" for action in actions], resource) for resource in on_function]
            return policy(*statements, (["cloudwatch:GetMetricData", "cloudwatch:DescribeAlarms"], "*"))

        users = {
            "operator": make_user(self.iam, "operator", document(reads + writes)),
            "reader": make_user(self.iam, "onlooker", document(reads)),
        }
        (self.folder / "users.json").write_text(json.dumps(users))

    @property
    def users(self):
        return json.loads((self.folder / "users.json").read_text())

    def package(self, text, architecture="x86_64"):
        """A zip whose program is this text, and what build-zip.sh writes beside it."""
        path = self.folder / f"{text}.zip"
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            entry = zipfile.ZipInfo("bootstrap")
            entry.external_attr = 0o755 << 16
            archive.writestr(entry, f"#!/bin/sh\necho {text}\n")
        path.write_bytes(buffer.getvalue())
        pathlib.Path(f"{path}.sha256").write_text(code(path) + "\n")
        pathlib.Path(f"{path}.arch").write_text(architecture + "\n")
        return path

    def start(self, *arguments, user="operator"):
        keys = self.users[user]
        environment = {
            "PATH": os.environ["PATH"],
            "AWS_ACCESS_KEY_ID": keys["accessKeyID"],
            "AWS_SECRET_ACCESS_KEY": keys["secretAccessKey"],
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        }
        words = [*arguments, "--function-name", NAME, "--endpoint-url", self.url, "--region", "us-east-1"]
        return subprocess.Popen(
            [self.program, *map(str, words)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Where this check runs under nohup, the program would ignore SIGHUP, too.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
        )

    def run(self, *arguments, status=0, says="", user="operator"):
        process = self.start(*arguments, user=user)
        output, errors = process.communicate(timeout=60)
        shown = f"{' '.join(map(str, arguments))}: {process.returncode}\n{output}{errors}"
        assert process.returncode == status, shown
        assert says in output + errors, f"no {says!r} in {shown}"
        return output

    def alias(self):
        alias = self.functions.get_alias(FunctionName=NAME, Name="live")
        weights = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
        return alias["FunctionVersion"], weights, alias["Description"]

    def count(self, version, invocations, errors=0):
        """Metrics of a version in this minute and the next: nobody knows in which one the program asks."""
        dimensions = [("FunctionName", NAME), ("Resource", f"{NAME}:live"), ("ExecutedVersion", version)]
        moment = datetime.datetime.now(datetime.timezone.utc)
        for minute in (0, 1):
            self.metrics.put_metric_data(
                Namespace="AWS/Lambda",
                MetricData=[
                    {
                        "MetricName": name,
                        "Timestamp": moment + datetime.timedelta(minutes=minute),
                        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions],
                        "Value": value,
                        "Unit": "Count",
                    }
                    for name, value in (("Invocations", invocations), ("Errors", errors))
                ],
            )

    def start_canary(self, zip_file, weights, *options):
        """A canary that holds for an hour, as soon as the alias has these weights."""
        process = self.start("deploy", zip_file, "--canary", "10%:1h", *options)
        deadline = time.monotonic() + 30
        while self.alias()[1] != weights and time.monotonic() < deadline:
            time.sleep(0.1)
        assert self.alias()[1] == weights, self.alias()
        return process

    def versions(self):
        found = self.functions.list_versions_by_function(FunctionName=NAME)["Versions"]
        return {version["Version"]: version["CodeSha256"] for version in found}


def code(path):
    return base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()


def test_publish(stage):
    one = stage.folder / "one.zip"
    other = stage.package("other")
    stage.run("versions", "publish", "--zip", other, status=1, says="is not the zip's")
    assert set(stage.versions()) == {"$LATEST"}
    stage.run("versions", "publish", "--zip", one, says="version 1: published")
    assert stage.versions()["1"] == code(one)
    stage.run("versions", "publish", says="version 1: already published")
    assert set(stage.versions()) == {"$LATEST", "1"}
    return "a version of the zip's code, once"


def test_first_alias(stage):
    stage.run("alias", "point", "--to", "1")
    assert stage.alias() == ("1", {}, ""), stage.alias()
    return "an alias that was not there is made"


def test_deploy_all_at_once(stage):
    two = stage.package("two")
    stage.run("deploy", two, says="live: version 2 has all traffic")
    assert stage.alias() == ("2", {}, "[previous: 2←1]"), stage.alias()
    assert stage.versions()["2"] == code(two)
    stage.run("deploy", two, says="already at version 2")
    assert set(stage.versions()) == {"$LATEST", "1", "2"}
    return "upload, version, alias; a second run changes nothing"


def test_wrong_architecture(stage):
    arm = stage.package("arm", architecture="arm64")
    stage.run("deploy", arm, status=1, says="built for arm64")
    assert code(arm) not in stage.versions().values()
    return "another architecture is not uploaded"


def test_dry_run(stage):
    before = stage.versions(), stage.alias()
    stage.run("deploy", stage.package("dry"), "--canary", "10%:5m", "--dry-run", says="would send UpdateAlias")
    assert (stage.versions(), stage.alias()) == before
    return "--dry-run writes nothing"


def test_without_permission(stage):
    before = stage.versions(), stage.alias()
    stage.run("deploy", stage.package("theirs"), status=1, says="lambda:UpdateFunctionCode", user="reader")
    assert (stage.versions(), stage.alias()) == before
    return "a missing permission is named, nothing is changed"


def test_interrupted_canary_resumes(stage):
    three = stage.package("three")
    process = stage.start_canary(three, {"3": 0.1}, "--on-stop", "hold")
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 1, errors
    assert "alias live is at version 2 (90 %) and version 3 (10 %)" in errors, errors
    assert "version 3 is not proven and no longer watched" in errors, errors
    version, weights, description = stage.alias()
    assert (version, weights) == ("2", {"3": 0.1}), stage.alias()
    assert description.startswith("[previous: 2←1; watching: 3 since 20"), description
    stage.run("alias", "show", says="version 3 has 10 % of live's traffic since")
    stage.count("3", invocations=400)
    stage.run("deploy", three, "--canary", "10%:2s", says="resuming at version 2 (90 %) and version 3 (10 %)")
    assert stage.alias() == ("3", {}, "[previous: 3←2]"), stage.alias()
    assert set(stage.versions()) == {"$LATEST", "1", "2", "3"}
    return "Ctrl-C with --on-stop hold leaves the weight and says so, the next run watches it and continues"


def test_signals_roll_back(stage):
    zip_file = stage.package("hangup")
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
        process = stage.start_canary(zip_file, {"4": 0.1})
        if number == signal.SIGHUP:
            # With the terminal goes the pipe.
            process.stdout.close()
        process.send_signal(number)
        errors = process.stderr.read()
        assert process.wait(timeout=30) == 1, errors
        assert "Rolled back: Interrupted" in errors, errors
        assert stage.alias() == ("3", {}, "[previous: 3←2; rolled back: 3←4]"), stage.alias()
    return "SIGHUP, SIGTERM, and Ctrl-C take the share away"


def test_someone_else_moves_the_alias(stage):
    process = stage.start_canary(stage.folder / "hangup.zip", {"4": 0.1})
    stage.functions.update_alias(
        FunctionName=NAME, Name="live", RoutingConfig={"AdditionalVersionWeights": {"4": 0.5}}
    )
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 1, errors
    assert "was moved by someone else" in errors and "version 4 (50 %), and was left there" in errors, errors
    assert stage.alias()[:2] == ("3", {"4": 0.5}), stage.alias()
    stage.run("alias", "rollback", says="to version 3")
    stage.run("alias", "rollback", says="already rolled back, it is at version 3")
    assert stage.alias() == ("3", {}, "[previous: 3←2; rolled back: 3←4]"), stage.alias()
    return "a deployment stops with the truth when the alias was moved, and a second rollback changes nothing"


def test_canary_rolls_back(stage):
    five = stage.package("five")
    stage.count("5", invocations=50, errors=50)
    stage.run("deploy", five, "--canary", "10%:2s", status=1, says="Rolled back: version 5: all ")
    mark = code(five)[:12]
    assert stage.alias() == ("3", {}, f"[previous: 3←2; rolled back: 3←5; failed: {mark}]"), stage.alias()
    assert stage.versions()["5"] == code(five)
    for command in (("deploy", five), ("alias", "point", "--to", "5"), ("alias", "shift", "--to", "5", "--weight", "0.1")):
        stage.run(*command, status=1, says="add --force")
    return "errors that CloudWatch knows take the share away, and the code is not deployed again"


def test_smoke_before_any_user(stage):
    event = stage.folder / "event.json"
    event.write_text('{"key": "rex.jpg"}')
    before = stage.alias()
    stage.run("deploy", stage.package("six"), "--smoke", event, status=1, says="Version 6 failed")
    assert stage.alias() == before
    return "a version that does not answer the smoke event gets no traffic"


def test_shift_promote_rollback(stage):
    mark = code(stage.folder / "five.zip")[:12]
    stage.run("alias", "shift", "--to", "2", "--weight", "0.25")
    assert stage.alias() == ("3", {"2": 0.25}, f"[previous: 3←2; failed: {mark}]"), stage.alias()
    stage.run("alias", "promote")
    assert stage.alias() == ("2", {}, f"[previous: 2←3; failed: {mark}]"), stage.alias()
    stage.run("alias", "rollback")
    assert stage.alias() == ("3", {}, f"[rolled back: 3←2; failed: {mark}]"), stage.alias()
    stage.functions.update_alias(FunctionName=NAME, Name="live", FunctionVersion="1")
    stage.run("alias", "rollback", status=1, says="alias rollback --to VERSION")
    stage.run("alias", "rollback", "--to", "3")
    assert stage.alias() == ("3", {}, f"[rolled back: 3←1; failed: {mark}]"), stage.alias()
    stage.run("alias", "point", "--to", "2")
    stage.run("alias", "point", "--to", "3")
    shown = json.loads(stage.run("alias", "show", "--output", "json"))
    assert [(alias["name"], alias["version"], alias["previous"]) for alias in shown] == [("live", "3", "2")]
    return "weights, promotion, and rollback, which does not guess after another tool"


def test_list_and_prune(stage):
    listed = json.loads(stage.run("versions", "list", "--output", "json"))
    assert {version["version"]: version["codeSha256"] for version in listed} == stage.versions()
    stage.run("versions", "prune", "--keep", "1", status=1, says="add --yes")
    assert "1" in stage.versions()
    # 6 is the newest, 3 is live, 2 is what live would go back to.
    stage.run("versions", "prune", "--keep", "1", "--yes", says="version 1: deleted")
    assert set(stage.versions()) == {"$LATEST", "2", "3", "6"}
    return "only what nothing needs is deleted"


def measure(stage):
    times = []
    for _ in range(20):
        started = time.monotonic()
        stage.run("versions", "list")
        times.append((time.monotonic() - started) * 1000)
    print(f"versions list, three calls: {statistics.median(times):.0f} ms, at most {max(times):.0f} ms")


def main(url, program, folder, *options):
    stage = Stage(url, program, folder)
    if options == ("--time",):
        return measure(stage)
    stage.set_up()
    for name, part in list(globals().items()):
        if name.startswith("test_"):
            print(f"proved: {part(stage)}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except AssertionError as failure:
        print(failure)
        sys.exit(1)
