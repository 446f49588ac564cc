import AWSControl
import JSON
import TestSupport

@testable import FailureQueue

let arn = "arn:aws:lambda:us-east-1:123456789012:function:photo"

func upload(_ key: String) -> String {
  #"{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"photos"},"#
    + #""object":{"key":"\#(key)"}}}]}"#
}

/// A message as SQS's answer has it.
func message(_ id: String, body: String, attributes: [String: String] = [:]) -> JSONValue {
  let attributes = attributes.mapValues {
    ["DataType": "String", "StringValue": $0] as OperationInput
  }
  let fields: OperationInput = [
    "MessageId": id, "ReceiptHandle": "receipt-\(id)", "Body": body,
    "Attributes": ["SentTimestamp": "1699999999000", "ApproximateReceiveCount": "2"],
    "MessageAttributes": attributes,
  ]
  return fields.json
}

/// A record of a destination about one image.
func record(_ id: String) -> JSONValue {
  message(
    id,
    body:
      #"{"requestContext":{"functionArn":"\#(arn):live"},"requestPayload":\#(upload("\(id).jpg"))}"#
  )
}

func received(_ messages: JSONValue...) -> ScriptedServer.Answer {
  let answer: JSONValue = ["Messages": .array(messages)]
  return .init(200, bytes: answer.serialized())
}

func read(body: String, attributes: [String: String] = [:]) throws -> FailedEvent {
  let fields = try ResponseFields(
    body: JSONValue.object(["Messages": .array([message("id", body: body, attributes: attributes)])]
    )
    .serialized())
  return FailedEvent(try ReceiveMessage.Output(fields).messages[0])
}
