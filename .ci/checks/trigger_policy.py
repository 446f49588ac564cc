"""Asks MiniStack's evaluator of resource policies what a service may do. Reads the question from standard input:
{"policy", "resource", "region", "action", "calls": {NAME: [SERVICE, SOURCE ARN, SOURCE ACCOUNT]}}; prints {NAME: DECISION}."""

import json
import sys

from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy

question = json.load(sys.stdin)
decisions = {}
for name, (service, source_arn, source_account) in question["calls"].items():
    context = EvalContext(
        # The service itself calls, nobody of an account.
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action=question["action"],
        resource_arn=question["resource"],
        region=question["region"],
        # Services come by TLS.
        secure_transport=True,
        service_context={"aws:sourcearn": source_arn, "aws:sourceaccount": source_account},
    )
    decisions[name] = evaluate_resource_policy(question["policy"], context, service=service).decision
json.dump(decisions, sys.stdout)
