import LoopbackServer

/// The last invocations of the session.
final class InvocationHistory: Sendable {
  private static let maximumCount = 200
  private static let maximumBytes = 64 << 20

  private struct State {
    var records: [InvocationRecord] = []
    var bytes = 0
    var lastNumber = 0
    var waiting: [WakeUp] = []
  }

  private let state = Locked(State())

  /// Numbers and keeps a record; the oldest ones go when there are too many.
  func add(_ record: InvocationRecord) -> InvocationRecord {
    state.withLock { state in
      var record = record
      state.lastNumber += 1
      record.number = state.lastNumber
      state.records.append(record)
      state.bytes += record.size
      while state.records.count > Self.maximumCount
        || (state.bytes > Self.maximumBytes && state.records.count > 1)
      {
        state.bytes -= state.records.removeFirst().size
      }
      state.waiting.forEach { $0.signal() }
      return record
    }
  }

  /// The records after a number, oldest first.
  func records(after number: Int) -> [InvocationRecord] {
    state.withLock { $0.records.filter { $0.number > number } }
  }

  subscript(number: Int) -> InvocationRecord? {
    state.withLock { $0.records.first { $0.number == number } }
  }

  /// Waits until there is a record after a number (true), or the client has gone (false).
  func wait(after number: Int, for connection: LoopbackConnection) throws -> Bool {
    let wakeUp = try WakeUp()
    let isThere = state.withLock { state in
      if state.lastNumber > number { return true }
      state.waiting.append(wakeUp)
      return false
    }
    if isThere { return true }
    defer { state.withLock { $0.waiting.removeAll { $0 === wakeUp } } }
    return connection.wait(for: wakeUp)
  }
}
