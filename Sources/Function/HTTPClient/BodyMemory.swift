import Glibc
import Synchronization

/// The memory of large bodies, apart from the heap and used again.
///
/// In the heap, what is allocated after a body has been freed may end up in the middle of its place, so that the next
/// body of the same size finds no room there, and the process holds the bytes of two.
struct BodyMemory {
  struct Region: Equatable {
    let address: UInt
    var byteCount: Int
  }

  /// Smaller bodies come from the heap: something else soon uses their places.
  static let minimumBytes = 1 << 16
  private static let pageBytes = 4096
  /// That of all loops of the process.
  private static let shared = Mutex(BodyMemory())

  /// Not in use, by size.
  private(set) var spare: [Region] = []
  private(set) var spareBytes = 0
  private(set) var usedBytes = 0
  /// The most that were in use at once. Used and spare regions together are never larger.
  private(set) var mostUsedBytes = 0

  /// Memory of at least that many bytes, not initialized.
  static func allocate(byteCount: Int) -> UnsafeMutableRawBufferPointer {
    guard byteCount >= minimumBytes else {
      return .allocate(byteCount: byteCount, alignment: 16)
    }
    let region = shared.withLock { $0.take(byteCount: byteCount) }
    return unsafe UnsafeMutableRawBufferPointer(
      start: UnsafeMutableRawPointer(bitPattern: region.address), count: region.byteCount)
  }

  static func free(_ memory: UnsafeMutableRawBufferPointer) {
    guard memory.count >= minimumBytes else { return unsafe memory.deallocate() }
    let region = Region(
      address: UInt(bitPattern: memory.baseAddress), byteCount: memory.count)
    shared.withLock { $0.giveBack(region) }
  }

  /// A region whose pages are there already, if one of that size was in use before.
  mutating func take(byteCount: Int) -> Region {
    let neededBytes = (byteCount + Self.pageBytes - 1) / Self.pageBytes * Self.pageBytes
    var region: Region
    if let index = spare.firstIndex(where: { $0.byteCount >= neededBytes }) {
      region = spare.remove(at: index)
      spareBytes -= region.byteCount
      // Beside other bodies, what is too much for this one could be missing; a quarter may be (MemoryBudget).
      if usedBytes > 0, region.byteCount > neededBytes + neededBytes / 4 {
        Self.unmap(region.address + UInt(neededBytes), region.byteCount - neededBytes)
        region.byteCount = neededBytes
      }
    } else {
      region = Region(address: Self.map(neededBytes), byteCount: neededBytes)
    }
    usedBytes += region.byteCount
    mostUsedBytes = max(mostUsedBytes, usedBytes)
    while usedBytes + spareBytes > mostUsedBytes { unmapSmallest() }
    return region
  }

  mutating func giveBack(_ region: Region) {
    usedBytes -= region.byteCount
    spareBytes += region.byteCount
    let index = spare.firstIndex { $0.byteCount >= region.byteCount } ?? spare.endIndex
    spare.insert(region, at: index)
  }

  private mutating func unmapSmallest() {
    let region = spare.removeFirst()
    spareBytes -= region.byteCount
    Self.unmap(region.address, region.byteCount)
  }

  /// Ends the process where the system has no memory, as any allocation in Swift does.
  private static func map(_ byteCount: Int) -> UInt {
    let address = unsafe mmap(
      nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else {
      preconditionFailure("out of memory for a body of \(byteCount) bytes")
    }
    return UInt(bitPattern: address)
  }

  private static func unmap(_ address: UInt, _ byteCount: Int) {
    // Fails only for an address that is not a page's.
    _ = unsafe munmap(UnsafeMutableRawPointer(bitPattern: address), byteCount)
  }
}
