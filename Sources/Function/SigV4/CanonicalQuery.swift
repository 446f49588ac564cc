/// The canonical query string: names and values are encoded, then sorted by name and value.
///
/// The buffers are reused, so that further signatures allocate nothing.
package struct CanonicalQuery {
  private struct Parameter {
    let start: Int
    let nameEnd: Int
    let end: Int
  }

  /// `name=value&name=value`, after `finish`.
  package private(set) var bytes: [UInt8] = []
  private var encoded: [UInt8] = []
  private var parameters: [Parameter] = []

  package init() {}

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    encoded.removeAll(keepingCapacity: true)
    parameters.removeAll(keepingCapacity: true)
  }

  mutating func append(name: String, value: String) {
    append(name: name.utf8.span, value: value.utf8.span)
  }

  package mutating func append(name: Span<UInt8>, value: Span<UInt8>) {
    let start = encoded.count
    PercentEncoding.append(name, keepingSlash: false, to: &encoded)
    let nameEnd = encoded.count
    PercentEncoding.append(value, keepingSlash: false, to: &encoded)
    parameters.append(Parameter(start: start, nameEnd: nameEnd, end: encoded.count))
  }

  /// Sorts the parameters and writes them to `bytes`.
  package mutating func finish() {
    if parameters.count > 1 {
      let encoded = self.encoded
      parameters.sort { Self.isOrderedBefore($0, $1, in: encoded) }
    }
    for parameter in parameters {
      if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
      bytes.append(contentsOf: encoded[parameter.start..<parameter.nameEnd])
      bytes.append(UInt8(ascii: "="))
      bytes.append(contentsOf: encoded[parameter.nameEnd..<parameter.end])
    }
  }

  // Compares name and value separately: `a=` sorts before `a-b=`, although `=` follows `-` in
  // ASCII.
  private static func isOrderedBefore(
    _ left: Parameter, _ right: Parameter, in encoded: [UInt8]
  ) -> Bool {
    let leftName = encoded[left.start..<left.nameEnd]
    let rightName = encoded[right.start..<right.nameEnd]
    if leftName != rightName { return leftName.lexicographicallyPrecedes(rightName) }
    return encoded[left.nameEnd..<left.end]
      .lexicographicallyPrecedes(encoded[right.nameEnd..<right.end])
  }
}
