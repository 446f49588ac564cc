/// Messages of a queue, in batches.
extension Simulator {
  mutating func enqueue(_ now: Microseconds) {
    messages.add(MessageQueue.Message(arrived: now, visible: now))
    meter.outcome.longestQueue = max(meter.outcome.longestQueue, messages.waitingCount)
    if !isPolling { messages.beginPolling(now) }
    dispatch(now)
    planPoll(now)
  }

  mutating func poll(_ now: Microseconds) {
    isPolling = false
    messages.adjust(now)
    dispatch(now)
    planPoll(now)
  }

  private mutating func planPoll(_ now: Microseconds) {
    if isPolling { return }
    guard let next = messages.nextPoll(now) else { return }
    isPolling = true
    agenda.add(.pollQueue, at: next)
  }

  /// Starts invocations as far as the mapping and the function allow.
  private mutating func dispatch(_ now: Microseconds) {
    while messages.hasRoom, let batch = messages.takeBatch(now) {
      let isCounted = meter.isCounted(batch[0].arrived)
      let id = admit(now, isCounted: isCounted)
      if id < 0 {
        if isCounted { countThrottle(ThrottleReason(rawValue: -id) ?? .concurrency) }
        messages.putBack(batch, now)
        return
      }
      messages.active += 1
      beginBatch(id, batch, now, isCounted: isCounted)
    }
  }

  private mutating func beginBatch(
    _ id: Int32, _ batch: [MessageQueue.Message], _ now: Microseconds, isCounted: Bool
  ) {
    let received = batch.map { message in
      var message = message
      message.receives += 1
      message.received = now
      return message
    }
    messages.setBatch(received, of: id)
    table[id].arrived = batch[0].arrived
    table[id].errors = 0
    table[id].throttles = 0
    let isWaiting = hasEndpoint && !isBacklogged
    start(
      id, now, own: isWaiting ? ownTimeOfWave(messages.nextWave(of: id)) : ownTimeOfBatch(id),
      isCounted: isCounted)
  }

  /// Messages of a wave are worked on at once, so the slowest counts.
  private mutating func ownTimeOfWave(_ wave: Range<Int>) -> Microseconds {
    var longest: Microseconds = 0
    for _ in wave { longest = max(longest, ownDuration.draw()) }
    return longest
  }

  private mutating func ownTimeOfBatch(_ id: Int32) -> Microseconds {
    var sum: Microseconds = 0
    for start in stride(from: 0, to: messages.size(of: id), by: messages.parallel) {
      sum += ownTimeOfWave(start..<min(messages.size(of: id), start + messages.parallel))
    }
    return sum
  }

  mutating func callEndpointForBatch(_ id: Int32, _ now: Microseconds) {
    let wave = messages.nextWave(of: id)
    let isCounted = meter.isCounted(table[id].arrived)
    var last = now
    for index in wave {
      callsOfMinute += 1
      guard let call = call(now, isCounted: isCounted) else {
        messages.setDone(id, index, at: now, hasFailed: true)
        continue
      }
      if needsCompletions { leaveBehind(call) }
      let done = min(call.completion, call.limit)
      last = max(last, done)
      messages.setDone(id, index, at: done, hasFailed: call.completion > call.limit)
    }
    messages.advance(id, past: wave)
    let next = messages.nextWave(of: id)
    if !next.isEmpty { last += ownTimeOfWave(next) }
    let limit = table[id].started + timeout
    table[id].instance = -1
    table[id].due = min(last, limit)
    table[id].phase = last > limit ? .timingOut : next.isEmpty ? .ending : .beforeCall
    wheel.insert(id, &table)
  }

  /// An invocation of a batch ends: what failed becomes visible again later, by message.
  mutating func endBatch(_ id: Int32, _ now: Microseconds, hasFailed: Bool) {
    let environment = table[id]
    let batch = messages.takeBatch(of: id)
    release(id, now, isCounted: meter.isCounted(environment.arrived))
    messages.active -= 1
    if hasFailed, meter.isCounted(environment.arrived) {
      meter.outcome.functionErrors += 1
      meter.outcome.timeouts += 1
    }
    for message in batch {
      let isItsOwn = !hasFailed && !message.hasFailed && untilError == 0
      if isItsOwn {
        drawUntilError()
      } else if !hasFailed && !message.hasFailed {
        untilError -= 1
        if isBacklogged {
          submit(arrived: message.arrived, now)
        } else {
          meter.completed(
            arrived: message.arrived, message.done > 0 ? message.done : now,
            isCold: environment.isCold)
        }
        continue
      }
      let isCounted = meter.isCounted(message.arrived)
      if messages.hide(message, now) {
        if isCounted { meter.outcome.retriesAfterError += 1 }
        continue
      }
      if isCounted {
        meter.outcome.lost.retriesExhausted += 1
        if isItsOwn { meter.outcome.failedByItself += 1 }
      }
      meter.gaveUp(arrived: message.arrived, now, isCold: environment.isCold)
    }
    dispatch(now)
    planPoll(now)
  }
}
