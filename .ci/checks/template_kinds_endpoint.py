"""A scripted asynchronous endpoint: what SageMaker does with a request, as AWS documents it and with the keys of the model's
role. It reads the image, writes the reply or an error reply, and publishes the message, after it has answered with 202.
Signatures are not verified here; moto and LocalAWS do that."""

import base64
import json
import threading
import urllib.parse
import uuid

from loopback import Handler, Server

# 133 logits; the highest is that of 071.German_shepherd_dog.
REPLY = json.dumps([[-0.5] * 70 + [9.0] + [-0.5] * 62]).encode()
REASON = "ClientError: Received server error (500) from model. See the SageMaker Endpoint logs in your account for more information."
HEADER = "X-Amzn-SageMaker-"


class Endpoint(Server):
    """`given` has output and failure as S3 locations, and the topics success and error. Keys that contain "large" get a
    message without the reply, keys that contain "bad" fail."""

    def __init__(self, role, given):
        self.s3, self.sns, self.given = role.client("s3"), role.client("sns"), given
        self.messages, self.problems = [], []
        super().__init__(Requests)

    def put(self, place, name, body):
        bucket, prefix = place.removeprefix("s3://").split("/", 1)
        self.s3.put_object(Bucket=bucket, Key=f"{prefix}/{name}", Body=body)
        return f"{place}/{name}"

    def process(self, headers, output, failure):
        """One request, in a thread of its own."""
        try:
            location = urllib.parse.urlsplit(headers[f"{HEADER}InputLocation"])
            key = location.path[1:]
            self.s3.get_object(Bucket=location.netloc, Key=key)["Body"].read()
            message = {
                "awsRegion": "us-east-1", "eventTime": "2026-11-26T08:00:01.000Z", "receivedTime": "2026-11-26T08:00:00.000Z",
                "requestParameters": {"endpointName": "dog-breeds", "inputLocation": headers[f"{HEADER}InputLocation"]},
                "inferenceId": headers[f"{HEADER}Inference-Id"], "eventVersion": "1.0", "eventSource": "aws:sagemaker",
                "eventName": "InferenceResult",
            }
            if "bad" in key:
                message |= {"invocationStatus": "Failed", "failureReason": REASON,
                            "responseParameters": {"failureLocation": self.put(self.given["failure"], failure, b"made to fail")}}
            else:
                message |= {"invocationStatus": "Completed", "responseParameters": {
                    "contentType": "application/json", "outputLocation": self.put(self.given["output"], output, REPLY)}}
                if "large" not in key:
                    message["responseBody"] = {
                        "content": base64.b64encode(REPLY).decode(), "message": "Response body is included", "encoding": "BASE64"}
            topic = self.given["error" if "bad" in key else "success"]
            self.messages.append((topic, json.dumps(message)))
            self.sns.publish(TopicArn=topic, Message=json.dumps(message))
        except Exception as error:
            self.problems.append(f"endpoint, {headers.get(f'{HEADER}InputLocation')}: {error}")


class Requests(Handler):
    def do_POST(self):
        self.body()
        if self.path != "/endpoints/dog-breeds/async-invocations":
            self.server.problems.append(f"endpoint: {self.path}")
        # Python reads headers as Latin-1; keys come in UTF-8.
        headers = {name: value.encode("latin-1").decode() for name, value in self.headers.items()}
        number, extension = uuid.uuid4(), self.headers.get(f"{HEADER}S3OutputPathExtension")
        output, failure = f"{extension}/{number}.out", f"{extension}/{number}-error.out"
        self.answer(202, json.dumps({"InferenceId": self.headers[f"{HEADER}Inference-Id"]}).encode(), [
            ("Content-Type", "application/json"), (f"{HEADER}OutputLocation", f"{self.server.given['output']}/{output}"),
            (f"{HEADER}FailureLocation", f"{self.server.given['failure']}/{failure}")])
        threading.Thread(target=self.server.process, args=(headers, output, failure), daemon=True).start()
