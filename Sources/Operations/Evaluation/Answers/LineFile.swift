import Foundation

/// A file that another process writes: its complete lines, each once.
struct LineFile {
  let path: String
  private var offset: UInt64 = 0
  private var partial: [UInt8] = []

  init(path: String) { self.path = path }

  /// The lines that were completed since the last call.
  mutating func newLines() -> [[UInt8]] {
    guard let file = FileHandle(forReadingAtPath: path) else { return [] }
    defer { try? file.close() }
    guard (try? file.seek(toOffset: offset)) != nil, let data = try? file.readToEnd() else {
      return []
    }
    offset += UInt64(data.count)
    var lines: [[UInt8]] = []
    for byte in data {
      if byte == UInt8(ascii: "\n") {
        lines.append(partial)
        partial = []
      } else {
        partial.append(byte)
      }
    }
    return lines
  }
}
