import Foundation
import JSON

/// The end of an asynchronous request, as SageMaker publishes it and as S3 reports the object that
/// was stored.
package struct AsynchronousNotification: Sendable {
  /// How a result reaches the function.
  package enum Delivery: String, CaseIterable, Sendable {
    /// The topic invokes the function.
    case sns
    /// The topic sends to a queue, which invokes the function.
    case sqs
    /// The object below the output or failure path invokes the function.
    case s3
  }

  /// The object that holds the reply.
  struct Stored: Sendable {
    let location: S3Location
    let byteCount: Int
    let eTag: String
    let sequence: Int
  }

  /// The limit for a reply in a message.
  private static let maximumResponseBytes = 131_072

  /// `InputLocation`; nil when the request carried its input.
  package let inputLocation: String?
  package let inferenceID: String
  /// SageMaker's reason; nil for a completed request.
  package let failureReason: String?
  /// Where the reply, or the container's error, is stored; nil when nothing is.
  package var storedAt: S3Location? { stored?.location }
  /// The SNS message.
  package let message: [UInt8]
  let stored: Stored?
  let topicARN: String
  let publishedAt = Date()

  init(
    _ accepted: AsynchronousQueue.Accepted, _ outcome: AsynchronousQueue.Outcome,
    _ stored: Stored?, endpoint: AsynchronousEndpoint, region: String, endpointName: String
  ) {
    let request = accepted.request
    inputLocation = request.inputLocation
    inferenceID = request.inferenceID
    failureReason = outcome.failureReason
    self.stored = stored
    let isCompleted = outcome.failureReason == nil
    topicARN = isCompleted ? endpoint.successTopicARN : endpoint.errorTopicARN
    let parameters: [(String, JSONValue?)] = [
      ("accept", request.accept.map(JSONValue.string)),
      ("contentType", request.contentType.map(JSONValue.string)),
      ("endpointName", .string(endpointName)),
      ("inputLocation", inputLocation.map(JSONValue.string)),
    ]
    let body = outcome.reply.flatMap { endpoint.includesResponse ? Self.responseBody($0) : nil }
    message = Self.object([
      ("awsRegion", .string(region)), ("eventTime", .string(Self.text(publishedAt))),
      ("receivedTime", .string(Self.text(accepted.receivedAt))),
      ("invocationStatus", isCompleted ? "Completed" : "Failed"),
      ("failureReason", failureReason.map(JSONValue.string)),
      ("requestParameters", Self.object(parameters)),
      ("responseParameters", Self.responseParameters(stored, outcome.reply, isCompleted)),
      ("responseBody", body), ("inferenceId", .string(inferenceID)), ("eventVersion", "1.0"),
      ("eventSource", "aws:sagemaker"), ("eventName", "InferenceResult"),
    ]).serialized()
  }

  private static func responseParameters(
    _ stored: Stored?, _ reply: ContainerReply?, _ isCompleted: Bool
  ) -> JSONValue? {
    guard let stored else { return nil }
    let location = JSONValue.string(stored.location.description)
    guard isCompleted else { return object([("failureLocation", location)]) }
    return object([
      ("contentType", reply.map { .string($0.contentType) }), ("outputLocation", location),
    ])
  }

  private static func responseBody(_ reply: ContainerReply) -> JSONValue? {
    guard reply.body.count <= maximumResponseBytes else { return nil }
    return [
      "content": .string(Data(reply.body).base64EncodedString()), "message": "OK",
      "encoding": "BASE64",
    ]
  }

  private static func object(_ members: [(String, JSONValue?)]) -> JSONValue {
    var object = JSONObject()
    for (name, value) in members { if let value { object.set(name, to: value) } }
    return .object(object)
  }

  /// `2026-11-26T08:32:23.122Z`
  static func text(_ date: Date) -> String {
    timestamp(date, "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'")
  }
}
