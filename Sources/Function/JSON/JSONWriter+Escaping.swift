extension [UInt8] {
  /// Appends UTF-8 bytes as a quoted JSON string, with an optional comma before it and colon after
  /// it, so that capacity is reserved once.
  mutating func appendQuotedJSON(_ text: Span<UInt8>, comma: Bool, colon: Bool) {
    unsafe text.withUnsafeBytes { text in
      let escaped = unsafe Self.countEscaped(in: text)
      // Four for quotes and punctuation, eight for whole words at the end.
      append(addingCapacity: text.count + 5 * escaped + 12) { output in
        unsafe output.withUnsafeMutableBufferPointer { buffer, count in
          let output = UnsafeMutableRawBufferPointer(buffer)
          var end = count
          func put(_ byte: UInt8) {
            unsafe output[end] = byte
            end += 1
          }
          if comma { put(UInt8(ascii: ",")) }
          put(UInt8(ascii: "\""))
          end += unsafe Self.writeEscaped(
            text, to: UnsafeMutableRawBufferPointer(rebasing: output[end...]), escaped > 0)
          put(UInt8(ascii: "\""))
          if colon { put(UInt8(ascii: ":")) }
          count = end
        }
      }
    }
  }

  /// Appends any bytes as a quoted JSON string. Each part that is not valid UTF-8 becomes U+FFFD.
  mutating func appendQuotedJSON(repairing text: Span<UInt8>) {
    append(UInt8(ascii: "\""))
    var start = 0
    while let invalid = firstInvalidUTF8(in: text.extracting(start...)) {
      appendEscapedJSON(text.extracting(start..<start + invalid.lowerBound))
      append(contentsOf: [0xEF, 0xBF, 0xBD])
      start += invalid.upperBound
    }
    appendEscapedJSON(text.extracting(start...))
    append(UInt8(ascii: "\""))
  }

  /// Appends UTF-8 bytes escaped for a JSON string, without quotes. Counts the escapes first, eight
  /// bytes at a time, so that capacity is reserved once.
  mutating func appendEscapedJSON(_ text: Span<UInt8>) {
    unsafe text.withUnsafeBytes { text in
      let escaped = unsafe Self.countEscaped(in: text)
      append(addingCapacity: text.count + 5 * escaped + 8) { output in
        unsafe output.withUnsafeMutableBufferPointer { buffer, count in
          let output = UnsafeMutableRawBufferPointer(buffer)
          count += unsafe Self.writeEscaped(
            text, to: UnsafeMutableRawBufferPointer(rebasing: output[count...]), escaped > 0)
        }
      }
    }
  }

  /// The number of bytes that need an escape, or slightly more (see `stringStops`).
  private static func countEscaped(in text: UnsafeRawBufferPointer) -> Int {
    var count = 0
    guard text.count >= 8 else {
      for index in 0..<text.count {
        if unsafe needsEscape(text[index]) { count += 1 }
      }
      return count
    }
    var index = 0
    while index < text.count {
      // The last word may overlap the previous one.
      let start = Swift.min(index, text.count - 8)
      let stops = unsafe text.loadUnaligned(fromByteOffset: start, as: UInt64.self).stringStops
      // Sums the eight marks in the highest byte.
      count += Int((stops >> 7 &* 0x0101_0101_0101_0101) >> 56)
      index += 8
    }
    return count
  }

  /// Returns the number of bytes written. `output` must have room for six bytes per escaped byte,
  /// one per other byte, and eight more.
  private static func writeEscaped(
    _ text: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer, _ needsEscapes: Bool
  ) -> Int {
    guard needsEscapes else {
      unsafe output.copyMemory(from: text)
      return text.count
    }
    var read = 0
    var written = 0
    while read + 8 <= text.count {
      let word = unsafe text.loadUnaligned(fromByteOffset: read, as: UInt64.self)
      unsafe output.storeBytes(of: word, toByteOffset: written, as: UInt64.self)
      // The lowest mark is exact: the bytes before it need no escape.
      let plain = word.stringStops.trailingZeroBitCount / 8
      read += plain
      written += plain
      if plain < 8 {
        written += unsafe writeEscape(text[read], to: output, at: written)
        read += 1
      }
    }
    while read < text.count {
      let byte = unsafe text[read]
      read += 1
      if needsEscape(byte) {
        written += unsafe writeEscape(byte, to: output, at: written)
      } else {
        unsafe output[written] = byte
        written += 1
      }
    }
    return written
  }

  @inline(__always) private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  /// Returns the number of bytes written: two or six.
  private static func writeEscape(
    _ byte: UInt8, to buffer: UnsafeMutableRawBufferPointer, at index: Int
  ) -> Int {
    unsafe buffer[index] = UInt8(ascii: "\\")
    let letter =
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): byte
      case 0x08: UInt8(ascii: "b")
      case 0x09: UInt8(ascii: "t")
      case 0x0A: UInt8(ascii: "n")
      case 0x0C: UInt8(ascii: "f")
      case 0x0D: UInt8(ascii: "r")
      default: UInt8(ascii: "u")
      }
    unsafe buffer[index + 1] = letter
    guard letter == UInt8(ascii: "u") else { return 2 }
    let low = byte & 15
    unsafe buffer[index + 2] = UInt8(ascii: "0")
    unsafe buffer[index + 3] = UInt8(ascii: "0")
    unsafe buffer[index + 4] = UInt8(ascii: "0") + byte >> 4
    unsafe buffer[index + 5] = low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10
    return 6
  }
}

extension UInt64 {
  /// The high bit of each of eight bytes that must be escaped in a string: a quote, a backslash, or
  /// a control character. Bytes above the lowest mark may be marked falsely.
  @inline(__always) var stringStops: UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    // A zero byte in `self ^ pattern` marks the pattern's byte, by the borrow into its high bit.
    let quote = self ^ (ones &* UInt64(UInt8(ascii: "\"")))
    let backslash = self ^ (ones &* UInt64(UInt8(ascii: "\\")))
    let found =
      ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
      | ((self &- ones &* 0x20) & ~self)
    return found & (ones &* 0x80)
  }
}
