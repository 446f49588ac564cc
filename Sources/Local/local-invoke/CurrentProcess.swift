import Foundation

/// The current process of the function and its invocation.
final class CurrentProcess: @unchecked Sendable {
  private let lock = NSLock()
  private var running: FunctionProcess?
  private var invocation: (requestID: String, process: FunctionProcess)?
  private var isEnded = false

  var process: FunctionProcess? { lock.withLock { running } }

  /// Starts a process and makes it current; throws after `end`.
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

  /// The current invocation of a process.
  func requestID(in process: FunctionProcess) -> String? {
    lock.withLock { invocation?.process === process ? invocation?.requestID : nil }
  }

  /// Ends the process and prevents another start.
  func end() {
    let process = lock.withLock {
      isEnded = true
      return running
    }
    process?.kill()
  }
}
