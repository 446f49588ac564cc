import Foundation
import JSON

/// The events by which a notification reaches the function.
extension AsynchronousNotification {
  /// The event that the function receives; nil by S3 when nothing was stored.
  package func event(by delivery: Delivery) -> [UInt8]? {
    switch delivery {
    case .sns:
      Self.records([
        "EventSource": "aws:sns", "EventVersion": "1.0",
        "EventSubscriptionArn": .string("\(topicARN):\(freshUUID())"), "Sns": envelope,
      ])
    case .sqs: Self.records(queueMessage)
    case .s3: stored.map { Self.records(objectCreated($0)) }
    }
  }

  private static func records(_ record: JSONValue) -> [UInt8] {
    (["Records": [record]] as JSONValue).serialized()
  }

  private var envelope: JSONValue {
    [
      "Type": "Notification", "MessageId": .string(freshUUID()), "TopicArn": .string(topicARN),
      "Subject": .null, "Message": .string(String(decoding: message, as: UTF8.self)),
      "Timestamp": .string(Self.text(publishedAt)), "SignatureVersion": "1",
      "Signature": "bG9jYWw=", "SigningCertUrl": "https://sns.us-east-1.amazonaws.com/local.pem",
      "UnsubscribeUrl": "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe",
      "MessageAttributes": [:],
    ]
  }

  private var queueMessage: JSONValue {
    let milliseconds = String(Int64(publishedAt.timeIntervalSince1970 * 1000))
    let body = envelope.serialized()
    return [
      "messageId": .string(freshUUID()), "receiptHandle": "local",
      "body": .string(String(decoding: body, as: UTF8.self)),
      "attributes": [
        "ApproximateReceiveCount": "1", "SentTimestamp": .string(milliseconds),
        "SenderId": "AIDAIT2UOQQY3AUEKVGXU",
        "ApproximateFirstReceiveTimestamp": .string(milliseconds),
      ],
      "messageAttributes": [:], "md5OfBody": .string(md5Hex(body)), "eventSource": "aws:sqs",
      "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:inference-results",
      "awsRegion": "us-east-1",
    ]
  }

  /// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
  private func objectCreated(_ stored: Stored) -> JSONValue {
    let bucket = stored.location.bucket
    return [
      "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "us-east-1",
      "eventTime": .string(Self.text(publishedAt)), "eventName": "ObjectCreated:Put",
      "s3": [
        "s3SchemaVersion": "1.0", "configurationId": "inference-results",
        "bucket": ["name": .string(bucket), "arn": .string("arn:aws:s3:::\(bucket)")],
        "object": [
          "key": .string(Self.formEncoded(stored.location.key)),
          "size": .number(JSONNumber(Int64(stored.byteCount))), "eTag": .string(stored.eTag),
          "sequencer": .string(Self.sequencer(stored.sequence)),
        ],
      ],
    ]
  }

  private static func sequencer(_ sequence: Int) -> String {
    let digits = String(sequence, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 18 - digits.count)) + digits
  }

  /// As S3 encodes keys in events: a space becomes `+`.
  private static func formEncoded(_ key: String) -> String {
    var allowed = CharacterSet(charactersIn: "-_.*/")
    allowed.insert(charactersIn: "a"..."z")
    allowed.insert(charactersIn: "A"..."Z")
    allowed.insert(charactersIn: "0"..."9")
    allowed.insert(" ")
    return (key.addingPercentEncoding(withAllowedCharacters: allowed) ?? key)
      .replacingOccurrences(of: " ", with: "+")
  }
}
