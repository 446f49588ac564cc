import Foundation
import LoopbackServer

/// What stands behind the endpoint: the container's `POST /invocations`.
package protocol InferenceModel: Sendable {
  /// Answers one request. A throw counts as a container that cannot be reached or does not answer
  /// in time.
  func infer(contentType: String, accept: String, body: [UInt8]) throws -> ContainerReply

  /// As above with everything that SageMaker hands on; by default calls it.
  func infer(_ request: ContainerRequest) throws -> ContainerReply
}

extension InferenceModel {
  /// Hands on content type, accept and body.
  package func infer(_ request: ContainerRequest) throws -> ContainerReply {
    try infer(contentType: request.contentType, accept: request.accept, body: request.body)
  }
}

/// What SageMaker sends to a container.
package struct ContainerRequest: Sendable {
  /// The client's `Content-Type`.
  package let contentType: String
  /// The client's `Accept`; empty without one.
  package let accept: String
  /// `X-Amzn-SageMaker-Custom-Attributes`.
  package let customAttributes: String?
  /// The payload.
  package let body: [UInt8]
  /// What the container can fetch.
  package let objects: LocalObjects
}

/// A container's answer.
package struct ContainerReply: Sendable, Equatable {
  /// 2xx is passed on as 200; anything else becomes a ModelError.
  package var status: Int
  /// `Content-Type` of the body.
  package var contentType: String
  /// The body.
  package var body: [UInt8]
  /// `X-Amzn-SageMaker-Custom-Attributes` of the answer.
  package var customAttributes: String?

  /// An answer from its parts.
  package init(status: Int, contentType: String, body: [UInt8], customAttributes: String? = nil) {
    self.status = status
    self.contentType = contentType
    self.body = body
    self.customAttributes = customAttributes
  }

  /// A text, as containers send their errors.
  package static func text(_ status: Int, _ text: String) -> ContainerReply {
    ContainerReply(status: status, contentType: "text/plain", body: Array(text.utf8))
  }
}

/// Always answers the same, or one reply after the other: for tests of error paths, soak, latency
/// and benchmarks.
package final class FixedReplyModel: InferenceModel {
  private let replies: [ContainerReply]
  private let delaySeconds: Double
  private let count = Locked(0)

  /// - Parameters:
  ///   - replies: one each in order; the last for ever after. Must not be empty.
  ///   - delayMilliseconds: how long the container takes.
  package init(_ replies: ContainerReply..., delayMilliseconds: Int = 0) {
    precondition(!replies.isEmpty, "a model without a reply")
    self.replies = replies
    delaySeconds = Double(delayMilliseconds) / 1000
  }

  /// JSON with status 200.
  package convenience init(json: String, delayMilliseconds: Int = 0) {
    self.init(
      ContainerReply(status: 200, contentType: "application/json", body: Array(json.utf8)),
      delayMilliseconds: delayMilliseconds)
  }

  /// How often it was asked.
  package var requestCount: Int { count.withLock { $0 } }

  /// The next reply.
  package func infer(contentType: String, accept: String, body: [UInt8]) throws -> ContainerReply {
    if delaySeconds > 0 { Thread.sleep(forTimeInterval: delaySeconds) }
    let index = count.withLock { count in
      defer { count += 1 }
      return min(count, replies.count - 1)
    }
    return replies[index]
  }
}
