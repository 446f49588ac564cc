/// One object of a manifest.
package struct ManifestRow: Sendable, Hashable {
  package let bucket: String
  /// Percent-encoded, slashes kept: as in the manifest, in the function's event, and in the report.
  package let encodedKey: String
  /// Nil in a manifest without versions; `null` for an object from before the bucket had versions.
  package let versionID: String?

  /// - Parameter key: not encoded.
  package init(bucket: String, key: String, versionID: String?) {
    self.bucket = bucket
    encodedKey = Self.encoded(key)
    self.versionID = versionID
  }

  package init(bucket: String, encodedKey: String, versionID: String?) {
    self.bucket = bucket
    self.encodedKey = encodedKey
    self.versionID = versionID
  }

  /// The key; the encoded one where it is not UTF-8. A `+` stands for a space, as in an S3 Inventory.
  package var key: String {
    encodedKey.replacing("+", with: " ").removingPercentEncoding ?? encodedKey
  }

  package var description: String {
    "s3://\(bucket)/\(key)" + (versionID.map { $0.isEmpty ? "" : " version \($0)" } ?? "")
  }

  /// The line of a manifest, without its end. Nothing in it needs quotation marks.
  package var line: String {
    "\(bucket),\(encodedKey)" + (versionID.map { ",\($0)" } ?? "")
  }

  private static func encoded(_ key: String) -> String {
    var result = ""
    for byte in key.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.count < 2 ? "0" : "") + digits
      }
    }
    return result
  }
}
