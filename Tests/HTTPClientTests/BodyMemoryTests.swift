import Testing

@testable import HTTPClient

@Suite struct BodyMemoryTests {
  private static let megabyte = 1 << 20

  private func write(_ region: BodyMemory.Region) {
    let memory = UnsafeMutableRawBufferPointer(
      start: UnsafeMutableRawPointer(bitPattern: region.address), count: region.byteCount)
    for offset in stride(from: 0, to: memory.count, by: 4096) { memory[offset] = 1 }
    memory[memory.count - 1] = 1
  }

  @Test func theNextBodyOfThatSizeIsInTheSamePlace() {
    var memory = BodyMemory()
    let first = memory.take(byteCount: 5 * Self.megabyte)
    memory.giveBack(first)
    #expect(memory.take(byteCount: 5 * Self.megabyte) == first)
  }

  @Test func aSmallerBodyAloneLeavesTheRegionWhole() {
    var memory = BodyMemory()
    let large = memory.take(byteCount: 5 * Self.megabyte)
    memory.giveBack(large)
    memory.giveBack(memory.take(byteCount: 100_000))
    #expect(memory.take(byteCount: 5 * Self.megabyte) == large)
    #expect(memory.mostUsedBytes == 5 * Self.megabyte)
  }

  @Test func besideOthersABodyTakesOnlyWhatItNeeds() {
    var memory = BodyMemory()
    let large = memory.take(byteCount: 5 * Self.megabyte)
    let other = memory.take(byteCount: Self.megabyte)
    memory.giveBack(large)
    let small = memory.take(byteCount: 100_000)
    #expect(small.address == large.address)
    #expect(small.byteCount == 102_400)
    #expect(memory.usedBytes == Self.megabyte + 102_400)
    write(small)
    write(other)
  }

  @Test func theSmallestRegionThatFitsIsTaken() {
    var memory = BodyMemory()
    let regions = [3, 1, 2].map { memory.take(byteCount: $0 * Self.megabyte) }
    regions.forEach { memory.giveBack($0) }
    #expect(memory.spare.map(\.byteCount) == [1, 2, 3].map { $0 * Self.megabyte })
    #expect(memory.take(byteCount: 3 * Self.megabyte / 2) == regions[2])
  }

  @Test func aLargerBodyReleasesWhatTheSmallerOnesHad() {
    var memory = BodyMemory()
    let regions = (0..<4).map { _ in memory.take(byteCount: Self.megabyte) }
    regions.forEach { memory.giveBack($0) }
    let large = memory.take(byteCount: 3 * Self.megabyte)
    #expect(memory.spareBytes == Self.megabyte)
    write(large)
  }

  /// Sizes and order are arbitrary but the same in each run.
  @Test func noMoreIsHeldThanWasInUseAtOnce() {
    var memory = BodyMemory()
    var used: [(region: BodyMemory.Region, neededBytes: Int)] = []
    var (state, mostNeededBytes) = (UInt64(1), 0)
    func next(below limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    for _ in 0..<2_000 {
      if !used.isEmpty, next(below: 2) == 0 || used.count == 8 {
        memory.giveBack(used.remove(at: next(below: used.count)).region)
      } else {
        let bytes = BodyMemory.minimumBytes + next(below: Self.megabyte)
        let region = memory.take(byteCount: bytes)
        #expect(region.byteCount >= bytes)
        write(region)
        used.append((region, bytes))
      }
      mostNeededBytes = max(mostNeededBytes, used.reduce(0) { $0 + $1.neededBytes })
      #expect(memory.usedBytes == used.reduce(0) { $0 + $1.region.byteCount })
      #expect(memory.spareBytes == memory.spare.reduce(0) { $0 + $1.byteCount })
      #expect(memory.usedBytes + memory.spareBytes <= memory.mostUsedBytes)
    }
    // A quarter of each, and one region whole.
    #expect(memory.mostUsedBytes <= mostNeededBytes * 5 / 4 + 2 * Self.megabyte)
    used.forEach { memory.giveBack($0.region) }
  }
}
