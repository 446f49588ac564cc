/// Tar archives in the ustar format (POSIX.1-1988), of small regular files.
///
/// Source: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
package enum Tar {
  private static let blockBytes = 512

  /// An archive of files in this order; deterministic: owner 0, time 0, mode 0644.
  ///
  /// - Throws: `ArchiveError` for a name of more than 100 bytes.
  package static func pack(
    _ files: [(name: String, bytes: [UInt8])]
  ) throws(ArchiveError) -> [UInt8] {
    var archive: [UInt8] = []
    for file in files {
      archive += try header(file.name, size: file.bytes.count)
      archive += file.bytes
      let rest = file.bytes.count % blockBytes
      if rest > 0 { archive += [UInt8](repeating: 0, count: blockBytes - rest) }
    }
    return archive + [UInt8](repeating: 0, count: 2 * blockBytes)
  }

  private static func header(_ name: String, size: Int) throws(ArchiveError) -> [UInt8] {
    guard name.utf8.count <= 100 else {
      throw ArchiveError("the name \(name) is longer than 100 bytes")
    }
    var block = [UInt8](repeating: 0, count: blockBytes)
    func put(_ text: String, at offset: Int) {
      for (index, byte) in text.utf8.enumerated() { block[offset + index] = byte }
    }
    put(name, at: 0)
    put("0000644\0", at: 100)
    put("0000000\0", at: 108)
    put("0000000\0", at: 116)
    put(octal(size, digits: 11) + "\0", at: 124)
    put("00000000000\0", at: 136)
    put("        ", at: 148)
    put("0", at: 156)
    put("ustar\u{0}00", at: 257)
    put(octal(block.reduce(0) { $0 + Int($1) }, digits: 6) + "\0 ", at: 148)
    return block
  }

  private static func octal(_ value: Int, digits: Int) -> String {
    let text = String(value, radix: 8)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  /// The first regular file of this name in a `.tar.gz`; `./NAME` counts too.
  ///
  /// The rest of the archive is not decompressed.
  ///
  /// - Parameter maximumBytes: a larger file is refused.
  /// - Returns: nil when there is none.
  /// - Throws: `ArchiveError` for a damaged archive, or too large a file.
  package static func file(
    named name: String, inGzip bytes: [UInt8], maximumBytes: Int
  ) throws -> [UInt8]? {
    var reader = Reader(name: name, maximumBytes: maximumBytes)
    try Gzip.decompress(bytes) { piece in
      try reader.take(piece)
      return !reader.isDone
    }
    guard reader.isDone else { throw ArchiveError("the tar in it is truncated") }
    return reader.found
  }

  /// Finds one file in pieces of an archive.
  private struct Reader {
    let name: String
    let maximumBytes: Int
    private(set) var found: [UInt8]?
    private(set) var isDone = false
    private var block: [UInt8] = []
    private var bytesToSkip = 0
    private var bytesToKeep = 0

    init(name: String, maximumBytes: Int) {
      self.name = name
      self.maximumBytes = maximumBytes
    }

    mutating func take(_ piece: ArraySlice<UInt8>) throws {
      var rest = piece
      while !rest.isEmpty, !isDone {
        if bytesToKeep > 0 {
          let count = min(bytesToKeep, rest.count)
          found?.append(contentsOf: rest.prefix(count))
          rest = rest.dropFirst(count)
          bytesToKeep -= count
          isDone = bytesToKeep == 0
        } else if bytesToSkip > 0 {
          let count = min(bytesToSkip, rest.count)
          rest = rest.dropFirst(count)
          bytesToSkip -= count
        } else {
          let count = min(blockBytes - block.count, rest.count)
          block += rest.prefix(count)
          rest = rest.dropFirst(count)
          if block.count == blockBytes { try readHeader() }
        }
      }
    }

    private mutating func readHeader() throws {
      defer { block.removeAll(keepingCapacity: true) }
      if block.allSatisfy({ $0 == 0 }) {
        isDone = true
        return
      }
      let size = try size()
      let type = block[156]
      let entry = text(0..<100)
      let isRegular = type == UInt8(ascii: "0") || type == 0
      if isRegular, text(345..<500).isEmpty || text(345..<500) == ".",
        entry == name || entry == "./\(name)"
      {
        guard size <= maximumBytes else {
          throw ArchiveError("its \(name) has \(size) bytes, more than \(maximumBytes)")
        }
        found = []
        bytesToKeep = size
        isDone = size == 0
      } else {
        bytesToSkip = (size + blockBytes - 1) / blockBytes * blockBytes
      }
    }

    private func text(_ range: Range<Int>) -> String {
      String(decoding: block[range].prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Octal digits, or GNU's binary form for files of 8 GiB and more.
    private func size() throws -> Int {
      let field = block[124..<136]
      if block[124] == 0x80 {
        return field.suffix(7).reduce(0) { $0 << 8 | Int($1) }
      }
      let digits = String(
        decoding: field.filter { $0 != 0 && $0 != UInt8(ascii: " ") }, as: UTF8.self)
      guard let size = Int(digits.isEmpty ? "0" : digits, radix: 8) else {
        throw ArchiveError("its content is not a tar archive")
      }
      return size
    }
  }
}
