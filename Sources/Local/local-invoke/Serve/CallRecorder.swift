import LocalAWS
import LoopbackServer
import Foundation
import RuntimeEmulator

/// A call of the function to an emulated service.
struct RecordedCall: Sendable {
  let service: LocalService
  let operation: String
  /// `s3://BUCKET/KEY`, the name of the endpoint, or the path of another request.
  let resource: String
  let bucket: String?
  let key: String?
  let startMicroseconds: Int64
  /// Nil while the service has not answered.
  var endMicroseconds: Int64?
  /// Nil if the service did not answer.
  var status: Int?
  let requestBytes: Int
  var responseBytes = 0
  let isInjected: Bool
  /// The document of a PutObject.
  let upload: [UInt8]?
}

/// Records the calls of an invocation, and injects the chosen fault into them.
final class CallRecorder: ServiceMonitor {
  /// A fault, and how often it occurs.
  struct ChosenFault: Sendable, Equatable {
    let fault: ServiceFault
    /// In each invocation only in the first call to the service, so that a retry succeeds.
    let isFirstCallOnly: Bool
  }

  private struct State {
    var calls: [(identifier: ObjectIdentifier, call: RecordedCall)] = []
    var openCalls: [ObjectIdentifier: ServiceCall] = [:]
    var chosen: ChosenFault?
  }

  /// A stored document is kept for the page up to this size.
  private static let maximumUploadBytes = 1 << 20
  private static let maximumCalls = 1000

  private let state = Locked(State())

  var fault: ChosenFault? {
    get { state.withLock { $0.chosen } }
    set { state.withLock { $0.chosen = newValue } }
  }

  func began(_ call: ServiceCall) -> ServiceFault? {
    state.withLock { state in
      let fault = state.chosen.flatMap { chosen -> ServiceFault? in
        guard chosen.fault.service == call.service else { return nil }
        let isRepeated = state.calls.contains { $0.call.service == call.service }
        return chosen.isFirstCallOnly && isRepeated ? nil : chosen.fault
      }
      state.openCalls[ObjectIdentifier(call)] = call
      if state.calls.count < Self.maximumCalls {
        state.calls.append((ObjectIdentifier(call), Self.record(call, isInjected: fault != nil)))
      }
      return fault
    }
  }

  func ended(_ call: ServiceCall, status: Int?, responseBytes: Int) {
    let end = monotonicMicroseconds()
    state.withLock { state in
      let identifier = ObjectIdentifier(call)
      // Held until here, so that no other call gets the same identifier.
      state.openCalls[identifier] = nil
      guard let index = state.calls.lastIndex(where: { $0.identifier == identifier }) else {
        return
      }
      state.calls[index].call.endMicroseconds = end
      state.calls[index].call.status = status
      state.calls[index].call.responseBytes = responseBytes
    }
  }

  /// Forgets the calls before an invocation, for example those of another program.
  func begin() {
    state.withLock { $0.calls = [] }
  }

  /// The calls since `begin`, in the order of their beginnings. A response that is still being sent has up to a second
  /// to end.
  func take() -> [RecordedCall] {
    for _ in 0..<200 where state.withLock({ !$0.openCalls.isEmpty }) {
      Thread.sleep(forTimeInterval: 0.005)
    }
    return state.withLock { state in
      defer { state.calls = [] }
      return state.calls.map(\.call)
    }
  }

  private static func record(_ call: ServiceCall, isInjected: Bool) -> RecordedCall {
    let object = call.object
    let isUpload = call.operation == "PutObject"
    return RecordedCall(
      service: call.service, operation: call.operation,
      resource: object.map { "s3://\($0.bucket)/\($0.key)" } ?? endpoint(call) ?? call.request.path,
      bucket: object?.bucket, key: object?.key, startMicroseconds: monotonicMicroseconds(),
      requestBytes: call.request.body.count, isInjected: isInjected,
      upload: isUpload && call.request.body.count <= maximumUploadBytes ? call.request.body : nil)
  }

  /// The name in `/endpoints/NAME/invocations`.
  private static func endpoint(_ call: ServiceCall) -> String? {
    let parts = call.request.path.split(separator: "/")
    return call.service == .sageMaker && parts.count == 3 ? String(parts[1]) : nil
  }
}
