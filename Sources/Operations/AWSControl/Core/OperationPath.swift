/// A path whose interpolated parts are percent-encoded, slashes included, as botocore does:
///
///     "/2015-03-31/functions/\(functionName)/aliases/\(name)"
package struct OperationPath: Sendable, Equatable, ExpressibleByStringInterpolation {
  package let encoded: String

  package init(stringLiteral value: String) { encoded = value }

  package init(stringInterpolation: StringInterpolation) { encoded = stringInterpolation.encoded }

  package struct StringInterpolation: StringInterpolationProtocol {
    var encoded = ""

    package init(literalCapacity: Int, interpolationCount: Int) {
      encoded.reserveCapacity(literalCapacity + interpolationCount * 32)
    }

    package mutating func appendLiteral(_ literal: String) { encoded += literal }

    /// Percent-encoded: all but letters, digits and `-._~`.
    package mutating func appendInterpolation(_ parameter: String) {
      encoded += PercentEncoded.text(parameter)
    }
  }
}

/// RFC 3986's unreserved characters stay, every other byte becomes `%XX`.
package enum PercentEncoded {
  package static func text(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.count < 2 ? "0" : "") + digits
      }
    }
    return result
  }
}
