"""Every event that `sam local generate-event` makes, and S3's in the messages of SQS and SNS, as one JSON document by name.

usage: sam_events.py DESCRIPTION
"""

import json
import sys

from samcli.lib.generated_sample_events.events import Events


def generate(events, service, kind, **given):
    tags = events.event_mapping[service][kind].get("tags", {})
    defaults = {name: tag.get("default") for name, tag in tags.items()}
    return events.generate_event(service, kind, {**defaults, **given})


events = Events()
made = {
    f"{service} {kind}": json.loads(generate(events, service, kind))
    for service, kinds in events.event_mapping.items() for kind in kinds
}
# The command leaves the bucket out unless it is given.
made["s3 batch-invocation"]["tasks"][0]["s3BucketArn"] = "arn:aws:s3:::example-bucket"
put = json.dumps(made["s3 put"])
for name, service, kind in (("s3 in sqs", "sqs", "receive-message"),
                            ("s3 in sns", "sns", "notification")):
    event = json.loads(generate(events, service, kind))
    (record,) = event["Records"]
    if service == "sqs":
        record["body"] = put
    else:
        record["Sns"]["Message"] = put
    made[name] = event
with open(sys.argv[1], "w") as file:
    json.dump(made, file, indent=1)
print(len(made))
