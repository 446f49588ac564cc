"""Compares what is retried with botocore's standard mode: its own checkers, given fake responses.

usage: retry_rules.py codes > CODES
       retry_rules.py compare VERDICTS

VERDICTS has a line for each service and code, written by Tests/AWSControlTests/RetryRulesDumpTests: a letter for each
status from 400 to 599; `t` is retried as throttling, `y` otherwise, `n` not at all.
"""

import collections
import sys

import botocore.awsrequest
import botocore.session
from botocore.retries import standard

# An operation of each service, for the errors of its model.
OPERATIONS = {
    "s3": "GetObject", "sagemaker-runtime": "InvokeEndpoint", "lambda": "Invoke",
    "application-autoscaling": "RegisterScalableTarget", "sagemaker": "CreateEndpoint", "cloudwatch": "GetMetricData",
    "sqs": "ReceiveMessage", "sts": "AssumeRoleWithWebIdentity",
}
STATUSES = range(400, 600)
# Codes that occur and are in no list of botocore's.
OTHERS = [
    "ServiceUnavailable", "Busy", "Internal", "InternalError", "InternalFailure", "InternalServerException",
    "GatewayTimeoutException", "InternalDependencyException", "ModelNotReadyException", "ModelError", "ValidationError",
    "AccessDenied", "NoSuchKey", "BadDigest", "IncompleteBody", "RequestTimeTooSkewed", "ExpiredToken",
    "OperationAborted", "ConditionalRequestConflict", "TemporaryRedirect", "ConcurrentUpdateException", "Unknown",
]
RETRIED = [500, 502, 503, 504]
# (service, code) -> (what botocore does, what we do, at which statuses, why). `*` is every service or code.
DIFFERENCES = {
    ("sagemaker-runtime", "ModelNotReadyException"): ("the model is being loaded: wait", "yn", "t"),
    ("sagemaker-runtime", "InternalDependencyException"): ("530: a service behind SageMaker failed; once", "nt", "y"),
    ("application-autoscaling", "ConcurrentUpdateException"): ("another change is under way: wait", "yn", "t"),
    ("s3", "BadDigest"): ("damaged on the way; once, as botocore's legacy mode did", "nt", "y"),
    ("s3", "IncompleteBody"): ("cut on the way; once", "nt", "y"),
    ("s3", "OperationAborted"): ("another write is under way: the caller reads first", "yt", "n"),
    ("s3", "ConditionalRequestConflict"): ("another write is under way: the caller reads first", "yt", "n"),
    ("s3", "TemporaryRedirect"): ("followed instead", "yt", "n"),
    ("sagemaker-runtime", "ModelError"): ("the container's status decides, which is none here", "yt", "n"),
    ("*", "RequestTimeTooSkewed"): ("signed before a freeze: once, signed anew", "n", "y"),
    ("*", "429 with an error of the service's model"): ("only throttling has this status", "n", "t"),
}


class Response:
    def __init__(self, status):
        self.status_code, self.headers = status, {}


def botocores(model, checker, detector, code, status):
    context = standard.RetryContext(
        attempt_number=1, operation_model=model, parsed_response={"Error": {"Code": code} if code else {}},
        http_response=Response(status), request_context={})
    if not checker.is_retryable(context):
        return "n"
    return "t" if detector.is_throttling_error_from_context(context) else "y"


def codes(session):
    found = set(OTHERS)
    found.update(standard.TransientRetryableChecker._TRANSIENT_ERROR_CODES)
    found.update(standard.ThrottledRetryableChecker._THROTTLED_ERROR_CODES)
    found.add("IDPCommunicationError")
    for service in OPERATIONS:
        model = session.get_service_model(service)
        for name in model.operation_names:
            found.update(modelled(model.operation_model(name)))
    return sorted(found)


def modelled(operation):
    return {shape.metadata.get("error", {}).get("code", shape.name) for shape in operation.error_shapes}


def compare(session, path):
    models = {
        name: session.get_service_model(name).operation_model(operation) for name, operation in OPERATIONS.items()}
    checker = standard.StandardRetryConditions()
    detector = standard.ThrottlingErrorDetector(standard.RetryEventAdapter())
    expected = {(service, code) for service in OPERATIONS for code in [*codes(session), ""]}
    pairs, used, wrong = 0, collections.Counter(), []
    for line in open(path):
        service, code, letters = line.split()
        code = "" if code == "-" else code
        expected.discard((service, code))
        for status, ours in zip(STATUSES, letters, strict=True):
            pairs += 1
            theirs = botocores(models[service], checker, detector, code, status)
            if ours == theirs:
                continue
            keys = [(service, code), ("*", code)]
            if status == 429 and code in modelled(models[service]):
                keys.append(("*", "429 with an error of the service's model"))
            key = next((key for key in keys if key in DIFFERENCES), None)
            _, allowed_theirs, allowed_ours = DIFFERENCES.get(key, ("", "", ""))
            if theirs in allowed_theirs and ours in allowed_ours:
                used[key] += 1
            else:
                wrong.append(f"{service} {status} {code or 'without a code'}: botocore {theirs}, we {ours}")
    wrong += [f"{service} {code}: no verdict" for service, code in sorted(expected)]
    wrong += [f"{key} is listed as a difference and is none" for key in DIFFERENCES if key not in used]
    if wrong:
        sys.exit("\n".join([*wrong[:40], f"{len(wrong)} differences"]))
    for key, count in used.items():
        print(f"  {key[0]} {key[1]}: {DIFFERENCES[key][0]} ({count})")
    print(f"{pairs} verdicts, {len(used)} listed differences")


def main():
    session = botocore.session.Session()
    if sys.argv[1] == "codes":
        # With an empty line at the end: no code.
        print("\n".join(codes(session)))
    else:
        compare(session, sys.argv[2])


if __name__ == "__main__":
    main()
