/// A set of ASCII characters that is fast to ask.
struct ByteSet {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  init(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte & 63) }
    }
  }

  func union(_ other: ByteSet) -> ByteSet {
    var copy = self
    copy.low |= other.low
    copy.high |= other.high
    return copy
  }

  /// False only where the byte is certainly not in the set.
  func mayContain(_ byte: UInt8) -> Bool {
    byte >= 128 || (byte < 64 ? low : high) >> UInt64(byte & 63) & 1 == 1
  }
}
