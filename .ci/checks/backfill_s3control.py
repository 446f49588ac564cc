"""S3 Control with batch jobs in small, as its documents and other people's jobs describe it; neither moto nor MiniStack has
jobs. It reads the manifest in the given S3, checks its ETag, invokes the function for each task in schema 2.0, repeats
temporary failures, and writes the completion report.

States: New, Preparing, Suspended (until it is confirmed), Ready, Active, Completing, Complete; Cancelling, Cancelled; Failing,
Failed (from `failing_tasks` tasks on, if more than half of those that ran failed; S3 has 1,000).
"""

import csv
import hashlib
import io
import json
import threading
import time
import urllib.parse
import uuid
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

NAMESPACE = "{http://awss3control.amazonaws.com/doc/2018-08-20/}"
FINAL = ("Complete", "Cancelled", "Failed")


class Refusal(Exception):
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code = status, code


def text(element, path):
    found = element.find("/".join(NAMESPACE + name for name in path.split("/")))
    return None if found is None else found.text


class Job:
    def __init__(self, service, request, body):
        self.service, self.id, self.body = service, str(uuid.uuid4()), body
        self.token = text(request, "ClientRequestToken")
        self.status, self.reasons, self.created, self.ended = "New", [], time.time(), None
        self.priority, self.description = int(text(request, "Priority")), text(request, "Description")
        self.function = text(request, "Operation/LambdaInvoke/FunctionArn")
        self.schema = text(request, "Operation/LambdaInvoke/InvocationSchemaVersion")
        entries = request.findall(f"{NAMESPACE}Operation/{NAMESPACE}LambdaInvoke/{NAMESPACE}UserArguments/{NAMESPACE}entry")
        self.arguments = {text(entry, "key"): text(entry, "value") for entry in entries}
        self.role, self.confirms = text(request, "RoleArn"), text(request, "ConfirmationRequired") == "true"
        self.format = text(request, "Manifest/Spec/Format")
        self.fields = [each.text for each in request.findall(
            f"{NAMESPACE}Manifest/{NAMESPACE}Spec/{NAMESPACE}Fields/{NAMESPACE}member")]
        self.manifest, self.etag = text(request, "Manifest/Location/ObjectArn"), text(request, "Manifest/Location/ETag")
        self.report_bucket, self.report_prefix = text(request, "Report/Bucket"), text(request, "Report/Prefix")
        self.tasks, self.total, self.done = [], None, []
        self.active_since, self.active_seconds, self.descriptions = None, 0, 0
        self.changed = threading.Condition()
        threading.Thread(target=self.run, daemon=True).start()

    def enter(self, status, *reasons):
        with self.changed:
            self.status = status
            self.reasons += reasons
            if status in FINAL:
                self.ended = time.time()
            self.changed.notify_all()

    def request_status(self, wanted):
        with self.changed:
            if wanted == "Ready" and self.status == "Suspended":
                self.status = "Ready"
            elif wanted == "Cancelled" and self.status not in (*FINAL, "Cancelling", "Failing", "Completing"):
                self.status = "Cancelled" if self.status in ("New", "Preparing", "Suspended", "Ready") else "Cancelling"
                self.ended = time.time()
            else:
                raise Refusal(400, "JobStatusException", f"the job is {self.status} and cannot become {wanted}")
            self.changed.notify_all()

    # --- Its life

    def run(self):
        time.sleep(self.service.preparation_seconds)
        self.enter("Preparing")
        problem = self.prepare()
        if problem:
            return self.enter("Failed", problem)
        self.enter("Suspended" if self.confirms else "Ready")
        with self.changed:
            while self.status == "Suspended":
                self.changed.wait()
            if self.status != "Ready":
                return
            self.status = "Active"
            self.active_since = time.time()
        self.work()

    def prepare(self):
        bucket, key = self.manifest.split(":::", 1)[1].split("/", 1)
        try:
            found = self.service.s3.get_object(Bucket=bucket, Key=key)
        except Exception as error:  # the message of S3 is the reason
            return "ManifestNotFound", f"Reading the manifest is forbidden: {error}"
        if found["ETag"].strip('"') != self.etag.strip('"'):
            return "InvalidManifest", "The ETag of the manifest does not match"
        content = found["Body"].read()
        if content.startswith(b"\xef\xbb\xbf"):
            return "InvalidManifestContent", "The manifest has a byte order mark"
        for line in content.decode().splitlines():
            fields = next(csv.reader([line]), [])
            if len(fields) != len(self.fields):
                return "InvalidManifestContent", "Unexpected number of task fields"
            self.tasks.append(fields)
        self.total = len(self.tasks)
        return None

    def work(self):
        waiting = list(self.tasks)
        for last in (False, False, True):
            again = []
            with ThreadPoolExecutor(self.service.concurrency) as pool:
                for fields, (status, code, message) in pool.map(self.perform, waiting):
                    if code == "TemporaryFailure" and not last:
                        again.append(fields)
                    elif code != "NotRun":
                        self.done.append((fields, status, code, message))
            waiting = again
            if self.status != "Active" or not again:
                break
        self.active_seconds = int(time.time() - self.active_since)
        end = {"Cancelling": "Cancelled", "Failing": "Failed"}.get(self.status, "Complete")
        if end == "Complete":
            self.enter("Completing")
        time.sleep(self.service.report_seconds)
        if self.done:
            self.report()
        self.enter(end, *([("FailureThresholdExceeded", "More than half of the tasks failed")] if end == "Failed" else []))

    @property
    def failed(self):
        return [each for each in self.done if each[1] == "failed"]

    def perform(self, fields):
        if self.status != "Active":
            return fields, ("failed", "NotRun", "")
        if len(fields) > 2 and not fields[2]:
            return fields, ("failed", "PermanentFailure", "The version id is empty")
        outcome = self.invoke(fields)
        with self.changed:
            ran, failed = len(self.done) + 1, len(self.failed) + (outcome[0] == "failed")
            if self.status == "Active" and ran >= self.service.failing_tasks and failed * 2 > ran:
                self.status = "Failing"
        return fields, outcome

    def invoke(self, fields):
        key = urllib.parse.quote_plus(urllib.parse.unquote(fields[1]), safe="/-._~")
        event = {
            "invocationSchemaVersion": self.schema, "invocationId": str(uuid.uuid4()),
            "job": {"id": self.id, "userArguments": self.arguments},
            "tasks": [{"taskId": "dGFzaw==", "s3Bucket": fields[0], "s3Key": key,
                       "s3VersionId": fields[2] if len(fields) > 2 else None}]}
        answer = self.service.functions.invoke(FunctionName=self.function, Payload=json.dumps(event))
        payload = answer["Payload"].read().decode()
        if answer.get("FunctionError"):
            return "failed", "PermanentFailure", f"Lambda returned function error: {payload}"
        try:
            document = json.loads(payload)
            (result,) = document["results"]
            assert document["invocationSchemaVersion"] == self.schema and document["invocationId"] == event["invocationId"]
            assert result["taskId"] == "dGFzaw=="
        except (ValueError, KeyError, AssertionError):
            return "failed", "PermanentFailure", "Invalid JSON returned in Lambda payload"
        if result["resultCode"] == "Succeeded":
            return "succeeded", "", result["resultString"]
        return "failed", result["resultCode"], result["resultString"]

    def report(self):
        bucket, place = self.report_bucket.split(":::", 1)[1], f"{self.report_prefix}/job-{self.id}"
        results = []
        for status in ("succeeded", "failed"):
            rows = [each for each in self.done if each[1] == status]
            if not rows:
                continue
            lines = io.StringIO()
            for fields, _, code, message in rows:
                version = fields[2] if len(fields) > 2 else ""
                lines.write(f"{fields[0]},{fields[1]},{version},{status},200,{code},")
                csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow([message])
            content = lines.getvalue().encode()
            digest = hashlib.md5(content).hexdigest()
            key = f"{place}/results/{digest}.csv"
            self.service.s3.put_object(Bucket=bucket, Key=key, Body=content)
            results.append({"TaskExecutionStatus": status, "Bucket": bucket, "MD5Checksum": digest, "Key": key})
        manifest = json.dumps({
            "Format": "Report_CSV_20180820", "ReportCreationDate": timestamp(time.time()), "Results": results,
            "ReportSchema": "Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage"}).encode()
        self.service.s3.put_object(Bucket=bucket, Key=f"{place}/manifest.json", Body=manifest)
        self.service.s3.put_object(
            Bucket=bucket, Key=f"{place}/manifest.json.md5", Body=hashlib.md5(manifest).hexdigest().encode())

    # --- In XML

    @property
    def progress(self):
        if self.total is None:
            return "<ProgressSummary/>"
        active = self.active_seconds or (int(time.time() - self.active_since) if self.active_since else 0)
        return (f"<ProgressSummary><TotalNumberOfTasks>{self.total}</TotalNumberOfTasks>"
                f"<NumberOfTasksSucceeded>{len(self.done) - len(self.failed)}</NumberOfTasksSucceeded>"
                f"<NumberOfTasksFailed>{len(self.failed)}</NumberOfTasksFailed>"
                f"<Timers><ElapsedTimeInActiveSeconds>{active}</ElapsedTimeInActiveSeconds></Timers></ProgressSummary>")

    @property
    def head(self):
        ended = f"<TerminationDate>{timestamp(self.ended)}</TerminationDate>" if self.ended else ""
        return (f"<JobId>{self.id}</JobId><Description>{escape(self.description or '')}</Description>"
                f"<Priority>{self.priority}</Priority><Status>{self.status}</Status>"
                f"<CreationTime>{timestamp(self.created)}</CreationTime>{ended}{self.progress}")

    @property
    def listed(self):
        return f"<member>{self.head}<Operation>LambdaInvoke</Operation></member>"

    @property
    def described(self):
        reasons = "".join(f"<member><FailureCode>{escape(code)}</FailureCode><FailureReason>{escape(reason)}</FailureReason></member>"
                          for code, reason in self.reasons)
        fields = "".join(f"<member>{each}</member>" for each in self.fields)
        return (f"<Job>{self.head}<ConfirmationRequired>true</ConfirmationRequired><Manifest><Spec><Format>{self.format}</Format>"
                f"<Fields>{fields}</Fields></Spec><Location><ObjectArn>{escape(self.manifest)}</ObjectArn><ETag>{self.etag}</ETag>"
                f"</Location></Manifest><Operation><LambdaInvoke><FunctionArn>{escape(self.function)}</FunctionArn>"
                f"</LambdaInvoke></Operation><FailureReasons>{reasons}</FailureReasons><Report><Bucket>{self.report_bucket or ''}</Bucket>"
                f"<Format>Report_CSV_20180820</Format><Enabled>true</Enabled><Prefix>{escape(self.report_prefix or '')}</Prefix>"
                f"<ReportScope>AllTasks</ReportScope></Report><RoleArn>{self.role}</RoleArn></Job>")


def timestamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class S3Control(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, s3, functions):
        super().__init__(("127.0.0.1", 0), Handler)
        self.s3, self.functions = s3, functions
        self.jobs, self.lock = [], threading.Lock()
        self.preparation_seconds, self.report_seconds = 0.2, 0.1
        self.concurrency, self.failing_tasks, self.page = 4, 1000, 2
        # Polls of an active job that are throttled first, and the times of all.
        self.throttled_polls, self.polls = 0, {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def job(self, identifier):
        for job in self.jobs:
            if job.id == identifier:
                return job
        raise Refusal(404, "NoSuchJob", f"The specified job does not exist: {identifier}")

    def create(self, body):
        request = ElementTree.fromstring(body)
        assert request.tag == f"{NAMESPACE}CreateJobRequest", request.tag
        for path in ("Operation/LambdaInvoke/FunctionArn", "Report/Enabled", "ClientRequestToken", "Priority", "RoleArn",
                     "Manifest/Location/ObjectArn", "Manifest/Location/ETag"):
            if not text(request, path):
                raise Refusal(400, "InvalidRequest", f"{path} is missing")
        with self.lock:
            for job in self.jobs:
                if job.token == text(request, "ClientRequestToken"):
                    if job.body != body:
                        raise Refusal(400, "IdempotencyException", "The token belongs to another request")
                    return job
            self.jobs.append(Job(self, request, body))
            return self.jobs[-1]


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer(self.read)

    def do_POST(self):
        self.answer(self.write)

    def answer(self, respond):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        address = urllib.parse.urlsplit(self.path)
        try:
            signed = self.headers.get("Authorization", "")
            if "/s3/aws4_request" not in signed or "x-amz-account-id" not in signed:
                raise Refusal(403, "AccessDenied", "signed for another service, or without the account")
            content, status = respond(address.path.split("/")[2:], urllib.parse.parse_qs(address.query), body), 200
        except Refusal as refusal:
            status = refusal.status
            content = (f"<ErrorResponse><Error><Code>{refusal.code}</Code><Message>{escape(str(refusal))}</Message></Error>"
                       "<RequestId>request-1</RequestId><HostId>host-1</HostId></ErrorResponse>")
        content = f'<?xml version="1.0" encoding="UTF-8"?>\n{content}'.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def read(self, path, query, _):
        if path == ["jobs"]:
            wanted = query.get("jobStatuses")
            jobs = [job for job in self.server.jobs if not wanted or job.status in wanted]
            start = int(query.get("nextToken", ["0"])[0])
            page = jobs[start:start + self.server.page]
            end = start + len(page)
            token = f"<NextToken>{end}</NextToken>" if end < len(jobs) else ""
            return f"<ListJobsResult>{token}<Jobs>{''.join(job.listed for job in page)}</Jobs></ListJobsResult>"
        job = self.server.job(path[1])
        self.server.polls.setdefault(job.id, []).append(time.monotonic())
        if job.status == "Active" and self.server.throttled_polls > 0:
            self.server.throttled_polls -= 1
            raise Refusal(503, "SlowDown", "Please reduce your request rate.")
        return f'<DescribeJobResult xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/">{job.described}</DescribeJobResult>'

    def write(self, path, query, body):
        if path == ["jobs"]:
            return f"<CreateJobResult><JobId>{self.server.create(body).id}</JobId></CreateJobResult>"
        job = self.server.job(path[1])
        if path[2] == "priority":
            job.priority = int(query["priority"][0])
            return f"<UpdateJobPriorityResult><JobId>{job.id}</JobId><Priority>{job.priority}</Priority></UpdateJobPriorityResult>"
        job.request_status(query["requestedJobStatus"][0])
        return f"<UpdateJobStatusResult><JobId>{job.id}</JobId><Status>{job.status}</Status></UpdateJobStatusResult>"
