"""parliament on every policy document of a folder; prints how many it found in order.

usage: template_parliament.py FOLDER
"""

import pathlib
import sys
import warnings

warnings.filterwarnings("ignore", message="pkg_resources")
from parliament import analyze_policy_string  # noqa: E402

checked, findings = 0, []
for path in sorted(pathlib.Path(sys.argv[1]).glob("policy-*.json")):
    policy = analyze_policy_string(path.read_text())
    findings += [f"{path.name}: {finding}" for finding in policy.findings]
    checked += 1

# It must find something where there is something to find.
if not analyze_policy_string('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", '
                             '"Resource": "arn:aws:sqs:::queue"}]}').findings:
    findings.append("parliament finds nothing in a policy that is wrong")

print("\n".join(findings))
if findings or not checked:
    sys.exit(f"{len(findings)} findings in {checked} policies")
print(f"{checked} policies, 0 findings")
