import Foundation
import LoopbackServer

/// The container behind the endpoint: `POST /invocations`.
package protocol InferenceModel: Sendable {
  /// Responds to one request. A thrown error counts as a container that is unreachable or times
  /// out.
  func infer(contentType: String, accept: String, body: [UInt8]) throws -> ContainerReply

  /// The same with all data that SageMaker passes on. The default implementation calls the method
  /// above.
  func infer(_ request: ContainerRequest) throws -> ContainerReply
}

extension InferenceModel {
  /// Passes on content type, accept, and body.
  package func infer(_ request: ContainerRequest) throws -> ContainerReply {
    try infer(contentType: request.contentType, accept: request.accept, body: request.body)
  }
}

/// A request from SageMaker to a container.
package struct ContainerRequest: Sendable {
  /// The client's `Content-Type`.
  package let contentType: String
  /// The client's `Accept`; empty when missing.
  package let accept: String
  /// `X-Amzn-SageMaker-Custom-Attributes`.
  package let customAttributes: String?
  package let body: [UInt8]
  /// The objects that the container can fetch.
  package let objects: LocalObjects
}

package struct ContainerReply: Sendable, Equatable {
  /// 2xx is passed on as 200; any other status becomes a ModelError.
  package var status: Int
  /// `Content-Type` of the body.
  package var contentType: String
  package var body: [UInt8]
  /// `X-Amzn-SageMaker-Custom-Attributes` of the response.
  package var customAttributes: String?

  package init(status: Int, contentType: String, body: [UInt8], customAttributes: String? = nil) {
    self.status = status
    self.contentType = contentType
    self.body = body
    self.customAttributes = customAttributes
  }

  /// Plain text, the usual form of a container's errors.
  package static func text(_ status: Int, _ text: String) -> ContainerReply {
    ContainerReply(status: status, contentType: "text/plain", body: Array(text.utf8))
  }
}

/// Returns fixed replies in sequence. For tests of error paths, latency, and soak, and for
/// benchmarks.
package final class FixedReplyModel: InferenceModel {
  private let replies: [ContainerReply]
  private let delaySeconds: Double
  private let count = Locked(0)

  /// - Parameters:
  ///   - replies: one per request in order; the last one is repeated. Must not be empty.
  ///   - delayMilliseconds: the container's response time.
  package init(_ replies: ContainerReply..., delayMilliseconds: Int = 0) {
    precondition(!replies.isEmpty, "replies must not be empty")
    self.replies = replies
    delaySeconds = Double(delayMilliseconds) / 1000
  }

  package convenience init(json: String, delayMilliseconds: Int = 0) {
    self.init(
      ContainerReply(status: 200, contentType: "application/json", body: Array(json.utf8)),
      delayMilliseconds: delayMilliseconds)
  }

  /// The number of requests so far.
  package var requestCount: Int { count.withLock { $0 } }

  package func infer(contentType: String, accept: String, body: [UInt8]) throws -> ContainerReply {
    if delaySeconds > 0 { Thread.sleep(forTimeInterval: delaySeconds) }
    let index = count.withLock { count in
      defer { count += 1 }
      return min(count, replies.count - 1)
    }
    return replies[index]
  }
}
