/// The on-demand environments: which are idle, in the order of their creation and in the order in which they became
/// idle. The newest idle one takes a request; one that has been idle for its lifetime is gone.
struct OnDemandPool: ~Copyable {
  private let lifetime: Microseconds
  /// The environment created at each position, -1 for one that is gone. Later positions are newer.
  private var owners = Buffer<Int32>(repeating: -1, count: 4096)
  /// A bit for each position whose environment is idle, and a bit for each of those words that is not 0.
  private var idle = Buffer<UInt64>(repeating: 0, count: 64)
  private var summaries = Buffer<UInt64>(repeating: 0, count: 1)
  private var top = 0
  private var longestIdle: Int32 = -1
  private var latestIdle: Int32 = -1
  private(set) var count = 0

  init(idleLifetime: Microseconds) { lifetime = idleLifetime }

  /// Removes what has been idle for too long by now.
  @inline(__always)
  mutating func expire(_ now: Microseconds, _ table: inout EnvironmentTable) {
    while longestIdle >= 0, table[longestIdle].due &+ lifetime <= now {
      let id = longestIdle
      unmark(id, table[id].position, &table)
      forget(id, &table)
    }
  }

  /// Takes the newest idle environment, -1 when none is idle.
  @inline(__always)
  mutating func takeNewest(_ table: inout EnvironmentTable) -> Int32 {
    var index = summaries.count - 1
    while index >= 0, summaries[index] == 0 { index -= 1 }
    if index < 0 { return -1 }
    let word = index << 6 | (63 - summaries[index].leadingZeroBitCount)
    let position = word << 6 | (63 - idle[word].leadingZeroBitCount)
    let id = owners[position]
    unmark(id, Int32(position), &table)
    return id
  }

  /// A new environment, the newest, busy.
  mutating func create(_ table: inout EnvironmentTable) -> Int32 {
    if top == owners.count { makeRoom(&table) }
    let id = table.allocate()
    owners[top] = id
    table[id].position = Int32(top)
    top += 1
    count += 1
    return id
  }

  @inline(__always)
  mutating func becomeIdle(_ id: Int32, _ now: Microseconds, _ table: inout EnvironmentTable) {
    let position = Int(table[id].position)
    idle[position >> 6] |= 1 << UInt64(position & 63)
    summaries[position >> 12] |= 1 << UInt64((position >> 6) & 63)
    table[id].due = now
    table[id].phase = .idle
    table[id].next = -1
    table[id].previous = latestIdle
    if latestIdle < 0 { longestIdle = id } else { table[latestIdle].next = id }
    latestIdle = id
  }

  /// A busy environment is gone: its invocation timed out.
  mutating func discard(_ id: Int32, _ table: inout EnvironmentTable) { forget(id, &table) }

  @inline(__always)
  private mutating func unmark(_ id: Int32, _ place: Int32, _ table: inout EnvironmentTable) {
    let position = Int(place)
    let word = position >> 6
    idle[word] &= ~(1 << UInt64(position & 63))
    if idle[word] == 0 { summaries[word >> 6] &= ~(1 << UInt64(word & 63)) }
    let (before, after) = (table[id].previous, table[id].next)
    if before < 0 { longestIdle = after } else { table[before].next = after }
    if after < 0 { latestIdle = before } else { table[after].previous = before }
  }

  private mutating func forget(_ id: Int32, _ table: inout EnvironmentTable) {
    owners[Int(table[id].position)] = -1
    table.release(id)
    count -= 1
    while top > 0, owners[top - 1] < 0 { top -= 1 }
  }

  /// Closes the gaps that gone environments left; doubles when there are few.
  private mutating func makeRoom(_ table: inout EnvironmentTable) {
    if count > owners.count / 2 {
      let size = owners.count * 2
      owners.grow(to: size, filling: -1)
      idle.grow(to: size / 64, filling: 0)
      summaries.grow(to: size / 4096, filling: 0)
    }
    idle.fill(0..<idle.count, with: 0)
    summaries.fill(0..<summaries.count, with: 0)
    var packed = 0
    for position in 0..<top where owners[position] >= 0 {
      let id = owners[position]
      owners[position] = -1
      owners[packed] = id
      table[id].position = Int32(packed)
      if table[id].phase == .idle {
        idle[packed >> 6] |= 1 << UInt64(packed & 63)
        summaries[packed >> 12] |= 1 << UInt64((packed >> 6) & 63)
      }
      packed += 1
    }
    top = packed
  }
}
