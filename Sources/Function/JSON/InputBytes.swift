/// Input that is valid for the duration of a closure. The only place where the parser reads memory
/// through a pointer; every access is bounds-checked.
@safe struct InputBytes {
  private let buffer: UnsafeBufferPointer<UInt8>
  let count: Int

  init(_ buffer: UnsafeBufferPointer<UInt8>) {
    unsafe self.buffer = unsafe buffer
    count = buffer.count
  }

  @inline(__always) subscript(index: Int) -> UInt8 {
    precondition(index >= 0 && index < count)
    return unsafe buffer[index]
  }

  /// Eight bytes from `index` as one little-endian number, or nil when fewer remain.
  @inline(__always) func word(at index: Int) -> UInt64? {
    guard index >= 0, index <= count - 8 else { return nil }
    return unsafe UInt64(
      littleEndian: UnsafeRawBufferPointer(buffer).loadUnaligned(
        fromByteOffset: index, as: UInt64.self))
  }

  /// The text of a range, or nil when it is not valid UTF-8.
  func text(_ range: Range<Int>) -> String? { unsafe validText(slice(range).span) }

  /// The offset of the first byte that is not valid UTF-8, or nil.
  func firstInvalidUTF8(in range: Range<Int>) -> Int? {
    unsafe JSON.firstInvalidUTF8(in: slice(range).span).map { range.lowerBound + $0.lowerBound }
  }

  /// Appends a range to `bytes`.
  func copy(_ range: Range<Int>, to bytes: inout [UInt8]) {
    unsafe bytes.append(contentsOf: slice(range))
  }

  private func slice(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe UnsafeBufferPointer(rebasing: buffer[range])
  }
}

/// The text of UTF-8 bytes, or nil when they are not valid. `String(validating:as:)` does the same,
/// but looks up generic metadata for every string, which doubles the time to parse an event.
func validText(_ bytes: Span<UInt8>) -> String? {
  guard let valid = try? UTF8Span(validating: bytes) else { return nil }
  return String(copying: valid)
}

/// The first range that is not valid UTF-8 and is replaced by a single U+FFFD; nil for valid text.
///
/// A UTF-8 sequence never continues across an ASCII byte, so only the runs of other bytes are
/// validated; most text has few.
func firstInvalidUTF8(in bytes: Span<UInt8>) -> Range<Int>? {
  var end = 0
  while true {
    let start = firstNonASCII(in: bytes, from: end)
    if start == bytes.count { return nil }
    end = start + 1
    while end < bytes.count, bytes[end] >= 0x80 { end += 1 }
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.extracting(start..<end))
    } catch {
      return start + error.byteOffsets.lowerBound..<start + error.byteOffsets.upperBound
    }
  }
}

/// The index of the first byte that is not ASCII, or the end. Reads eight bytes at a time.
private func firstNonASCII(in bytes: Span<UInt8>, from start: Int) -> Int {
  unsafe bytes.withUnsafeBytes { bytes in
    var index = start
    while index + 8 <= bytes.count,
      unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080
        == 0
    {
      index += 8
    }
    while index < bytes.count, unsafe bytes[index] < 0x80 { index += 1 }
    return index
  }
}
