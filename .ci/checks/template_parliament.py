"""parliament on every policy document of a folder: nothing may be found but what is explained here.

usage: template_parliament.py FOLDER
"""

import json
import pathlib
import sys
import warnings

warnings.filterwarnings("ignore", message="pkg_resources")
from parliament import analyze_policy_string  # noqa: E402

# Its data, not ours, is incomplete here: (kind of finding, words of it, why).
EXPLAINED = [
    (
        "UNKNOWN_CONDITION_FOR_ACTION",
        "lambda:SourceFunctionArn",
        "a key that Lambda sets for every call of a function's code; AWS's own example of this statement",
    ),
    (
        "RESOURCE_MISMATCH",
        "ec2:CreateNetworkInterface",
        "it compares patterns as texts; AWS's documentation asks for ec2:REGION:ACCOUNT:*/* here",
    ),
]


def findings_of(path):
    document = json.loads(path.read_text())
    for statement in document["Statement"]:
        if path.name.endswith("AssumeRolePolicyDocument.json"):
            # A trust policy names no resource: it is its own role's.
            statement["Resource"] = "arn:aws:iam::123456789012:role/this"
    return analyze_policy_string(json.dumps(document)).findings


def explanation(finding):
    return next((kind for kind, words, _ in EXPLAINED if kind == finding.issue and words in f"{finding}"), None)


checked, explained, unexplained = 0, set(), []
for path in sorted(pathlib.Path(sys.argv[1]).glob("policy-*.json")):
    checked += 1
    for finding in findings_of(path):
        if kind := explanation(finding):
            explained.add(kind)
        else:
            unexplained.append(f"{path.name}: {finding}")

# It must find something where there is something to find.
wrong = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:sqs:::queue"}
if not analyze_policy_string(json.dumps({"Version": "2012-10-17", "Statement": [wrong]})).findings:
    unexplained.append("parliament finds nothing in a policy that is wrong")
unexplained += [f"explained but not found: {kind}" for kind, _, _ in EXPLAINED if kind not in explained]

for each in unexplained:
    print(each)
if unexplained or not checked:
    sys.exit(f"{len(unexplained)} findings in {checked} policies")
for kind, words, why in EXPLAINED:
    print(f"explained: {kind} {words}: {why}")
print(f"{checked} policies, nothing that is not explained")
