/// A number of one of several names, such as the probability of a class.
public struct IndexedNumber: Sendable {
  public let index: Int
  public let number: Double

  public init(index: Int, number: Double) {
    self.index = index
    self.number = number
  }
}

extension JSONWriter {
  /// How many objects share one look at the capacity.
  private static let pieceCount = 64

  /// Writes an array of objects of two members, a name and a number.
  ///
  /// - Parameter limitBytes: a text that is larger is not written to its end.
  public mutating func array(
    of numbers: [IndexedNumber], _ names: JSONStrings, nameKey: JSONString, numberKey: JSONString,
    limitBytes: Int = .max
  ) {
    beginArray()
    let opening = FixedText("{", bytes(of: nameKey), ":")
    let middle = FixedText(",", bytes(of: numberKey), ":")
    let pieces = isEmbedded ? names.embedded : names.quoted
    var index = 0
    while index < numbers.count, bytes.count <= limitBytes {
      let end = min(numbers.count, index + Self.pieceCount)
      index += write(numbers[index..<end], pieces, opening, middle)
      guard index < end else { continue }
      // A number that is not written here, or a long name.
      beginObject()
      key(nameKey)
      string(names.texts[numbers[index].index])
      key(numberKey)
      double(numbers[index].number)
      endObject()
      index += 1
    }
    endArray()
  }

  private func bytes(of text: JSONString) -> [UInt8] { isEmbedded ? text.embedded : text.quoted }

  /// Writes the first objects, as far as there is room for their names.
  ///
  /// - Returns: how many.
  private mutating func write(
    _ numbers: ArraySlice<IndexedNumber>, _ names: JSONStrings.Pieces, _ opening: FixedText,
    _ middle: FixedText
  ) -> Int {
    // Two commas and a brace beside them.
    let fixedBytes = opening.roomBytes + middle.roomBytes + ShortestDecimal.maximumBytes + 3
    let isFirst = !needsComma
    var written = 0
    bytes.append(addingCapacity: numbers.count * (fixedBytes + 32)) { output in
      unsafe output.withUnsafeMutableBufferPointer { buffer, count in
        let output = UnsafeMutableRawBufferPointer(buffer)
        var end = count
        unsafe names.bytes.withUnsafeBytes { nameBytes in
          for number in numbers {
            let (start, nameEnd) = (names.starts[number.index], names.starts[number.index + 1])
            guard let decimal = ShortestDecimal(number.number),
              end + (nameEnd - start) + fixedBytes <= output.count
            else { break }
            if written > 0 || !isFirst {
              unsafe output[end] = UInt8(ascii: ",")
              end += 1
            }
            end += unsafe opening.write(to: output, at: end)
            unsafe UnsafeMutableRawBufferPointer(rebasing: output[end...])
              .copyMemory(from: UnsafeRawBufferPointer(rebasing: nameBytes[start..<nameEnd]))
            end += nameEnd - start
            end += unsafe middle.write(to: output, at: end)
            end += unsafe decimal.write(to: UnsafeMutableRawBufferPointer(rebasing: output[end...]))
            unsafe output[end] = UInt8(ascii: "}")
            end += 1
            written += 1
          }
        }
        count = end
      }
    }
    if written > 0 { needsComma = true }
    return written
  }
}

/// A text that is written often, by whole words; what the last one has behind the text is overwritten.
private struct FixedText {
  private let words: [UInt64]
  private let byteCount: Int

  init(_ first: Unicode.Scalar, _ middle: [UInt8], _ last: Unicode.Scalar) {
    let bytes = [UInt8(ascii: first)] + middle + [UInt8(ascii: last)]
    byteCount = bytes.count
    words = stride(from: 0, to: bytes.count, by: 8).map { start in
      bytes[start..<min(start + 8, bytes.count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
  }

  /// What `write` needs.
  var roomBytes: Int { 8 * words.count }

  /// Returns the length of the text.
  @inline(__always) func write(to output: UnsafeMutableRawBufferPointer, at start: Int) -> Int {
    var offset = start
    for word in words {
      unsafe output.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
      offset += 8
    }
    return byteCount
  }
}
