/// AWS's `UriEncode`: encodes every byte but the unreserved characters as `%` and two upper-case
/// digits; in paths slashes are kept.
///
/// Source:
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
enum PercentEncoding {
  private static let uppercase = Array("0123456789ABCDEF".utf8)

  static func append(_ bytes: Span<UInt8>, keepingSlash: Bool, to output: inout [UInt8]) {
    // Of an array without room, all threads share one object, whose count would be written.
    if bytes.isEmpty { return }
    output.append(addingCapacity: 3 * bytes.count) { output in
      for index in bytes.indices {
        append(bytes[index], keepingSlash: keepingSlash, to: &output)
      }
    }
  }

  static func append(_ text: String, keepingSlash: Bool = false, to output: inout [UInt8]) {
    append(text.utf8.span, keepingSlash: keepingSlash, to: &output)
  }

  @inline(__always) private static func append(
    _ byte: UInt8, keepingSlash: Bool, to output: inout OutputSpan<UInt8>
  ) {
    if ASCII.isUnreserved(byte) || (keepingSlash && byte == ASCII.slash) {
      output.append(byte)
    } else {
      output.append(UInt8(ascii: "%"))
      output.append(uppercase[Int(byte >> 4)])
      output.append(uppercase[Int(byte & 15)])
    }
  }
}
