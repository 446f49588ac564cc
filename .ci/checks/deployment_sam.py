"""The documented deployment with `sam deploy`: twice with another parameter, and twice with and without a label file.

Part of deployment.py. MiniStack does not hand parameters to SAM's translator, so the template is translated before;
--s3-bucket stands for --resolve-s3, whose own stack MiniStack does not know.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import zipfile

from samcli.cli.types import CfnParameterOverridesType
from template_model import translate, write

NEEDED = ("EndpointName=my-endpoint", "ImageBucketName=my-dog-photos-2026")


class SAM:
    """`known` removes from a translated template what MiniStack does not support."""

    def __init__(self, given, aws, known):
        self.given, self.known = given, known
        self.folder, self.zip = pathlib.Path(given["work"]), pathlib.Path(given["zip"])
        self.functions = aws.client("lambda")
        aws.client("s3").create_bucket(Bucket="deployments")
        self.environment = {
            **os.environ, "AWS_ENDPOINT_URL": aws.url, "AWS_CA_BUNDLE": aws.certificates, "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "rootsecret", "AWS_DEFAULT_REGION": "us-east-1", "SAM_CLI_TELEMETRY": "0",
        }

    def run(self, *command):
        done = subprocess.run(command, env=self.environment, text=True, capture_output=True)
        if done.returncode:
            sys.exit(f"{command[0]} ended with {done.returncode}: {done.stdout[-3000:]}{done.stderr[-3000:]}")
        return done.stdout

    def deploy(self, stack, archive, printed):
        """What is live after `sam deploy` with these parameters, as ./build-zip.sh --parameters prints them."""
        parameters = CfnParameterOverridesType().convert(tuple(printed), None, None)
        template = self.known(translate(parameters), {})
        function = template["Resources"]["ClassifyFunction"]["Properties"]
        function["Code"] = str(archive.resolve())
        # MiniStack starts the program in the folder of the zip, which is not /var/task.
        function["Environment"]["Variables"]["CLASS_LABELS"] = {"Ref": "ClassLabelsFile"}
        write(template, self.folder / "sam-deploy.json")
        self.run(str(pathlib.Path(sys.executable).parent / "sam"), "deploy",
                 "--template", str(self.folder / "sam-deploy.json"), "--stack-name", stack, "--s3-bucket", "deployments",
                 "--capabilities", "CAPABILITY_IAM", "--parameter-overrides", *printed)
        version = self.functions.get_alias(FunctionName=stack, Name="live")["FunctionVersion"]
        live = self.functions.get_function_configuration(FunctionName=stack, Qualifier="live")
        return {"version": version, "memory": live["MemorySize"], "code": live["CodeSha256"],
                "labels": live["Environment"]["Variables"]["CLASS_LABELS"]}

    def twice(self):
        """The second time with another parameter."""
        live = [
            self.deploy("dog-breeds", self.zip, self.run(
                "./build-zip.sh", "--parameters", *NEEDED, f"MemoryMegabytes={memory}").split())
            for memory in ("256", "512")
        ]
        return {"live": live, "recorded": pathlib.Path(f"{self.zip}.sha256").read_text().strip()}

    def with_labels(self):
        """A zip with labels, then one without: refused with the parameter, and deployed without it."""
        copy = self.folder / "sam-labels"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(".packaging", copy / ".packaging", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("build-zip.sh", "template.yaml"):
            shutil.copy(name, copy)
        (copy / "dist").mkdir()
        (copy / "labels.txt").write_text("cat\ndog\n")
        with zipfile.ZipFile(self.zip) as archive:
            archive.extract("bootstrap", copy)
        archive, names = copy / "dist/bootstrap.zip", [*NEEDED, "ImageKeyPrefix=labeled/"]
        names[1] += "-labeled"

        def package(*labels):
            self.run("python3", str(copy / ".packaging/zip.py"), "--program", str(copy / "bootstrap"), *labels, str(archive))

        def parameters(*more):
            return subprocess.run(
                [copy / "build-zip.sh", "--parameters", *names, *more], text=True, capture_output=True, check=False)

        package("--labels", str(copy / "labels.txt"))
        printed = parameters("ClassLabelsFile=labels.txt").stdout.split()
        first = {**self.deploy("labeled", archive, printed), "answer": self.answer()}
        package()
        refused = parameters("ClassLabelsFile=labels.txt")
        printed = parameters().stdout.split()
        # As before ClassLabelsFile was always printed: CloudFormation keeps the value of an omitted parameter.
        omitted = [each for each in printed if not each.startswith("ClassLabelsFile=")]
        kept = {**self.deploy("labeled", archive, omitted), "answer": self.answer()}
        printed = parameters("MemoryMegabytes=512").stdout.split()
        second = {**self.deploy("labeled", archive, printed), "answer": self.answer()}
        return {"first": first, "refused": {"status": refused.returncode, "reason": refused.stderr}, "kept": kept,
                "second": second}

    def answer(self):
        """Of the live function to an event without an image."""
        with open("events/s3-test-event.json", "rb") as file:
            answer = self.functions.invoke(FunctionName="labeled", Qualifier="live", Payload=file.read())
        return {"error": answer.get("FunctionError", ""), "payload": json.load(answer["Payload"])}
