import Foundation
import ImageClassification

/// What a file is, by its first bytes.
enum FileKind: Equatable {
  case event
  /// With its media type, for example `image/heic`.
  case image(String)
  case empty
  /// Neither, with a description for a person.
  case other(String)

  /// The number of bytes that decide.
  static let prefixBytes = 64

  /// JPEG and PNG.
  static let localModelTypes = ["image/jpeg", "image/png"]

  private static let knownFiles: [(start: [UInt8], name: String)] = [
    (Array("%PDF".utf8), "a PDF document"), ([0x50, 0x4B, 3, 4], "a ZIP archive"),
    ([0x1F, 0x8B], "a gzip file"), ([0x7F] + Array("ELF".utf8), "a program"),
    (Array("<".utf8), "HTML or XML"),
  ]

  init(prefix: [UInt8]) {
    if let type = ImageFormat.mediaType(of: prefix) {
      self = .image(type)
      return
    }
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = prefix.starts(with: byteOrderMark) ? Array(prefix.dropFirst(3)) : prefix
    guard let first = text.first(where: { !" \t\r\n".utf8.contains($0) }) else {
      self = .empty
      return
    }
    self = "{[\"".utf8.contains(first) ? .event : .other(Self.description(of: prefix))
  }

  private static func description(of prefix: [UInt8]) -> String {
    if let known = knownFiles.first(where: { prefix.starts(with: $0.start) }) { return known.name }
    if prefix.dropFirst(4).starts(with: "ftyp".utf8) { return "a video" }
    let text = String(decoding: prefix, as: UTF8.self)
    let hasControls = prefix.contains { $0 < 0x20 && !"\t\r\n".utf8.contains($0) }
    // The last character may be cut.
    if !hasControls, !text.dropLast().contains("\u{FFFD}") {
      let line = text.split(whereSeparator: \.isNewline).first?.prefix(24) ?? ""
      return "text that begins with \"\(line)\""
    }
    return "a file that begins with the bytes "
      + prefix.prefix(4).map { String(format: "%02x", $0) }.joined(separator: " ")
  }
}
