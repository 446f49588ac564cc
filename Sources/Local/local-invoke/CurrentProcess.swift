import Foundation

/// The one process of the function, and the invocation it is working on.
final class CurrentProcess: @unchecked Sendable {
  private let lock = NSLock()
  private var running: FunctionProcess?
  private var invocation: (requestID: String, process: FunctionProcess)?
  private var isEnded = false

  var process: FunctionProcess? { lock.withLock { running } }

  /// Makes a process the current one; throws once `end` has been called.
  func start(_ make: () throws -> FunctionProcess) throws -> FunctionProcess {
    try lock.withLock {
      if isEnded { throw CancellationError() }
      let process = try make()
      running = process
      return process
    }
  }

  func begin(_ requestID: String, in process: FunctionProcess) {
    lock.withLock { invocation = (requestID, process) }
  }

  func finish() {
    lock.withLock { invocation = nil }
  }

  /// The invocation that a process is working on.
  func requestID(in process: FunctionProcess) -> String? {
    lock.withLock { invocation?.process === process ? invocation?.requestID : nil }
  }

  /// Ends the process, and lets no other start.
  func end() {
    let process = lock.withLock {
      isEnded = true
      return running
    }
    process?.kill()
  }
}
