import LoopbackServer

/// The invocations of one function: waiting for a runtime, in flight, or too late.
///
/// Served in order; as many in flight at once as the environment takes (one, but for Managed
/// Instances).
final class InvocationQueue: Sendable {
  private struct State {
    var waiting: [PendingInvocation] = []
    var runtimes: [WaitingNext] = []
    var inFlight: [String: PendingInvocation] = [:]
    /// Of those in flight, the ones whose event the runtime has been sent whole.
    var delivered: Set<String> = []
    /// Request ids whose deadline passed; the last 1000, so that a soak does not grow.
    var expired: [String] = []
    var isStopped = false
  }

  /// What an answer's request id stands for.
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

  /// Takes an invocation out whose deadline passed. False when it has just been answered.
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

  /// Registers a `/next`, which may be given an invocation at once. False: as many have been
  /// delivered and not answered as may be.
  ///
  /// One whose delivery broke does not count: its runtime may ask again before `putBack` is called.
  func register(_ runtime: WaitingNext) -> Bool {
    state.withLock { state in
      if state.delivered.count >= maximumInFlight { return false }
      state.runtimes.append(runtime)
      match(&state)
      return true
    }
  }

  /// Ends a registration; returns what it was given.
  func withdraw(_ runtime: WaitingNext) -> PendingInvocation? {
    state.withLock { state in
      state.runtimes.removeAll { $0 === runtime }
      return runtime.assigned
    }
  }

  /// Says that the runtime has been sent the whole event.
  func markDelivered(_ invocation: PendingInvocation) {
    state.withLock { state in
      let id = invocation.request.requestID
      if state.inFlight[id] === invocation { state.delivered.insert(id) }
    }
  }

  /// Puts back, in front, an invocation that could not be handed over.
  func putBack(_ invocation: PendingInvocation) {
    invocation.takeBack()
    state.withLock { state in
      guard land(invocation.request.requestID, &state) != nil else { return }
      state.waiting.insert(invocation, at: 0)
      match(&state)
    }
  }

  /// Who an answer with this request id is for.
  func claim(_ requestID: String) -> Claim {
    state.withLock { state in
      if let invocation = state.inFlight[requestID] { return .current(invocation) }
      return state.expired.contains(requestID) ? .expired : .unknown
    }
  }

  /// Ends an invocation in flight or still waiting. False when there is none with this id.
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

  /// Ends everything, waiting or in flight; with `isLast`, nothing more is taken.
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

  /// Ends an invocation's time in flight.
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
