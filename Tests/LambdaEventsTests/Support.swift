import Foundation
import JSON
import LambdaEvents
import TestSupport
import Testing

func decode(_ text: String, defaultBucket: String? = nil) throws(EventError) -> LambdaEvent {
  try LambdaEvent.decode(Array(text.utf8), defaultBucket: defaultBucket)
}

/// The error of an event that must be refused, as a whole or for its first malformed record.
func refusal(of text: String, defaultBucket: String? = nil) -> EventError? {
  do throws(EventError) {
    return outcomes(in: try decode(text, defaultBucket: defaultBucket)).lazy.compactMap(\.failure)
      .first
  } catch {
    return error
  }
}

/// The only message of an SQS event with this body.
func message(body: String) throws -> SQSMessage {
  let record = JSONValue.object([
    "messageId": "m-1", "body": .string(body), "eventSource": "aws:sqs",
  ])
  let event = try LambdaEvent.decode(
    JSONValue.object(["Records": [record]]).serialized(), defaultBucket: nil)
  guard case .sqs(let messages) = event else { throw OtherEvent() }
  return try #require(messages.first)
}

/// An event does not have the shape that the test requires.
struct OtherEvent: Error {}

extension Result {
  var success: Success? { if case .success(let value) = self { value } else { nil } }
  var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
}

/// An event from the repository's `events/` folder.
func eventFile(_ name: String) throws -> [UInt8] {
  Array(try Data(contentsOf: Repository.root.appendingPathComponent("events/\(name)")))
}

/// An S3 event of one record with this object and these other members, JSON both.
func s3Event(object: String, members: String = #""eventSource":"aws:s3""#) -> String {
  #"{"Records":[{\#(members),"s3":{"bucket":{"name":"b"},"object":\#(object)}}]}"#
}

func outcomes(in event: LambdaEvent) -> [S3Record.Outcome] {
  if case .s3(let outcomes) = event { outcomes } else { [] }
}

/// The readable records of an S3 event.
func records(in event: LambdaEvent) -> [S3Record] { outcomes(in: event).compactMap(\.success) }

func objects(in event: LambdaEvent) -> [S3ObjectReference] { records(in: event).map(\.object) }

let consoleForms = """
  {"bucket": "...", "key": "..."}, {"key": "..."}, {"url": "s3://BUCKET/KEY"}, {"url": "https://..."} \
  and {"url": "KEY"}
  """

let acceptedShapes = """
  accepted: an S3 notification {"Records": [...]} (direct or in SQS or SNS), an S3 event of EventBridge, \
  an s3:TestEvent, SageMaker's notification of an asynchronous inference by SNS, an invocation of S3 Batch Operations, an HTTP request of API Gateway, a function URL, or a load balancer, \
  \(consoleForms)
  """

let acceptedMessages =
  "accepted: an S3 notification {\"Records\": [...]}, an S3 event of EventBridge, an s3:TestEvent, "
  + "and SageMaker's notification of an asynchronous inference"
