/// The events of busy environments by time: a hierarchical timing wheel. Level 0 has buckets of a few
/// microseconds in which events are kept sorted; each higher level's bucket covers the whole wheel below it, and is
/// dealt out when its time comes. Insertion and removal cost the same whatever the number of events. Equal times leave
/// in the order in which they came.
///
/// Source: Varghese and Lauck, "Hashed and hierarchical timing wheels", 1987.
struct TimingWheel: ~Copyable {
  private static let bits = 12
  private static let buckets = 1 << bits
  private static let levels = 5
  private static let words = buckets / 64

  /// Level 0's buckets are 2^shift µs wide.
  private let shift: Int
  /// The bucket of level 0, counted from time 0, that was emptied last. Never later than the simulation's now.
  private var cursor: Int64 = 0
  private var first = Buffer<Int32>(repeating: -1, count: levels * buckets)
  private var last = Buffer<Int32>(repeating: -1, count: levels * buckets)
  private var occupied = Buffer<UInt64>(repeating: 0, count: levels * words)
  /// A bit for each word of `occupied` that is not 0, one word a level.
  private var summaries = Buffer<UInt64>(repeating: 0, count: levels)
  private(set) var count = 0

  /// - Parameter eventsPerSecond: the most to expect; buckets get so narrow that about one falls into each.
  init(eventsPerSecond: Double) {
    var shift = 0
    while shift < 16, Double(1 << (shift + 1)) * eventsPerSecond < 1e6 { shift += 1 }
    self.shift = shift
  }

  @inline(__always)
  mutating func insert(_ id: Int32, _ table: inout EnvironmentTable) {
    count += 1
    place(id, &table)
  }

  @inline(__always)
  private mutating func place(_ id: Int32, _ table: inout EnvironmentTable) {
    let due = table[id].due
    let tick = due >> Int64(shift)
    let differing = UInt64(bitPattern: tick ^ cursor)
    guard differing >= UInt64(Self.buckets) else {
      insertSorted(id, due, bucket: Int(tick) & (Self.buckets - 1), &table)
      return
    }
    let level = (63 - differing.leadingZeroBitCount) / Self.bits
    let bucket = Int(tick >> Int64(Self.bits * level)) & (Self.buckets - 1)
    append(id, level: level, bucket: bucket, &table)
  }

  @inline(__always)
  private mutating func insertSorted(
    _ id: Int32, _ due: Microseconds, bucket: Int, _ table: inout EnvironmentTable
  ) {
    let tail = last[bucket]
    if tail < 0 || table[tail].due <= due {
      append(id, level: 0, bucket: bucket, &table)
      return
    }
    var before: Int32 = -1
    var after = first[bucket]
    while table[after].due <= due {
      before = after
      after = table[after].next
    }
    table[id].next = after
    if before < 0 { first[bucket] = id } else { table[before].next = id }
  }

  @inline(__always)
  private mutating func append(
    _ id: Int32, level: Int, bucket: Int, _ table: inout EnvironmentTable
  ) {
    let index = level * Self.buckets + bucket
    let tail = last[index]
    last[index] = id
    table[id].next = -1
    if tail >= 0 {
      table[tail].next = id
      return
    }
    first[index] = id
    occupied[level * Self.words + bucket >> 6] |= 1 << UInt64(bucket & 63)
    summaries[level] |= 1 << UInt64(bucket >> 6)
  }

  /// Removes the earliest event that is due at `limit` or before; -1 when there is none.
  @inline(__always)
  mutating func removeFirst(until limit: Microseconds, _ table: inout EnvironmentTable) -> Int32 {
    if count == 0 { return -1 }
    repeat {
      let bucket = firstOccupied(level: 0, from: Int(cursor) & (Self.buckets - 1))
      if bucket >= 0 {
        let id = first[bucket]
        if table[id].due > limit { return -1 }
        let after = table[id].next
        first[bucket] = after
        if after < 0 { markEmpty(level: 0, bucket: bucket) }
        cursor = (cursor & ~Int64(Self.buckets - 1)) | Int64(bucket)
        count -= 1
        return id
      }
    } while dealOut(until: limit, &table)
    return -1
  }

  /// Moves the earliest bucket of the higher levels down, unless it begins after the limit.
  @inline(never)
  private mutating func dealOut(until limit: Microseconds, _ table: inout EnvironmentTable) -> Bool
  {
    for level in 1..<Self.levels {
      let width = Int64(Self.bits * level)
      let current = Int(cursor >> width) & (Self.buckets - 1)
      let bucket = firstOccupied(level: level, from: current + 1)
      if bucket < 0 { continue }
      let above = width + Int64(Self.bits)
      let start = (cursor >> above) << above | Int64(bucket) << width
      if start > limit >> Int64(shift) { return false }
      cursor = start
      let index = level * Self.buckets + bucket
      var id = first[index]
      first[index] = -1
      markEmpty(level: level, bucket: bucket)
      while id >= 0 {
        let after = table[id].next
        place(id, &table)
        id = after
      }
      return true
    }
    return false
  }

  @inline(__always)
  private mutating func markEmpty(level: Int, bucket: Int) {
    last[level * Self.buckets + bucket] = -1
    let word = bucket >> 6
    occupied[level * Self.words + word] &= ~(1 << UInt64(bucket & 63))
    if occupied[level * Self.words + word] == 0 { summaries[level] &= ~(1 << UInt64(word)) }
  }

  @inline(__always)
  private func firstOccupied(level: Int, from bucket: Int) -> Int {
    if bucket >= Self.buckets { return -1 }
    let word = bucket >> 6
    let here = occupied[level * Self.words + word] & (UInt64.max << UInt64(bucket & 63))
    if here != 0 { return word << 6 | here.trailingZeroBitCount }
    // A shift by 64 gives 0.
    let later = summaries[level] & ((UInt64.max << UInt64(word)) << 1)
    if later == 0 { return -1 }
    let found = later.trailingZeroBitCount
    return found << 6 | occupied[level * Self.words + found].trailingZeroBitCount
  }
}
