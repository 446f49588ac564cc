extension Tar {
  /// What a whole archive holds.
  package struct Contents: Sendable {
    /// Sizes of the regular files in bytes, by their paths without a leading `./`.
    package fileprivate(set) var sizes: [String: Int] = [:]
    /// The bytes of the files that were asked for.
    package fileprivate(set) var files: [String: [UInt8]] = [:]
  }

  /// Reads a whole `.tar.gz`, so that every checksum of gzip is verified.
  ///
  /// - Parameter keeping: the files whose bytes are returned, each with its greatest size.
  /// - Throws: `ArchiveError` for a damaged archive, or too large a file of those.
  package static func contents(
    ofGzip bytes: [UInt8], keeping: [String: Int] = [:]
  ) throws -> Contents {
    var reader = TarReader(keeping: keeping)
    try Gzip.decompress(bytes) { piece in
      try reader.take(piece)
      return true
    }
    guard reader.isAtEnd else { throw ArchiveError("the tar in it is truncated") }
    return reader.contents
  }
}

/// Reads an archive in pieces of any size.
private struct TarReader {
  private static let blockBytes = 512

  let keeping: [String: Int]
  private(set) var contents = Tar.Contents()
  /// Whether the block of zeros behind the last file was read.
  private(set) var isAtEnd = false
  private var block: [UInt8] = []
  /// The file whose bytes are kept, until it is whole.
  private var kept: (name: String, bytes: [UInt8])?
  private var bytesToKeep = 0
  private var bytesToSkip = 0

  init(keeping: [String: Int]) { self.keeping = keeping }

  mutating func take(_ piece: ArraySlice<UInt8>) throws(ArchiveError) {
    var rest = piece
    while !rest.isEmpty, !isAtEnd {
      if bytesToKeep > 0 {
        let count = min(bytesToKeep, rest.count)
        kept?.bytes.append(contentsOf: rest.prefix(count))
        rest = rest.dropFirst(count)
        bytesToKeep -= count
        if bytesToKeep == 0 { finishKept() }
      } else if bytesToSkip > 0 {
        let count = min(bytesToSkip, rest.count)
        rest = rest.dropFirst(count)
        bytesToSkip -= count
      } else {
        let count = min(Self.blockBytes - block.count, rest.count)
        block += rest.prefix(count)
        rest = rest.dropFirst(count)
        if block.count == Self.blockBytes { try readHeader() }
      }
    }
  }

  private mutating func finishKept() {
    guard let kept else { return }
    if contents.files[kept.name] == nil { contents.files[kept.name] = kept.bytes }
    self.kept = nil
  }

  private mutating func readHeader() throws(ArchiveError) {
    defer { block.removeAll(keepingCapacity: true) }
    if block.allSatisfy({ $0 == 0 }) {
      isAtEnd = true
      return
    }
    let size = try size()
    let padding = (Self.blockBytes - size % Self.blockBytes) % Self.blockBytes
    let isRegular = block[156] == UInt8(ascii: "0") || block[156] == 0
    let name = path
    if isRegular { contents.sizes[name] = size }
    guard isRegular, let maximumBytes = keeping[name] else {
      bytesToSkip = size + padding
      return
    }
    guard size <= maximumBytes else {
      throw ArchiveError("its \(name) has \(size) bytes, more than \(maximumBytes)")
    }
    kept = (name, [])
    bytesToKeep = size
    bytesToSkip = padding
    if size == 0 { finishKept() }
  }

  /// The name with its prefix, without a leading `./`.
  private var path: String {
    let prefix = text(345..<500)
    let name = text(0..<100)
    let whole = prefix.isEmpty ? name : "\(prefix)/\(name)"
    return whole.hasPrefix("./") ? String(whole.dropFirst(2)) : whole
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: block[range].prefix { $0 != 0 }, as: UTF8.self)
  }

  /// Octal digits, or GNU's binary form for files of 8 GiB and more.
  private func size() throws(ArchiveError) -> Int {
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
