/// The endpoint's instances. An instance serves its queue in order of arrival with a few workers, so a request's
/// end is known when it arrives: the earliest worker's free time, or now, plus its service time.
struct Fleet: ~Copyable {
  private let workers: Int
  private let byOutstanding: Bool
  /// When each worker is free; instance i has the workers from i × workers on.
  private var freeAt: Buffer<Microseconds>
  /// Distinguishes the instances that follow each other in one place.
  private var serials: Buffer<UInt32>
  private var load: LoadOrder
  private(set) var count = 0
  private(set) var instances = TimeIntegral(0)
  private var random: RandomBits

  struct Assignment {
    var instance: Int
    var serial: UInt32
    var completion: Microseconds
  }

  init(_ model: EndpointModel, seed: UInt64) {
    workers = model.workersPerInstance
    byOutstanding = model.routing == .leastOutstanding
    let most = max(1, model.instances, model.tracking?.maximum ?? 0)
    freeAt = Buffer(repeating: 0, count: most * workers)
    serials = Buffer(repeating: 0, count: most)
    load = LoadOrder(most)
    random = RandomBits(seed: seed, stream: 4)
    resize(to: model.instances, 0)
  }

  /// Instances in service from now on; the newest leave first, and finish what they have.
  mutating func resize(to newCount: Int, _ now: Microseconds) {
    while count > newCount {
      count -= 1
      serials[count] &+= 1
      if byOutstanding { load.remove(count) }
    }
    while count < newCount {
      freeAt.fill(count * workers..<(count + 1) * workers, with: now)
      if byOutstanding { load.add(count) }
      count += 1
    }
    instances.set(count, now)
  }

  /// Gives a request to an instance.
  @inline(__always)
  mutating func assign(_ now: Microseconds, service: Microseconds) -> Assignment {
    let instance = byOutstanding ? load.takeLeast() : random.next(below: count)
    var worker = instance * workers
    var earliest = freeAt[worker]
    if workers > 1 {
      for other in worker + 1..<(instance + 1) * workers where freeAt[other] < earliest {
        earliest = freeAt[other]
        worker = other
      }
    }
    let completion = max(now, earliest) + service
    freeAt[worker] = completion
    return Assignment(instance: instance, serial: serials[instance], completion: completion)
  }

  /// The instance has finished a request.
  @inline(__always)
  mutating func complete(_ instance: Int32, serial: UInt32) {
    if byOutstanding, instance >= 0, serials[Int(instance)] == serial {
      load.release(Int(instance))
    }
  }

  @inline(__always) var needsCompletions: Bool { byOutstanding }

  mutating func takeIntegral(_ now: Microseconds) -> Double { instances.take(now) }
}
