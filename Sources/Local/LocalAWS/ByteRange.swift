import LoopbackServer

/// The part of an object that a request's `Range` selects.
///
/// Source: RFC 9110, section 14. As S3, it serves one range, ignores what it cannot parse, and sends
/// no checksum of the object with a part of it.
struct ByteRange {
  private let range: Range<Int>
  private let count: Int

  /// Nil without a range, or with one that S3 ignores.
  /// - Parameter count: the object's size in bytes.
  init?(_ request: ReceivedHTTPRequest, count: Int) throws(S3Error) {
    guard let value = request.header("Range"), value.hasPrefix("bytes=") else { return nil }
    let ends = value.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2 else { return nil }
    let range: Range<Int>
    switch (Self.number(ends[0]), Self.number(ends[1])) {
    case (let first?, let last?) where first <= last:
      range = min(first, count)..<min(last, count - 1) + 1
    case (let first?, nil) where ends[1].isEmpty: range = min(first, count)..<count
    case (nil, let suffix?) where ends[0].isEmpty: range = max(0, count - suffix)..<count
    default: return nil
    }
    guard !range.isEmpty else {
      throw S3Error(
        status: 416, code: "InvalidRange", message: "The requested range is not satisfiable",
        details: [("RangeRequested", value), ("ActualObjectSize", String(count))])
    }
    self.range = range
    self.count = count
  }

  /// `bytes 0-15/328016`
  var contentRange: String { "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(count)" }

  func part(of bytes: [UInt8]) -> [UInt8] { Array(bytes[range]) }

  /// At most 18 digits, so that no sum overflows.
  private static func number(_ digits: Substring) -> Int? {
    digits.count <= 18 && digits.allSatisfy { ("0"..."9").contains($0) } ? Int(digits) : nil
  }
}
