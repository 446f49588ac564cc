/// Splitting a line into words as a POSIX shell does: spaces, both quotes, backslashes, nothing
/// else.
enum ShellWords {
  /// The words; nil when a quote is not closed or the last character is a backslash.
  static func split(_ line: String) -> [String]? {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var characters = line.makeIterator()
    while let character = characters.next() {
      switch (quote, character) {
      case (nil, " "), (nil, "\t"):
        if let finished = word { words.append(finished) }
        word = nil
      case (nil, "'"), (nil, "\""):
        quote = character
        word = word ?? ""
      case (nil, "\\"):
        guard let next = characters.next() else { return nil }
        word = (word ?? "") + String(next)
      case ("\"", "\\"):
        guard let next = characters.next() else { return nil }
        // Inside double quotes it stands for itself in front of other characters.
        word = (word ?? "") + (next == "\"" || next == "\\" ? "" : "\\") + String(next)
      case (.some(let open), character) where open == character: quote = nil
      default: word = (word ?? "") + String(character)
      }
    }
    guard quote == nil else { return nil }
    return words + (word.map { [$0] } ?? [])
  }
}
