/// Splits a stream of pieces into lines, without `\n` and `\r\n`.
struct LineSplitter {
  private var rest: [UInt8] = []

  mutating func add(_ piece: ArraySlice<UInt8>, each: ([UInt8]) throws -> Void) rethrows {
    var start = piece.startIndex
    while let end = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
      rest += piece[start..<end]
      try finish(each)
      start = end + 1
    }
    rest += piece[start...]
  }

  /// The last line, which may have no end.
  mutating func end(each: ([UInt8]) throws -> Void) rethrows {
    if !rest.isEmpty { try finish(each) }
  }

  private mutating func finish(_ each: ([UInt8]) throws -> Void) rethrows {
    if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
    let line = rest
    rest.removeAll(keepingCapacity: true)
    try each(line)
  }
}
