/// An execution environment together with the invocation that it runs. Busy ones are linked in the timing wheel,
/// idle ones by the time they became idle, unused ones in the free list.
struct Environment: BitwiseCopyable {
  enum Phase: UInt8, BitwiseCopyable {
    /// Init and the function's own part; then it calls the endpoint.
    case beforeCall
    /// It ends when due.
    case ending
    /// It ends when due, with a function error.
    case failing
    /// It ends when due by its timeout, and the environment with it.
    case timingOut
    /// No environment: the endpoint still works on a request that the function no longer waits for.
    case abandoned
    /// No environment: a worker of an asynchronous endpoint is busy with a request.
    case backlog
    case idle
  }

  /// When its next event is; when it became idle.
  var due: Microseconds = 0
  /// When the request arrived first.
  var arrived: Microseconds = 0
  /// When billing began: the start of init in a cold start.
  var billedFrom: Microseconds = 0
  /// When the handler began.
  var started: Microseconds = 0
  var next: Int32 = -1
  var previous: Int32 = -1
  /// Place in the order of creation; -1 for a provisioned one.
  var position: Int32 = -1
  /// The endpoint's instance that has the request, and which of the instances that had this place it is; -1 for none.
  var instance: Int32 = -1
  var instanceSerial: UInt32 = 0
  var phase: Phase = .idle
  /// Function errors and throttles that the event has had.
  var errors: UInt8 = 0
  var throttles: UInt8 = 0

  var isProvisioned: Bool { position < 0 }
  /// Whether its invocation had to wait for an init.
  var isCold: Bool { started > billedFrom }
}

/// All environments, reused; grows with the concurrency, never with the number of arrivals.
struct EnvironmentTable: ~Copyable {
  private var records = Buffer(repeating: Environment(), count: 256)
  private var free: Int32 = -1
  private var used: Int32 = 0

  subscript(id: Int32) -> Environment {
    @inline(__always) get { records[Int(id)] }
    @inline(__always) _modify { yield &records[Int(id)] }
  }

  /// Records that were ever in use.
  var capacity: Int { records.count }

  @inline(__always)
  mutating func allocate() -> Int32 {
    if free >= 0 {
      let id = free
      free = records[Int(id)].next
      return id
    }
    if Int(used) == records.count { records.grow(to: records.count * 2, filling: Environment()) }
    used += 1
    return used - 1
  }

  @inline(__always)
  mutating func release(_ id: Int32) {
    records[Int(id)].next = free
    free = id
  }
}
