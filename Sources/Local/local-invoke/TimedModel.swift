import Foundation
import LocalAWS
import LoopbackServer

/// Measures how long the model itself takes, so that the rest of an invocation can be measured
/// separately.
final class TimedModel: InferenceModel {
  private let model: any InferenceModel
  private let milliseconds = Locked(0.0)

  init(_ model: any InferenceModel) {
    self.model = model
  }

  /// The model's time since the last call; of images at the same time the sum.
  func takeMilliseconds() -> Double {
    milliseconds.withLock { total in
      defer { total = 0 }
      return total
    }
  }

  func infer(contentType: String, accept: String, body: [UInt8]) throws -> ContainerReply {
    try timed { try model.infer(contentType: contentType, accept: accept, body: body) }
  }

  func infer(_ request: ContainerRequest) throws -> ContainerReply {
    try timed { try model.infer(request) }
  }

  private func timed(_ body: () throws -> ContainerReply) rethrows -> ContainerReply {
    let start = DispatchTime.now().uptimeNanoseconds
    defer {
      let end = DispatchTime.now().uptimeNanoseconds
      milliseconds.withLock { $0 += Double(end - start) / 1_000_000 }
    }
    return try body()
  }
}
