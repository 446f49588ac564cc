extension String {
  /// Whether a text stands in this one, compared byte by byte: `contains` would bring regular expressions
  /// into the zip.
  public func holds(_ part: String) -> Bool {
    let (text, part) = (Array(utf8), Array(part.utf8))
    guard let first = part.first else { return true }
    guard text.count >= part.count else { return false }
    return (0...(text.count - part.count)).contains { start in
      text[start] == first && text[start..<start + part.count].elementsEqual(part)
    }
  }

  /// What stands before the last occurrence of a text, or all of this one.
  public func before(last part: String) -> String {
    let (text, part) = (Array(utf8), Array(part.utf8))
    guard
      let start = (0...max(0, text.count - part.count)).last(where: {
        text[$0...].starts(with: part)
      })
    else { return self }
    return String(decoding: text[..<start], as: UTF8.self)
  }
}
