/// AWS's `UriEncode`: every byte but the unreserved ones becomes `%` and two capital digits; in paths
/// the slash stays.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
enum PercentEncoding {
  private static let uppercase = Array("0123456789ABCDEF".utf8)

  static func append(_ bytes: Span<UInt8>, keepingSlash: Bool, to output: inout [UInt8]) {
    for index in bytes.indices {
      append(bytes[index], keepingSlash: keepingSlash, to: &output)
    }
  }

  static func append(_ text: String, keepingSlash: Bool = false, to output: inout [UInt8]) {
    append(text.utf8.span, keepingSlash: keepingSlash, to: &output)
  }

  private static func append(_ byte: UInt8, keepingSlash: Bool, to output: inout [UInt8]) {
    if ASCII.isUnreserved(byte) || (keepingSlash && byte == ASCII.slash) {
      output.append(byte)
    } else {
      output.append(UInt8(ascii: "%"))
      output.append(uppercase[Int(byte >> 4)])
      output.append(uppercase[Int(byte & 15)])
    }
  }

  /// Undoes the encoding. A `%` without two digits stays as it is, and so does `+`: in a query AWS
  /// knows only `%20` for a space.
  static func decode(_ bytes: some Collection<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var rest = bytes[...]
    while let byte = rest.popFirst() {
      let next = rest.prefix(2)
      if byte == UInt8(ascii: "%"), next.count == 2,
        let high = next.first.flatMap(Hexadecimal.digit),
        let low = next.dropFirst().first.flatMap(Hexadecimal.digit)
      {
        output.append(high << 4 | low)
        rest = rest.dropFirst(2)
      } else {
        output.append(byte)
      }
    }
    return output
  }
}
