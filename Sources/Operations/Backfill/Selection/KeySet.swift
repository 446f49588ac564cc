import SigV4

/// A set of keys by 128 bits of their SHA-256, so that millions fit in memory: 16 bytes a key, and at most three
/// times that while it grows. Two keys share a digest with a probability below 10⁻²⁴ for ten million keys.
struct KeySet {
  /// Keys of at most this many objects: 1 GB of memory.
  static let maximumCount = 20_000_000

  private struct Digest: Hashable {
    let high: UInt64
    let low: UInt64
  }

  private var digests: Set<Digest> = []
  var count: Int { digests.count }

  mutating func insert(_ key: some Sequence<UInt8>) { digests.insert(Self.digest(key)) }

  func contains(_ key: some Sequence<UInt8>) -> Bool { digests.contains(Self.digest(key)) }

  private static func digest(_ key: some Sequence<UInt8>) -> Digest {
    let bytes = SHA256.digest(Array(key))
    func word(_ range: Range<Int>) -> UInt64 {
      bytes[range].reduce(0) { $0 << 8 | UInt64($1) }
    }
    return Digest(high: word(0..<8), low: word(8..<16))
  }
}
