import AWSClient

package struct ListedObject: Sendable, Equatable {
  package let key: String
  /// The size in bytes.
  package let size: Int

  package init(key: String, size: Int) {
    self.key = key
    self.size = size
  }
}

/// A page of ListObjectsV2, read by search like all XML of S3 here: its elements have no
/// attributes.
enum ObjectListing {
  static func objects(in body: [UInt8]) throws(MalformedResponse) -> [ListedObject] {
    var objects: [ListedObject] = []
    for element in elements("Contents", of: body) {
      guard let key = XMLText.element("Key", in: element),
        let size = XMLText.element("Size", in: element).flatMap({ Int($0) })
      else { throw MalformedResponse(field: "Contents", problem: "has no Key or no Size") }
      objects.append(ListedObject(key: key, size: size))
    }
    return objects
  }

  /// The token of the next page; nil on the last.
  static func nextToken(in body: [UInt8]) -> String? {
    guard XMLText.element("IsTruncated", in: body) == "true" else { return nil }
    return XMLText.element("NextContinuationToken", in: body)
  }

  /// The bytes between each pair of tags.
  private static func elements(_ name: String, of body: [UInt8]) -> [[UInt8]] {
    let start = Array("<\(name)>".utf8)
    let end = Array("</\(name)>".utf8)
    var elements: [[UInt8]] = []
    var position = 0
    while let opening = index(of: start, in: body, from: position),
      let closing = index(of: end, in: body, from: opening + start.count)
    {
      elements.append(Array(body[opening + start.count..<closing]))
      position = closing + end.count
    }
    return elements
  }

  private static func index(of wanted: [UInt8], in body: [UInt8], from start: Int) -> Int? {
    var position = start
    while position + wanted.count <= body.count {
      if body[position] == wanted[0],
        body[position..<position + wanted.count].elementsEqual(wanted)
      {
        return position
      }
      position += 1
    }
    return nil
  }
}
