import AWSClient
import Glibc

/// An element of an XML response, read by search: AWS's elements have no attributes, and none of those
/// that are read here contains another of its own name.
package struct XMLElement {
  private let bytes: ArraySlice<UInt8>

  /// The whole document.
  package init(_ document: [UInt8]) { bytes = document[...] }

  private init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  /// All elements of these names, in the order of the document.
  package func elements(_ names: String...) -> [(name: String, element: XMLElement)] {
    var openings = names.map { Opening($0, in: bytes) }
    var found: [(name: String, element: XMLElement)] = []
    while true {
      var next: Int?
      for index in openings.indices {
        guard let start = openings[index].start else { continue }
        if let best = next.flatMap({ openings[$0].start }), best < start { continue }
        next = index
      }
      guard let next, let start = openings[next].start else { return found }
      guard let end = Self.position(of: openings[next].closing, in: bytes[start...]) else {
        return found
      }
      found.append((openings[next].name, XMLElement(bytes[start..<end])))
      for index in openings.indices { openings[index].advance(to: end, in: bytes) }
    }
  }

  /// The unescaped text of the first element of this name; nil when there is none.
  package func text(_ name: String) -> String? {
    guard let start = Opening(name, in: bytes).start,
      let end = Self.position(of: Array("</\(name)>".utf8), in: bytes[start...])
    else { return nil }
    let text = bytes[start..<end]
    if text.contains(UInt8(ascii: "&")) { return XMLText.element(name, in: Array(bytes)) }
    return String(decoding: text, as: UTF8.self)
  }

  /// The next opening tag of a name.
  private struct Opening {
    let name: String
    let closing: [UInt8]
    private let tag: [UInt8]
    /// Behind the tag; nil when there is no more.
    private(set) var start: Int?

    init(_ name: String, in bytes: ArraySlice<UInt8>) {
      self.name = name
      tag = Array("<\(name)>".utf8)
      closing = Array("</\(name)>".utf8)
      start = XMLElement.position(of: tag, in: bytes).map { $0 + tag.count }
    }

    mutating func advance(to position: Int, in bytes: ArraySlice<UInt8>) {
      guard let start, start <= position else { return }
      self.start = XMLElement.position(of: tag, in: bytes[position...]).map { $0 + tag.count }
    }
  }

  /// By `memchr` and `memcmp`, since a page of a listing has some hundred kilobytes and ten thousand searches.
  private static func position(of tag: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    let offset = bytes.withUnsafeBytes { bytes -> Int? in
      guard let start = bytes.baseAddress else { return nil }
      var position = 0
      while position + tag.count <= bytes.count,
        let found = memchr(start + position, Int32(UInt8(ascii: "<")), bytes.count - position)
      {
        position = UnsafeRawPointer(found) - start
        if position + tag.count <= bytes.count, memcmp(found, tag, tag.count) == 0 {
          return position
        }
        position += 1
      }
      return nil
    }
    return offset.map { bytes.startIndex + $0 }
  }
}
