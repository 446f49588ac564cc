import Foundation

/// An S3 error, sent as XML.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
struct S3Error: Error, CustomStringConvertible {
  let status: Int
  let code: String
  let message: String
  var details: [(String, String)] = []

  var description: String { "\(code): \(message)" }

  static let noSuchVersion = S3Error(
    status: 404, code: "NoSuchVersion", message: "The specified version does not exist.")

  static let invalidURI = S3Error(
    status: 400, code: "InvalidURI", message: "Couldn't parse the specified URI.")

  static let internalError = S3Error(
    status: 500, code: "InternalError",
    message: "We encountered an internal error. Please try again.")

  static let slowDown = S3Error(
    status: 503, code: "SlowDown", message: "Please reduce your request rate.")

  func response(resource: String) -> LocalResponse {
    let requestID = freshRequestID()
    let hostID = freshHostID()
    let members =
      [("Code", code), ("Message", message)] + details
      + [("Resource", resource), ("RequestId", requestID), ("HostId", hostID)]
    let inner = members.map { "<\($0)>\(escapeXML($1))</\($0)>" }.joined()
    return LocalResponse(
      status: status,
      headers: [
        ("x-amz-request-id", requestID), ("x-amz-id-2", hostID), ("Server", "AmazonS3"),
        ("Content-Type", "application/xml"),
      ],
      body: Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\(inner)</Error>".utf8))
  }
}

extension S3Error {
  static let accessDenied = S3Error(status: 403, code: "AccessDenied", message: "Access Denied")

  /// - Parameter folder: the folder that was searched, for a person; S3's own message ends before it.
  static func noSuchBucket(_ bucket: String, in folder: String) -> S3Error {
    S3Error(
      status: 404, code: "NoSuchBucket",
      message:
        "The specified bucket does not exist: this local S3 has no folder \(bucket) in \(folder)",
      details: [("BucketName", bucket)])
  }

  /// - Parameter folder: as for ``noSuchBucket(_:in:)``; nil for an object that only uploads could have created.
  static func noSuchKey(_ key: String, in folder: String? = nil) -> S3Error {
    let place = folder.map { " This local S3 searched \($0) for it." } ?? ""
    return S3Error(
      status: 404, code: "NoSuchKey", message: "The specified key does not exist.\(place)",
      details: [("Key", key)])
  }

  static func invalidRequest(_ message: String) -> S3Error {
    S3Error(status: 400, code: "InvalidRequest", message: message)
  }

  static func invalidArgument(_ message: String, name: String, value: String) -> S3Error {
    S3Error(
      status: 400, code: "InvalidArgument", message: message,
      details: [("ArgumentName", name), ("ArgumentValue", value)])
  }

  /// What S3 itself sends for a header that it does not support, in S3's words.
  /// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  static func notImplemented(header: String) -> S3Error {
    S3Error(
      status: 501, code: "NotImplemented",
      message: "A header you provided implies functionality that is not implemented",
      details: [("Header", header)])
  }
}

/// Splits the path of a path-style request.
enum S3Path {
  /// Bucket and key, decoded once but not normalized. The key is empty for a bucket.
  static func parse(_ path: String) throws(S3Error) -> (bucket: String, key: String) {
    guard path.utf8.first == UInt8(ascii: "/"),
      let decoded = decode(Substring(path.utf8.dropFirst()))
    else {
      throw .invalidURI
    }
    guard let slash = decoded.utf8.firstIndex(of: UInt8(ascii: "/")) else { return (decoded, "") }
    let key = decoded.utf8[decoded.utf8.index(after: slash)...]
    return (String(Substring(decoded.utf8[..<slash])), String(Substring(key)))
  }

  /// Decodes percent-encoded UTF-8; `+` is not decoded. Nil for malformed text.
  static func decode(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        let digits = String(decoding: rest.prefix(2), as: UTF8.self)
        guard digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit),
          let value = UInt8(digits, radix: 16)
        else { return nil }
        rest = rest.dropFirst(2)
        bytes.append(value)
      } else {
        bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

private func escapeXML(_ text: String) -> String {
  text.reduce(into: "") { result, character in
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    default: result.append(character)
    }
  }
}
