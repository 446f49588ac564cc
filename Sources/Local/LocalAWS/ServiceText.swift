import CLibcrypto
import Foundation

/// 16 hexadecimal digits, as S3's `x-amz-request-id`.
func freshRequestID() -> String {
  let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16, uppercase: true)
  return String(repeating: "0", count: 16 - digits.count) + digits
}

/// As S3's `x-amz-id-2`.
func freshHostID() -> String {
  Data((0..<57).map { _ in UInt8.random(in: 0...255) }).base64EncodedString()
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`.
func httpDate(_ date: Date) -> String {
  timestamp(date, "EEE, dd MMM yyyy HH:mm:ss 'GMT'")
}

/// A date in UTC, in a format of Unicode's date patterns.
func timestamp(_ date: Date, _ format: String) -> String {
  let formatter = DateFormatter()
  formatter.locale = Locale(identifier: "en_US_POSIX")
  formatter.timeZone = TimeZone(secondsFromGMT: 0)
  formatter.dateFormat = format
  return formatter.string(from: date)
}

/// The MD5 of an object in hexadecimal: S3's ETag of an object that was put in one piece.
func md5Hex(_ bytes: [UInt8]) -> String {
  hexadecimal(messageDigest(bytes, EVP_md5()))
}

/// Two digits a byte.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { String(format: "%02x", $0) }.joined()
}
