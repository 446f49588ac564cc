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
}
