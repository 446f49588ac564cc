"""A backfill with inferencectl, judged with boto3 by jobs, reports, and stored results.

usage: backfill.py INFERENCECTL BOOTSTRAP URL FOLDER
"""

import collections
import csv
import gzip
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from backfill_s3control import S3Control
from ministack_lambda import package

IMAGES, RESULTS, ACCOUNT = "dog-photos", "dog-results", "000000000000"
HOSTILE = ["a,b.jpg", 'a "b".jpg', "100%25.jpg", "50%.jpg", "a+b c.jpg", "ü/🐕.jpg", "<b>&amp;.jpg", "=cmd|' /C calc'!A0.jpg",
           "e\u0301.jpg", "\u00e9.jpg", "a", "a!", "\u202egpj.jpg"]
COUNT = 300


class Endpoint(ThreadingHTTPServer):
    """InvokeEndpoint: the byte behind a JPEG's first three is the class; some images are refused, once or always."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_POST(self):
            image = self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(self.server.seconds)
            code, body = self.server.reply(image)
            self.send_response(code)
            if code != 200:
                self.send_header("x-amzn-ErrorType", "ModelError" if code == 424 else "ServiceUnavailable")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.Handler)
        self.seconds, self.refuses_all, self.seen, self.lock = 0.0, False, collections.Counter(), threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def reply(self, image):
        with self.lock:
            self.seen[image] += 1
            count = self.seen[image]
        if self.refuses_all or b"broken" in image:
            return 424, json.dumps({"Message": "cannot identify image file", "OriginalStatusCode": 400}).encode()
        if b"busy" in image and count == 1:
            return 503, b"{}"
        logits = [-1.5] * 133
        logits[image[3] % 133] = 2.5
        return 200, json.dumps([logits]).encode()


def photograph(number, text=""):
    return b"\xff\xd8\xff" + bytes([number % 5]) + str(number).encode() + text.encode()


class Stage:
    def __init__(self, program, bootstrap, url, folder):
        self.program, self.url, self.folder = os.path.abspath(program), url, os.path.abspath(folder)
        self.s3, self.iam, self.functions = (self.root(name) for name in ("s3", "iam", "lambda"))
        self.endpoint = Endpoint()
        for bucket in (IMAGES, RESULTS):
            self.s3.create_bucket(Bucket=bucket)
        self.s3.put_bucket_versioning(Bucket=IMAGES, VersioningConfiguration={"Status": "Enabled"})
        role = self.role("function", "lambda.amazonaws.com", {
            "s3:GetObject": f"arn:aws:s3:::{IMAGES}/uploads/*", "s3:GetObjectVersion": f"arn:aws:s3:::{IMAGES}/uploads/*",
            "s3:PutObject": f"arn:aws:s3:::{RESULTS}/results/*"}, {"s3:GetObject": f"arn:aws:s3:::{RESULTS}/results/*"})
        self.functions.create_function(
            FunctionName="dog-breeds", Runtime="provided.al2023", Handler="bootstrap", Role=role, Publish=True,
            Code={"ZipFile": package(bootstrap)}, Timeout=20,
            Environment={"Variables": {
                "ENDPOINT_NAME": "dog-breeds", "AWS_ENDPOINT_URL_S3": url, "AWS_MAX_ATTEMPTS": "1",
                "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": f"http://127.0.0.1:{self.endpoint.server_port}",
                "RESULT_BUCKET": RESULTS, "RESULT_PREFIX": "results/", "IMAGE_BUCKET": IMAGES, "IMAGE_PREFIX": "uploads/",
                "MAX_IMAGE_BYTES": "10000"}})
        self.functions.create_alias(FunctionName="dog-breeds", Name="live", FunctionVersion="1")
        self.arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:dog-breeds:1"
        self.backfill_role = self.role("backfill", "batchoperations.s3.amazonaws.com", {
            "lambda:InvokeFunction": "arn:aws:lambda:us-east-1:*:function:dog-breeds:*",
            "s3:GetObject": f"arn:aws:s3:::{RESULTS}/backfill/manifests/*",
            "s3:PutObject": f"arn:aws:s3:::{RESULTS}/backfill/reports/*"},
            {"s3:GetObject": f"arn:aws:s3:::{RESULTS}/inventory/*"})
        self.poor_role = self.role("poor", "lambda.amazonaws.com", {"s3:GetObject": f"arn:aws:s3:::{RESULTS}/*"})
        self.control = S3Control(self.s3, self.functions)
        self.jobs = boto3.client("s3control", endpoint_url=self.url, region_name="us-east-1", aws_access_key_id="test",
                                 aws_secret_access_key="rootsecret", config=Config(retries={"total_max_attempts": 1}))
        # Botocore puts the account even before an address.
        self.jobs.meta.events.register("before-send.s3-control", self.without_account)

    def without_account(self, request, **_):
        path = request.url.split("/", 3)[3]
        request.url = f"{self.control.url}/{path}"

    def root(self, service):
        return boto3.client(service, endpoint_url=self.url, region_name="us-east-1", aws_access_key_id="test",
                            aws_secret_access_key="rootsecret",
                            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}))

    def role(self, name, service, *permissions):
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}]}
        arn = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        statements = [{"Effect": "Allow", "Action": action, "Resource": resource}
                      for each in permissions for action, resource in each.items()]
        self.iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": statements}))
        return arn

    @property
    def environment(self):
        return {"AWS_ENDPOINT_URL": self.url, "AWS_ENDPOINT_URL_S3_CONTROL": self.control.url, "AWS_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "rootsecret", "AWS_CONFIG_FILE": "/dev/null",
                "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1"}

    def start(self, *arguments):
        return subprocess.Popen([self.program, "backfill", *arguments], env=self.environment, cwd=self.folder, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *arguments, status=0):
        process = self.start(*arguments)
        output, errors = process.communicate(timeout=300)
        assert process.returncode == status, (arguments, process.returncode, output, errors)
        return output, errors

    def json(self, *arguments, **more):
        return json.loads(self.run(*arguments, "--output", "json", **more)[0])

    def documents(self):
        """Stored results by their image's key and version."""
        found = {}
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=RESULTS, Prefix="results/"):
            for each in page.get("Contents", []):
                document = json.loads(self.s3.get_object(Bucket=RESULTS, Key=each["Key"])["Body"].read())
                source = document["source"]
                found[(source["key"], source["versionId"])] = document["class"]
        return found

    def forget_results(self):
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=RESULTS, Prefix="results/"):
            for each in page.get("Contents", []):
                self.s3.delete_object(Bucket=RESULTS, Key=each["Key"])

    def wait(self, job, *states):
        deadline = time.monotonic() + 120
        while self.control.job(job).status not in states:
            assert time.monotonic() < deadline, (job, self.control.job(job).status)
            time.sleep(0.05)


class Parts:
    def __init__(self, stage):
        self.stage, self.done = stage, []
        self.options = ("--function-name", "dog-breeds")
        self.as_job = (*self.options, "--role-arn", stage.backfill_role, "--yes")
        self.expected = {}

    def part(self, name):
        self.done.append(name)

    def upload(self):
        s3 = self.stage.s3
        keys = [f"uploads/{key}" for key in HOSTILE]
        keys += [f"uploads/{number:03}.jpg" for number in range(COUNT - len(keys))]
        for number, key in enumerate(keys):
            note = {20: "broken", 21: "broken", 30: "busy"}.get(number, "")
            version = s3.put_object(Bucket=IMAGES, Key=key, Body=photograph(number, note))["VersionId"]
            if "broken" not in note:
                self.expected[(key, version)] = number % 5
        # An older version, and objects that are left out.
        first = s3.put_object(Bucket=IMAGES, Key=keys[50], Body=photograph(50, " again"))["VersionId"]
        self.expected = {each: number for each, number in self.expected.items() if each[0] != keys[50]}
        self.expected[(keys[50], first)] = 0
        for key, body, more in (
            ("uploads/", b"", {}), ("uploads/notes.txt", b"x", {}), ("uploads/large.jpg", b"x" * 10_001, {}),
            ("uploads/empty.jpg", b"", {}), ("uploads/cold.jpg", b"x", {"StorageClass": "GLACIER"}), ("uploads/gone.jpg", b"x", {}),
        ):
            s3.put_object(Bucket=IMAGES, Key=key, Body=body, **more)
        s3.delete_object(Bucket=IMAGES, Key="uploads/gone.jpg")

    def judge(self, expected=None):
        found = self.stage.documents()
        wanted = self.expected if expected is None else expected
        assert set(found) == set(wanted), (set(found) ^ set(wanted))
        classes = collections.defaultdict(set)
        for each, name in found.items():
            classes[wanted[each]].add(name)
        assert all(len(names) == 1 for names in classes.values()), classes

    def dry_run(self):
        plan = self.stage.json("start", f"s3://{IMAGES}/uploads/", *self.as_job, "--dry-run")
        names = [each["operation"].split()[0] for each in plan["writes"]]
        assert plan["dryRun"] is True and names == ["PutObject", "CreateJob", "UpdateJobStatus"], plan
        left = {each["kind"]: each["objects"] for each in plan["leftOut"]}
        assert left == {"older versions": 2, "deleted objects": 1, "folders": 1, "other types": 1, "empty objects": 1,
                        "larger than the function accepts": 1, "archived objects": 1}, left
        assert plan["tasks"] == COUNT and not self.stage.control.jobs and not self.stage.documents()
        self.part("dry run")

    def refused_role(self):
        _, errors = self.stage.run("start", f"s3://{IMAGES}/uploads/", *self.options, "--role-arn", self.stage.poor_role, "--yes",
                                   status=1)
        for text in ("batchoperations.s3.amazonaws.com", "lambda:InvokeFunction", "s3:PutObject"):
            assert text in errors, errors
        assert "s3:GetObject on" not in errors and not self.stage.control.jobs and not self.stage.documents(), errors
        self.part("role")

    def whole_job(self):
        control = self.stage.control
        control.throttled_polls = 1
        self.stage.endpoint.seconds = 0.05
        begun = self.stage.json("start", f"s3://{IMAGES}/uploads/", *self.as_job, "--sample", "20")
        job = begun["job"]
        assert begun["status"] == "Ready" and begun["tasks"] == COUNT and begun["trial"]["tasks"] == 20, begun
        sent = control.job(job)
        assert sent.function == self.stage.arn and sent.confirms and sent.schema == "2.0" and sent.total == COUNT
        watched = json.loads(self.stage.run("status", job, "--watch", "--output", "json", status=1)[0])
        assert watched["status"] == "Complete" and watched["progress"]["total"] == COUNT, watched
        # The throttled one is repeated at once, as by the SDKs; the others are half a minute apart.
        polls = control.polls[job]
        gaps = [after - before for before, after in zip(polls, polls[1:])]
        assert sum(gap < 29 for gap in gaps) <= 2, gaps
        self.judge()
        report = self.stage.json("report", job, "--rows", "job.csv")
        assert (report["succeeded"], report["failed"]) == (COUNT - 2, 2), report
        assert [each["reason"] for each in report["failures"]] == ["SageMaker.ModelError"], report["failures"]
        with open(f"{self.stage.folder}/job.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        documents = self.stage.documents()
        assert {(row["key"], row["version_id"]): row["class"] for row in rows if row["status"] == "succeeded"} == documents
        again = self.stage.json("start", f"s3://{IMAGES}/uploads/", *self.as_job, "--sample", "0")
        assert again["job"] == job and again["status"] == "Complete" and len(control.jobs) == 1, again
        self.part("job")
        return job

    def independent_client(self, job):
        """The script's answers are S3's to botocore, too."""
        jobs, control = self.stage.jobs, self.stage.control
        described = jobs.describe_job(AccountId=ACCOUNT, JobId=job)["Job"]
        assert described["Status"] == "Complete" and described["ProgressSummary"]["TotalNumberOfTasks"] == COUNT, described
        body = control.job(job)
        manifest = {"Spec": {"Format": "S3BatchOperations_CSV_20180820", "Fields": ["Bucket", "Key"]},
                    "Location": {"ObjectArn": body.manifest, "ETag": "another"}}
        request = {"AccountId": ACCOUNT, "ConfirmationRequired": False, "Priority": 1, "RoleArn": body.role,
                   "Operation": {"LambdaInvoke": {"FunctionArn": body.function}}, "Report": {"Enabled": False},
                   "Manifest": manifest, "ClientRequestToken": body.token}
        try:
            jobs.create_job(**request)
            raise SystemExit("one token for two requests was accepted")
        except ClientError as error:
            assert error.response["Error"]["Code"] == "IdempotencyException", error
        bad = jobs.create_job(**{**request, "ClientRequestToken": "another", "Description": "inferencectl backfill by hand"})["JobId"]
        self.stage.wait(bad, "Failed")
        shown = self.stage.json("status", bad)
        assert shown["failureReasons"] == ["InvalidManifest: The ETag of the manifest does not match"], shown
        self.stage.run("priority", job, "77")
        listed = {each["job"]: each for each in self.stage.json("list")}
        assert set(listed) == {job, bad} and listed[job]["priority"] == 77, listed
        assert [each["job"] for each in self.stage.json("list", "--status", "Failed")] == [bad]
        _, errors = self.stage.run("status", "no-such-job", status=1)
        assert "NoSuchJob" in errors and "request-1" in errors, errors
        self.part("botocore")

    def killed_job(self):
        """Killed before the confirmation, confirmed by resume, canceled in the middle, resumed with the rest."""
        control = self.stage.control
        self.stage.forget_results()
        known = len(control.jobs)
        process = self.stage.start("start", f"s3://{IMAGES}/uploads/", *self.as_job, "--sample", "0", "--again")
        deadline = time.monotonic() + 60
        while len(control.jobs) == known:
            assert time.monotonic() < deadline and process.poll() is None, process.communicate()
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        job = control.jobs[-1].id
        self.stage.wait(job, "Suspended")
        assert not self.stage.documents()
        self.stage.endpoint.seconds = 0.2
        assert self.stage.json("resume", job, "--yes")["status"] == "Ready"
        while len(control.job(job).done) < 40:
            time.sleep(0.05)
        self.stage.run("cancel", job, "--yes")
        self.stage.wait(job, "Cancelled")
        self.stage.endpoint.seconds = 0.0
        ran = len(control.job(job).done)
        assert 40 <= ran < COUNT, ran
        succeeded = self.stage.json("report", job)["succeeded"]
        rest = self.stage.json("resume", job, "--yes", "--sample", "0")
        assert rest["tasks"] == COUNT - succeeded, (rest, succeeded)
        self.stage.wait(rest["job"], "Complete")
        self.judge()
        self.part("killed, canceled, and resumed")

    def missing(self):
        """Exactly what has no result, of keys that sort unlike their results."""
        gone = [each for each in self.expected if each[0] in ("uploads/a", "uploads/ü/🐕.jpg", "uploads/100.jpg")]
        assert len(gone) == 3
        for key, version in gone:
            self.stage.s3.delete_object(Bucket=RESULTS, Key=f"results/{IMAGES}@versions/{key}/{version}.json")
        plan = self.stage.json("start", f"s3://{IMAGES}/uploads/", *self.as_job, "--only-missing", "--dry-run")
        assert plan["tasks"] == 3 + 2, plan
        self.part("only missing")

    def local(self):
        """From this machine, killed and resumed."""
        self.stage.forget_results()
        self.stage.endpoint.seconds = 0.1
        arguments = ("start", f"s3://{IMAGES}/uploads/", *self.options, "--local", "--folder", "run", "--sample", "0", "--yes")
        process = self.stage.start(*arguments)
        report = f"{self.stage.folder}/run/report.csv"
        deadline = time.monotonic() + 120
        while not os.path.exists(report) or open(report, "rb").read().count(b"\n") < 50:
            assert time.monotonic() < deadline and process.poll() is None, process.communicate()
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        lines = open(report, "rb").read().count(b"\n")
        assert 50 <= lines < COUNT, lines
        self.stage.endpoint.seconds = 0.0
        summary = json.loads(self.stage.run("resume", "--folder", "run", "--output", "json", status=1)[0])["summary"]
        assert (summary["succeeded"], summary["failed"]) == (COUNT - 2, 2), summary
        self.judge()
        self.stage.run("report", "--folder", "run", "--rows", "run.jsonl")
        with open(f"{self.stage.folder}/run.jsonl", encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        assert {(row["key"], row["versionId"]): row["class"] for row in rows if "class" in row} == self.stage.documents()
        self.part("local")

    def failing(self):
        """A trial that mostly fails creates nothing; a job that mostly fails is ended."""
        control, endpoint = self.stage.control, self.stage.endpoint
        endpoint.refuses_all, control.failing_tasks = True, 60
        known = len(control.jobs)
        _, errors = self.stage.run("start", f"s3://{IMAGES}/uploads/", *self.as_job, "--sample", "20", "--again", status=1)
        assert "20 of 20 objects failed in the trial" in errors and "SageMaker.ModelError" in errors, errors
        assert len(control.jobs) == known
        job = self.stage.json("start", f"s3://{IMAGES}/uploads/", *self.as_job, "--sample", "0", "--again")["job"]
        self.stage.wait(job, "Failed")
        shown = json.loads(self.stage.run("status", job, "--watch", "--output", "json", status=1)[0])
        assert shown["status"] == "Failed" and 60 <= shown["summary"]["failed"] < COUNT, shown
        endpoint.refuses_all, control.failing_tasks = False, 1000
        self.part("failing")

    def inventory(self):
        """An inventory's manifest is taken by its location and ETag."""
        s3 = self.stage.s3
        manifest = {"sourceBucket": IMAGES, "destinationBucket": f"arn:aws:s3:::{RESULTS}", "version": "2016-11-30",
                    "creationTimestamp": "1700000000000", "fileFormat": "CSV", "fileSchema": "Bucket, Key, VersionId",
                    "files": [{"key": "inventory/data/1.csv.gz", "size": 1, "MD5checksum": "x"}]}
        key, version = next(iter(self.expected))
        row = f'"{IMAGES}","{urllib.parse.quote(key)}","{version}"\n'.encode()
        s3.put_object(Bucket=RESULTS, Key="inventory/data/1.csv.gz", Body=gzip.compress(row))
        tag = s3.put_object(Bucket=RESULTS, Key="inventory/manifest.json", Body=json.dumps(manifest).encode())["ETag"].strip('"')
        plan = self.stage.json("start", "--inventory", f"s3://{RESULTS}/inventory/manifest.json", *self.as_job, "--sample", "5", "--dry-run")
        body = [each["body"] for each in plan["writes"] if each["operation"].startswith("CreateJob")][0]
        assert "<Format>S3InventoryReport_CSV_20161130</Format></Spec>" in body, body
        assert [each["operation"].split()[0] for each in plan["writes"]] == ["CreateJob", "UpdateJobStatus"], plan
        assert tag in body, body
        self.part("inventory")


def main(program, bootstrap, url, folder):
    parts = Parts(Stage(program, bootstrap, url, folder))
    parts.upload()
    parts.dry_run()
    parts.refused_role()
    job = parts.whole_job()
    parts.independent_client(job)
    parts.killed_job()
    parts.missing()
    parts.local()
    parts.failing()
    parts.inventory()
    print(f"{COUNT} photographs from manifest to report, judged by their results in {len(parts.done)} parts "
          f"({', '.join(parts.done)}); S3 Control is scripted")


if __name__ == "__main__":
    main(*sys.argv[1:])
