/// The queue of an asynchronous endpoint before its instances' workers. Instances that leave finish what they have.
struct Backlog {
  struct Request: BitwiseCopyable {
    var arrived: Microseconds
    var submitted: Microseconds
    var service: Microseconds
  }

  /// A request waits at most this long: the default of `X-Amzn-SageMaker-RequestTTLSeconds`.
  static let longestWait = 6 * Microseconds.hour

  private let workers: Int
  private var waiting: [Request] = []
  private var head = 0
  private(set) var underWay = 0
  private(set) var instances: TimeIntegral
  /// Waiting and under way, for `ApproximateBacklogSize`.
  private(set) var size = TimeIntegral(0)

  init(_ model: EndpointModel) {
    workers = model.workersPerInstance
    instances = TimeIntegral(model.instances)
  }

  var count: Int { waiting.count - head + underWay }
  var isEmpty: Bool { count == 0 }

  mutating func add(_ request: Request, _ now: Microseconds) {
    waiting.append(request)
    size.set(count, now)
  }

  /// The next request that a free worker can take; nil when there is none.
  mutating func startNext(_ now: Microseconds) -> Request? {
    guard head < waiting.count, underWay < instances.level * workers else { return nil }
    let request = waiting[head]
    head += 1
    if head > 4096 {
      waiting.removeFirst(head)
      head = 0
    }
    underWay += 1
    size.set(count, now)
    return request
  }

  /// Takes back a request that ``startNext(_:)`` gave and that is too old.
  mutating func finish(_ now: Microseconds) {
    underWay -= 1
    size.set(count, now)
  }

  mutating func resize(to count: Int, _ now: Microseconds) { instances.set(count, now) }

  mutating func takeInstances(_ now: Microseconds) -> Double { instances.take(now) }

  /// The average of the size since the last call, in requests × µs.
  mutating func takeSize(_ now: Microseconds) -> Double { size.take(now) }
}
