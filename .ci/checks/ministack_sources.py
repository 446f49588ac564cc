"""Every way from MiniStack's S3 to the function and back: uploads that arrive by S3, SQS, SNS and EventBridge, the results
that the function keeps, read back by boto3, and what becomes of an image that fails.

usage: ministack_sources.py sources DESCRIPTION

DESCRIPTION is JSON: the addresses, and where the executable is. Prints what happened.
Tests/OracleTests/MiniStackSourceTests.swift contains the expectations.
"""

import json
import sys
import time

from botocore.exceptions import ClientError

from ministack_lambda import package
from ministack_setup import policy
from s3_objects import client, content

KEY, EMPTY = "dogs/Rex & ü+1.jpg", "dogs/empty.jpg"
RESULTS = "kept-results"
ACCOUNT = "arn:aws:{}:us-east-1:000000000000:{}"
CREATED = ["s3:ObjectCreated:*"]


class Sources:
    def __init__(self, description):
        url = description["url"]
        self.s3, self.sqs, self.sns, self.events, self.functions, self.iam, self.logs = (
            client(name, url, "test", "rootsecret")
            for name in ("s3", "sqs", "sns", "events", "lambda", "iam", "logs"))
        self.make_function(description)
        self.s3.create_bucket(Bucket=RESULTS)
        self.dead = self.make_queue("dead-letters")
        self.failed = self.make_queue("failed-events")
        self.functions.put_function_event_invoke_config(
            FunctionName="keep", MaximumRetryAttempts=1,
            DestinationConfig={"OnFailure": {"Destination": self.arn(self.failed)}})

    def make_function(self, description):
        trust = policy(("sts:AssumeRole", None), principal={"Service": "lambda.amazonaws.com"})
        role = self.iam.create_role(RoleName="keeps", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        # As the template has it.
        self.iam.put_role_policy(RoleName="keeps", PolicyName="policy", PolicyDocument=policy(
            (["s3:GetObject", "s3:GetObjectVersion"], "arn:aws:s3:::from-*/*"),
            (["s3:PutObject", "s3:GetObject"], f"arn:aws:s3:::{RESULTS}/results/*"),
            (["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], ACCOUNT.format("sqs", "from-*")),
            ("sqs:SendMessage", ACCOUNT.format("sqs", "failed-events"))))
        variables = {
            "ENDPOINT_NAME": "dog-breeds", "AWS_ENDPOINT_URL_S3": description["url"], "METRICS": "off",
            "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": description["sageMakerURL"],
            "RESULT_BUCKET": RESULTS, "RESULT_PREFIX": "results/",
        }
        self.function = self.functions.create_function(
            FunctionName="keep", Runtime="provided.al2023", Handler="bootstrap", Role=role, Timeout=20,
            Code={"ZipFile": package(description["bootstrap"])}, Environment={"Variables": variables},
        )["FunctionArn"]

    # --- Wiring -----------------------------------------------------------------------------------------------------

    def arn(self, queue):
        return self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def make_queue(self, name, service=None, **attributes):
        queue = self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        if service:
            allowed = policy(("sqs:SendMessage", self.arn(queue)), principal={"Service": service})
            self.sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": allowed})
        return queue

    def make_source(self, name, service, **attributes):
        """A queue that the function takes from; what fails twice goes to the dead letters."""
        dead = self.dead if not name.endswith(".fifo") else self.make_queue("dead-letters.fifo", FifoQueue="true")
        redrive = json.dumps({"deadLetterTargetArn": self.arn(dead), "maxReceiveCount": 2})
        queue = self.make_queue(name, service, VisibilityTimeout="1", RedrivePolicy=redrive, **attributes)
        self.functions.create_event_source_mapping(
            EventSourceArn=self.arn(queue), FunctionName="keep", BatchSize=10,
            FunctionResponseTypes=["ReportBatchItemFailures"])
        return self.arn(queue)

    def make_topic(self, name):
        topic = self.sns.create_topic(Name=name)["TopicArn"]
        allowed = policy(("sns:Publish", topic), principal={"Service": "s3.amazonaws.com"})
        self.sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=allowed)
        return topic

    def allow(self, name, service, source):
        self.functions.add_permission(
            FunctionName="keep", StatementId=name, Action="lambda:InvokeFunction", Principal=service, SourceArn=source)

    def notify(self, bucket, **configuration):
        self.s3.create_bucket(Bucket=bucket)
        self.s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=configuration)

    def make_rule(self, bucket, target):
        self.notify(bucket, EventBridgeConfiguration={})
        pattern = {"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": {"bucket": {"name": [bucket]}}}
        rule = self.events.put_rule(Name=bucket, EventPattern=json.dumps(pattern))["RuleArn"]
        self.events.put_targets(Rule=bucket, Targets=[{"Id": "function", **target}])
        return rule

    def wire(self):
        self.allow("s3", "s3.amazonaws.com", "arn:aws:s3:::from-s3")
        self.notify("from-s3", LambdaFunctionConfigurations=[{"LambdaFunctionArn": self.function, "Events": CREATED}])
        queue = self.make_source("from-sqs", "s3.amazonaws.com")
        self.notify("from-sqs", QueueConfigurations=[{"QueueArn": queue, "Events": CREATED}])

        topic = self.make_topic("from-sns")
        self.allow("sns", "sns.amazonaws.com", topic)
        self.sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=self.function)
        self.notify("from-sns", TopicConfigurations=[{"TopicArn": topic, "Events": CREATED}])
        topic, queue = self.make_topic("from-sns-sqs"), self.make_source("from-sns-sqs", "sns.amazonaws.com")
        self.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
        self.notify("from-sns-sqs", TopicConfigurations=[{"TopicArn": topic, "Events": CREATED}])

        self.allow("rule", "events.amazonaws.com", self.make_rule("from-eventbridge", {"Arn": self.function}))
        queue = self.make_source("from-eventbridge-sqs", "events.amazonaws.com")
        self.make_rule("from-eventbridge-sqs", {"Arn": queue})
        queue = self.make_source(
            "from-eventbridge-fifo.fifo", "events.amazonaws.com", FifoQueue="true", ContentBasedDeduplication="true")
        self.make_rule("from-eventbridge-fifo", {"Arn": queue, "SqsParameters": {"MessageGroupId": "photos"}})

    # --- What happens -----------------------------------------------------------------------------------------------

    NAMES = ("s3", "sqs", "sns", "sns-sqs", "eventbridge", "eventbridge-sqs", "eventbridge-fifo")

    def run(self):
        self.wire()
        for name in self.NAMES:
            self.s3.put_object(Bucket=f"from-{name}", Key=KEY, Body=content(KEY))
        stored = {name: self.wait_for_result(name) for name in self.NAMES}
        for name in self.NAMES:
            self.s3.put_object(Bucket=f"from-{name}", Key=EMPTY, Body=b"")
        failed = self.wait_for_failures()
        return {
            "key": KEY, "stored": stored, "failed": failed, "left": self.left_in_queues(),
            "conditions": self.conditions(), "deliveries": self.deliveries(),
        }

    def result(self, name):
        answer = self.s3.get_object(Bucket=RESULTS, Key=f"results/from-{name}/{KEY}.json")
        document = json.loads(answer["Body"].read())
        return {"contentType": answer["ContentType"], "eTag": answer["ETag"], "document": document}

    def wait_for_result(self, name):
        deadline = time.monotonic() + 30
        while True:
            try:
                return self.result(name)
            except self.s3.exceptions.NoSuchKey:
                if time.monotonic() > deadline:
                    sys.exit(f"no result of from-{name} after 30 s")
                time.sleep(0.1)

    def wait_for_failures(self):
        """Where the event of each empty object ended.

        MiniStack neither retries a failed event from SNS or EventBridge nor sends it to a destination, so for these
        only the function's log exists.
        """
        places = {}
        queues = {"destination": self.failed, "dead letters": self.dead,
                  "dead letters.fifo": self.sqs.get_queue_url(QueueName="dead-letters.fifo")["QueueUrl"]}
        deadline = time.monotonic() + 60
        while len(places) < len(self.NAMES):
            if time.monotonic() > deadline:
                sys.exit(f"failures came only from {sorted(places)} after 60 s")
            for place, queue in queues.items():
                for message in self.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
                    self.sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
                    # The longest name first: from-sns is a part of from-sns-sqs.
                    name = next(each for each in sorted(self.NAMES, key=len, reverse=True)
                                if f"from-{each}" in message["Body"])
                    places[name] = {"place": place, "body": message["Body"]}
            for name in {"sns", "eventbridge"} - set(places):
                if lines := self.log_lines(f"s3://from-{name}/{EMPTY}"):
                    places[name] = {"place": "log", "body": lines[0]}
            time.sleep(0.1)
        return places

    def log_lines(self, words):
        events = self.logs.filter_log_events(logGroupName="/aws/lambda/keep")["events"]
        return [event["message"] for event in events if words in event["message"]]

    def left_in_queues(self):
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        left = 0
        for name in ("from-sqs", "from-sns-sqs", "from-eventbridge-sqs", "from-eventbridge-fifo.fifo"):
            queue = self.sqs.get_queue_url(QueueName=name)["QueueUrl"]
            attributes = self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=list(names))["Attributes"]
            left += sum(int(attributes[each]) for each in names)
        return left

    def conditions(self):
        """Whether this S3 supports the conditions that the function's writes depend on."""
        where = {"Bucket": RESULTS, "Key": "conditions.json"}

        def put(**condition):
            try:
                return self.s3.put_object(**where, Body=b"{}", **condition)["ResponseMetadata"]["HTTPStatusCode"]
            except ClientError as error:
                return error.response["ResponseMetadata"]["HTTPStatusCode"]

        first = put(IfNoneMatch="*")
        tag = self.s3.head_object(**where)["ETag"]
        return {
            "absent": first, "present": put(IfNoneMatch="*"), "unchanged": put(IfMatch=tag),
            "changed": put(IfMatch='"00000000000000000000000000000000"'),
        }

    def deliveries(self):
        """The same object's event again, an older one, and a newer one: which of them wrote."""
        sequencer = self.result("s3")["document"]["source"]["sequencer"]
        older = format(int(sequencer, 16) - 1, f"0{len(sequencer)}X")
        newer = format(int(sequencer, 16) + 1, f"0{len(sequencer)}X")
        written = {}
        for name, each in (("same", sequencer), ("older", older), ("newer", newer), ("then the first", sequencer)):
            before = self.result("s3")["eTag"]
            item = {"key": "dogs/Rex+%26+%C3%BC%2B1.jpg", "sequencer": each}
            record = {"eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
                      "s3": {"bucket": {"name": "from-s3"}, "object": item}}
            answer = self.functions.invoke(FunctionName="keep", Payload=json.dumps({"Records": [record]}))
            written[name] = {
                "error": answer.get("FunctionError", ""), "written": self.result("s3")["eTag"] != before,
                "stored": self.result("s3")["document"]["source"]["sequencer"], "sent": each,
            }
        return written


if __name__ == "__main__":
    with open(sys.argv[2]) as file:
        given = json.load(file)
    json.dump(Sources(given).run(), sys.stdout, indent=1)
