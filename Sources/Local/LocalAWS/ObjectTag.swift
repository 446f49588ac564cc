/// The ETag of an object that was uploaded in one piece and is encrypted with S3's own keys.
package enum ObjectTag {
  /// The MD5 in hexadecimal, without quotes.
  package static func of(_ bytes: [UInt8]) -> String { md5Hex(bytes) }
}
