/// Instances by their outstanding requests: a queue for each number, so that the least loaded is found at once. Of
/// equally loaded ones the one that has been so for longest is taken.
struct LoadOrder: ~Copyable {
  private struct Link: BitwiseCopyable {
    var previous: Int32 = -1
    var next: Int32 = -1
    var load: Int32 = -1
  }

  private var links: Buffer<Link>
  private var first = Buffer<Int32>(repeating: -1, count: 64)
  private var last = Buffer<Int32>(repeating: -1, count: 64)
  private var least = 0

  init(_ capacity: Int) { links = Buffer(repeating: Link(), count: capacity) }

  mutating func add(_ instance: Int) { append(instance, load: 0) }

  mutating func remove(_ instance: Int) { unlink(instance) }

  /// The least loaded, with one request more.
  @inline(__always)
  mutating func takeLeast() -> Int {
    while first[least] < 0 { least += 1 }
    let instance = Int(first[least])
    unlink(instance)
    append(instance, load: least + 1)
    return instance
  }

  @inline(__always)
  mutating func release(_ instance: Int) {
    let load = Int(links[instance].load)
    unlink(instance)
    append(instance, load: load - 1)
  }

  @inline(__always)
  private mutating func append(_ instance: Int, load: Int) {
    if load >= first.count {
      first.grow(to: first.count * 2, filling: -1)
      last.grow(to: last.count * 2, filling: -1)
    }
    let tail = last[load]
    links[instance] = Link(previous: tail, next: -1, load: Int32(load))
    if tail < 0 { first[load] = Int32(instance) } else { links[Int(tail)].next = Int32(instance) }
    last[load] = Int32(instance)
    if load < least { least = load }
  }

  @inline(__always)
  private mutating func unlink(_ instance: Int) {
    let link = links[instance]
    let load = Int(link.load)
    if link.previous < 0 {
      first[load] = link.next
    } else {
      links[Int(link.previous)].next = link.next
    }
    if link.next < 0 {
      last[load] = link.previous
    } else {
      links[Int(link.next)].previous = link.previous
    }
  }
}
