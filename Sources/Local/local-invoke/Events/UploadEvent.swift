import Foundation
import JSON
import RuntimeEmulator

/// An object in S3 for which an event is made.
struct UploadedObject {
  let bucket: String
  /// Decoded.
  let key: String
  let bytes: Int
  let eTag: String
}

/// The service that sends the event of an upload.
enum EventSource: String, CaseIterable, Sendable {
  case s3, sqs, sns, eventbridge, batch, direct, http

  /// The name for a person.
  var title: String {
    switch self {
    case .s3: "S3 notification"
    case .sqs: "SQS message with an S3 notification"
    case .sns: "SNS message with an S3 notification"
    case .eventbridge: "EventBridge, Object Created"
    case .batch: "S3 Batch Operations"
    case .direct: "Direct invocation, {\"bucket\", \"key\"}"
    case .http: "HTTP request with the photograph"
    }
  }

  /// Whether the event refers to an object in S3; otherwise it contains the photograph.
  var refersToObject: Bool { self != .http }
}

/// Makes the event that a service sends when an object was uploaded.
struct UploadEvent {
  private static let account = "123456789012"

  let region: String
  let time: Date

  /// The event, indented. `http` is made by ``FunctionURLEvent``.
  func event(from source: EventSource, of object: UploadedObject) -> [UInt8] {
    let value: JSONValue =
      switch source {
      case .s3: notification(object)
      case .sqs: queue(object)
      case .sns: topic(object)
      case .eventbridge: bus(object)
      case .batch: batch(object)
      case .direct, .http: ["bucket": .string(object.bucket), "key": .string(object.key)]
      }
    return Array(StoredResults.text(of: value.serialized()).utf8)
  }

  private func notification(_ object: UploadedObject) -> JSONValue {
    let record: JSONValue = [
      "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": .string(region),
      "eventTime": .string(time.withMilliseconds),
      "eventName": "ObjectCreated:Put",
      "userIdentity": ["principalId": "AWS:AIDACKCEVSQ6C2EXAMPLE"],
      "requestParameters": ["sourceIPAddress": "127.0.0.1"],
      "responseElements": [
        "x-amz-request-id": .string(hexadecimal(16)), "x-amz-id-2": .string(hexadecimal(64)),
      ],
      "s3": [
        "s3SchemaVersion": "1.0", "configurationId": "classify-uploads",
        "bucket": [
          "name": .string(object.bucket), "ownerIdentity": ["principalId": "A3NL1KOZZKEXAMPLE"],
          "arn": .string("arn:aws:s3:::\(object.bucket)"),
        ],
        "object": [
          "key": .string(Self.encoded(key: object.key)), "size": number(object.bytes),
          "eTag": .string(object.eTag), "sequencer": .string(sequencer),
        ],
      ],
    ]
    return ["Records": [record]]
  }

  private func queue(_ object: UploadedObject) -> JSONValue {
    let body = text(notification(object))
    let milliseconds = JSONValue.string(String(Int64(time.timeIntervalSince1970 * 1000)))
    let record: JSONValue = [
      "messageId": .string(freshUUID()), "receiptHandle": .string("AQEB\(hexadecimal(32))"),
      "body": .string(body),
      "attributes": [
        "ApproximateReceiveCount": "1", "SentTimestamp": milliseconds,
        "SenderId": "AIDACKCEVSQ6C2EXAMPLE", "ApproximateFirstReceiveTimestamp": milliseconds,
      ],
      "messageAttributes": [:], "eventSource": "aws:sqs",
      "eventSourceARN": .string("arn:aws:sqs:\(region):\(Self.account):photo-uploads"),
      "awsRegion": .string(region),
    ]
    return ["Records": [record]]
  }

  private func topic(_ object: UploadedObject) -> JSONValue {
    let arn = "arn:aws:sns:\(region):\(Self.account):photo-uploads"
    let record: JSONValue = [
      "EventSource": "aws:sns", "EventVersion": "1.0",
      "EventSubscriptionArn": .string("\(arn):\(freshUUID())"),
      "Sns": [
        "Type": "Notification", "MessageId": .string(freshUUID()), "TopicArn": .string(arn),
        "Subject": "Amazon S3 Notification", "Message": .string(text(notification(object))),
        "Timestamp": .string(time.withMilliseconds),
        "MessageAttributes": [:],
      ],
    ]
    return ["Records": [record]]
  }

  private func bus(_ object: UploadedObject) -> JSONValue {
    [
      "version": "0", "id": .string(freshUUID()), "detail-type": "Object Created",
      "source": "aws.s3", "account": .string(Self.account),
      "time": .string(time.ISO8601Format()), "region": .string(region),
      "resources": [.string("arn:aws:s3:::\(object.bucket)")],
      "detail": [
        "version": "0", "bucket": ["name": .string(object.bucket)],
        // Not encoded, unlike in a notification.
        "object": [
          "key": .string(object.key), "size": number(object.bytes), "etag": .string(object.eTag),
          "sequencer": .string(sequencer),
        ],
        "request-id": .string(hexadecimal(16)), "requester": .string(Self.account),
        "source-ip-address": "127.0.0.1", "reason": "PutObject",
      ],
    ]
  }

  private func batch(_ object: UploadedObject) -> JSONValue {
    [
      "invocationSchemaVersion": "2.0", "invocationId": .string(hexadecimal(40)),
      "job": ["id": .string(freshUUID()), "userArguments": [:]],
      "tasks": [
        [
          "taskId": .string(hexadecimal(24)), "s3Bucket": .string(object.bucket),
          "s3Key": .string(Self.encoded(key: object.key)), "s3VersionId": .null,
        ]
      ],
    ]
  }

  /// The key as S3 writes it into a notification or a task: form-encoded, slashes as they are.
  ///
  /// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
  static func encoded(key: String) -> String {
    var result = ""
    for byte in key.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "/"), UInt8(ascii: "-"),
        UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "*"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      case UInt8(ascii: " "): result += "+"
      default: result += String(format: "%%%02X", byte)
      }
    }
    return result
  }

  /// Increases with the time, as the sequencers of one key do.
  private var sequencer: String {
    String(format: "%016llX", UInt64(time.timeIntervalSince1970 * 1_000_000))
  }

  private func number(_ value: Int) -> JSONValue { .number(JSONNumber(Int64(value))) }

  private func text(_ value: JSONValue) -> String {
    String(decoding: value.serialized(), as: UTF8.self)
  }

  private func hexadecimal(_ count: Int) -> String {
    String((0..<count).compactMap { _ in "0123456789ABCDEF".randomElement() })
  }
}
