/// An SQS queue and how many batches of it Lambda works on at once.
///
/// The allowed concurrency starts at 5 (provisioned mode: 10 for each poller), grows by 300 a minute (1,000) while
/// messages wait, and shrinks as fast while none do. The documents give the growth; the shrinking, and that throttling
/// halves it, are assumed.
struct MessageQueue {
  struct Message {
    let arrived: Microseconds
    /// When it became visible.
    var visible: Microseconds
    var receives = 0
    /// When it was handed to an invocation; when the endpoint had answered for it.
    var received: Microseconds = 0
    var done: Microseconds = 0
    var hasFailed = false
  }

  let batchSize: Int
  let window: Microseconds
  let parallel: Int
  let maximumReceives: Int
  private let visibility: Microseconds
  private let floor: Double
  private let ceiling: Double
  private let growth: Double
  private let isProvisioned: Bool

  private var waiting: [Message] = []
  private var head = 0
  /// Failed messages until they are visible again, in the order of that moment.
  private var hidden: [Message] = []
  private var hiddenHead = 0
  private(set) var limit: Double
  private var adjusted: Microseconds = 0
  private(set) var pollers: TimeIntegral
  var active = 0
  /// The batch of each environment, and its next message.
  private var batches: [[Message]] = []
  private var nextOfBatch: [Int] = []

  init(_ function: FunctionModel) {
    let model = function.queue
    batchSize = model.batchSize
    window = model.window.microseconds
    parallel = model.parallel
    maximumReceives = model.maximumReceives
    visibility =
      (model.visibilityTimeout ?? function.timeout * 6 + model.window).microseconds
    floor = Double(model.floor)
    ceiling = Double(model.ceiling)
    growth = model.growthPerSecond
    isProvisioned = model.pollers != nil
    limit = Double(model.floor)
    pollers = TimeIntegral(model.pollers?.lowerBound ?? 0)
  }

  var waitingCount: Int { waiting.count - head }
  private var hiddenCount: Int { hidden.count - hiddenHead }
  var isEmpty: Bool { waitingCount == 0 && hiddenCount == 0 && active == 0 }
  var hasRoom: Bool { Double(active + 1) <= limit + 1e-9 }

  mutating func add(_ message: Message) { waiting.append(message) }

  /// The next batch, nil while none is complete and the window of the oldest message is open.
  mutating func takeBatch(_ now: Microseconds) -> [Message]? {
    while hiddenCount > 0, hidden[hiddenHead].visible <= now {
      waiting.append(hidden[hiddenHead])
      hiddenHead += 1
      if hiddenHead > 4096 {
        hidden.removeFirst(hiddenHead)
        hiddenHead = 0
      }
    }
    guard waitingCount > 0, waitingCount >= batchSize || now - waiting[head].visible >= window
    else { return nil }
    let count = min(batchSize, waitingCount)
    let batch = Array(waiting[head..<head + count])
    head += count
    if head > 65_536 || head == waiting.count {
      waiting.removeFirst(head)
      head = 0
    }
    return batch
  }

  /// Nothing could run the batch: it stays first.
  mutating func putBack(_ batch: [Message], _ now: Microseconds) {
    waiting.replaceSubrange(0..<head, with: batch)
    head = 0
    limit = max(floor, limit / 2)
    notePollers(now)
  }

  /// A failed message: hidden until its visibility timeout ends.
  ///
  /// - Returns: false when it was received for the last time.
  mutating func hide(_ message: Message, _ now: Microseconds) -> Bool {
    guard message.receives < maximumReceives else { return false }
    var message = message
    let earlier = hiddenCount > 0 ? hidden[hidden.count - 1].visible : 0
    message.visible = max(earlier, now, message.received + visibility)
    message.hasFailed = false
    hidden.append(message)
    return true
  }

  /// Lets the allowed concurrency follow the time since it was looked at last.
  mutating func adjust(_ now: Microseconds) {
    let change = growth * Double(now - adjusted) / 1e6
    limit =
      waitingCount > 0 && !hasRoom ? min(ceiling, limit + change) : max(floor, limit - change)
    adjusted = now
    notePollers(now)
  }

  /// Time before now does not count for the next adjustment.
  mutating func beginPolling(_ now: Microseconds) { adjusted = now }

  private mutating func notePollers(_ now: Microseconds) {
    guard isProvisioned else { return }
    let count = (limit / Double(QueueModel.concurrencyPerPoller)).rounded(.up)
    pollers.set(Int(count), now)
  }

  mutating func takePollers(_ now: Microseconds) -> Double { pollers.take(now) }

  /// When it should be looked at again; nil when only an arrival changes anything.
  func nextPoll(_ now: Microseconds) -> Microseconds? {
    var next = Microseconds.never
    if waitingCount > 0 {
      next = now + .second
      // A window that has passed means that the function was throttled: that is looked at each second.
      let endOfWindow = waiting[head].visible + window
      if hasRoom, waitingCount < batchSize, endOfWindow > now { next = min(next, endOfWindow) }
    }
    if hiddenCount > 0 { next = min(next, hidden[hiddenHead].visible) }
    if limit > floor { next = min(next, now + .second) }
    return next == .never ? nil : max(next, now + 1)
  }

  mutating func setBatch(_ batch: [Message], of id: Int32) {
    while batches.count <= Int(id) {
      batches.append([])
      nextOfBatch.append(0)
    }
    batches[Int(id)] = batch
    nextOfBatch[Int(id)] = 0
  }

  mutating func takeBatch(of id: Int32) -> [Message] {
    defer { batches[Int(id)] = [] }
    return batches[Int(id)]
  }

  /// The messages that are worked on next, together.
  func nextWave(of id: Int32) -> Range<Int> {
    let from = nextOfBatch[Int(id)]
    return from..<min(batches[Int(id)].count, from + parallel)
  }

  mutating func advance(_ id: Int32, past wave: Range<Int>) {
    nextOfBatch[Int(id)] = wave.upperBound
  }

  func size(of id: Int32) -> Int { batches[Int(id)].count }

  mutating func setDone(_ id: Int32, _ index: Int, at time: Microseconds, hasFailed: Bool) {
    batches[Int(id)][index].done = time
    batches[Int(id)][index].hasFailed = hasFailed
  }
}
