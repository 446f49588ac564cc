import LoopbackServer

/// The invocations of one function: waiting for a runtime, in flight, or timed out.
///
/// Delivered in order, with as many in flight as the environment supports (one, except for Managed
/// Instances).
final class InvocationQueue: Sendable {
  private struct State {
    var waiting: [PendingInvocation] = []
    var runtimes: [WaitingNext] = []
    var inFlight: [String: PendingInvocation] = [:]
    /// Invocations in flight whose event has been sent completely.
    var delivered: Set<String> = []
    /// Request IDs whose deadline passed. Limited to 1000, so that memory does not grow in a soak
    /// test.
    var expired: [String] = []
    var isStopped = false
  }

  /// The meaning of a response's request ID.
  enum Claim {
    case current(PendingInvocation)
    case expired
    case unknown
  }

  private let maximumInFlight: Int
  private let state = Locked(State())

  init(maximumInFlight: Int) {
    self.maximumInFlight = maximumInFlight
  }

  // MARK: The client's side

  /// Queues an invocation. False when the emulator has stopped.
  func add(_ invocation: PendingInvocation) -> Bool {
    state.withLock { state in
      if state.isStopped { return false }
      state.waiting.append(invocation)
      match(&state)
      return true
    }
  }

  /// Removes an invocation whose deadline passed. False when a response has just arrived.
  func expire(_ invocation: PendingInvocation) -> Bool {
    state.withLock { state in
      let id = invocation.request.requestID
      guard state.inFlight[id] === invocation else { return false }
      land(id, &state)
      state.expired.append(id)
      if state.expired.count > 1000 { state.expired.removeFirst() }
      match(&state)
      return true
    }
  }

  // MARK: The runtime's side

  /// Registers a `/next`, which may be assigned an invocation at once. False when the maximum
  /// number of delivered invocations is waiting for a response.
  ///
  /// An invocation whose delivery failed does not count: its runtime may call again before
  /// `putBack`.
  func register(_ runtime: WaitingNext) -> Bool {
    state.withLock { state in
      if state.delivered.count >= maximumInFlight { return false }
      state.runtimes.append(runtime)
      match(&state)
      return true
    }
  }

  /// Ends a registration and returns the assigned invocation.
  func withdraw(_ runtime: WaitingNext) -> PendingInvocation? {
    state.withLock { state in
      state.runtimes.removeAll { $0 === runtime }
      return runtime.assigned
    }
  }

  /// Marks the event as completely sent to the runtime.
  func markDelivered(_ invocation: PendingInvocation) {
    state.withLock { state in
      let id = invocation.request.requestID
      if state.inFlight[id] === invocation { state.delivered.insert(id) }
    }
  }

  /// Returns an invocation that could not be delivered to the front of the queue.
  func putBack(_ invocation: PendingInvocation) {
    invocation.takeBack()
    state.withLock { state in
      guard land(invocation.request.requestID, &state) != nil else { return }
      state.waiting.insert(invocation, at: 0)
      match(&state)
    }
  }

  /// Finds the invocation of a response.
  func claim(_ requestID: String) -> Claim {
    state.withLock { state in
      if let invocation = state.inFlight[requestID] { return .current(invocation) }
      return state.expired.contains(requestID) ? .expired : .unknown
    }
  }

  /// Ends an invocation in flight or still waiting. False for an unknown ID.
  func finish(_ requestID: String, _ result: InvocationOutcome.Result) -> Bool {
    let found = state.withLock { state -> PendingInvocation? in
      defer { match(&state) }
      if let flying = land(requestID, &state) { return flying }
      guard let index = state.waiting.firstIndex(where: { $0.request.requestID == requestID })
      else { return nil }
      return state.waiting.remove(at: index)
    }
    found?.finish(result)
    return found != nil
  }

  /// Ends all invocations, waiting or in flight. With `isLast`, no more are accepted.
  func finishAll(isLast: Bool, _ result: (String) -> InvocationOutcome.Result) {
    let all = state.withLock { state in
      if isLast { state.isStopped = true }
      let all = Array(state.inFlight.values) + state.waiting
      state.inFlight = [:]
      state.delivered = []
      state.waiting = []
      return all
    }
    for invocation in all { invocation.finish(result(invocation.request.requestID)) }
  }

  /// Removes an invocation from those in flight.
  @discardableResult
  private func land(_ requestID: String, _ state: inout State) -> PendingInvocation? {
    state.delivered.remove(requestID)
    return state.inFlight.removeValue(forKey: requestID)
  }

  private func match(_ state: inout State) {
    while !state.waiting.isEmpty, !state.runtimes.isEmpty, state.inFlight.count < maximumInFlight {
      let runtime = state.runtimes.removeFirst()
      let invocation = state.waiting.removeFirst()
      state.inFlight[invocation.request.requestID] = invocation
      runtime.assigned = invocation
      runtime.wakeUp.signal()
    }
  }
}
