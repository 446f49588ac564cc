import Foundation
import JSON
import LoopbackServer
import Platform
import RuntimeEmulator

/// What Lambda makes of a request to a function URL: an event of version 2.0.
///
/// The caller counts as signed in with `AWS_IAM`, the template's default.
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
enum FunctionURLEvent {
  private static let identifier = "abcdefghijklmnopqrstuvwxyz012345"
  private static let account = "123456789012"
  /// Content types whose body Lambda passes as text; all others as base64.
  private static let textTypes = [
    "application/json", "application/javascript", "application/xml", "text/",
  ]
  /// The headers between two hops, which Lambda does not pass on.
  private static let hopHeaders: Set<String> = [
    "connection", "keep-alive", "transfer-encoding", "expect", "te", "upgrade", "cookie", "host",
  ]

  static func event(of request: ReceivedHTTPRequest, region: String, time: Date) -> [UInt8] {
    let host = "\(identifier).lambda-url.\(region).on.aws"
    var headers = joinedHeaders(request)
    headers.set("host", to: .string(host))
    headers.set("x-forwarded-for", to: "127.0.0.1")
    headers.set("x-forwarded-proto", to: "https")
    headers.set("x-forwarded-port", to: "443")
    let isText = isText(request)
    let body =
      isText
      ? String(decoding: request.body, as: UTF8.self) : Data(request.body).base64EncodedString()
    var event: JSONObject = [
      "version": "2.0", "routeKey": "$default",
      "rawPath": .string(request.path.removingPercentEncoding ?? request.path),
      "rawQueryString": .string(request.query), "headers": .object(headers),
    ]
    let cookies = request.allHeaders("cookie").flatMap { $0.components(separatedBy: "; ") }
    if !cookies.isEmpty { event.set("cookies", to: .array(cookies.map { .string($0) })) }
    event.set("requestContext", to: context(request, host, time))
    if !request.body.isEmpty { event.set("body", to: .string(body)) }
    event.set("isBase64Encoded", to: .bool(!isText && !request.body.isEmpty))
    return JSONValue.object(event).serialized()
  }

  /// Names in lower case; repeated ones joined.
  private static func joinedHeaders(_ request: ReceivedHTTPRequest) -> JSONObject {
    var headers: JSONObject = [:]
    for (name, value) in request.headers.map({ ($0.name.lowercased(), $0.value) })
    where !hopHeaders.contains(name) && !name.hasPrefix("sec-") {
      let joined = headers[name]?.stringValue.map { "\($0),\(value)" } ?? value
      headers.set(name, to: .string(joined))
    }
    // The type that curl sends by default, which the function refuses on AWS.
    if let type = ImageBytes.mediaType(of: request.body),
      headers["content-type"]?.stringValue == ImageBytes.curlsDefaultType
    {
      headers.set("content-type", to: .string(type))
    }
    return headers
  }

  private static func isText(_ request: ReceivedHTTPRequest) -> Bool {
    let type = (request.header("content-type") ?? "").lowercased()
    return textTypes.contains { type.hasPrefix($0) }
      && String(validating: request.body, as: UTF8.self) != nil
  }

  private static func context(
    _ request: ReceivedHTTPRequest, _ host: String, _ time: Date
  ) -> JSONValue {
    [
      "accountId": .string(account), "apiId": .string(identifier), "domainName": .string(host),
      "domainPrefix": .string(identifier),
      "authorizer": [
        "iam": [
          "accountId": .string(account), "callerId": "AIDACKCEVSQ6C2EXAMPLE",
          "userArn": .string("arn:aws:iam::\(account):user/local-invoke"),
          "userId": "AIDACKCEVSQ6C2EXAMPLE",
        ]
      ],
      "http": [
        "method": .string(request.method), "path": .string(request.path), "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1", "userAgent": .string(request.header("user-agent") ?? ""),
      ],
      "requestId": .string(freshUUID()), "routeKey": "$default", "stage": "$default",
      "timeEpoch": .number(JSONNumber(Int64(time.timeIntervalSince1970 * 1000))),
    ]
  }
}

/// Images by their first bytes.
enum ImageBytes {
  static let curlsDefaultType = "application/x-www-form-urlencoded"

  /// Nil for other files.
  static func mediaType(of bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "image/png" }
    return nil
  }
}

/// What the caller of a function URL receives.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload
struct FunctionURLResponse {
  let status: Int
  let headers: [(String, String)]
  let body: [UInt8]

  private static let ownHeaders: Set<String> = [
    "content-length", "connection", "transfer-encoding", "keep-alive", "date",
  ]

  /// 502 if the function failed, or if its answer is not a valid response.
  init(_ outcome: InvocationOutcome) {
    let requestID = ("x-amzn-RequestId", outcome.requestID)
    guard outcome.errorType == nil, let answer = try? JSONValue(parsing: outcome.payload),
      let response = Self.response(answer, outcome.payload)
    else {
      status = 502
      headers = [("Content-Type", "text/plain"), requestID]
      body = Array("Internal Server Error".utf8)
      return
    }
    (status, body) = (response.status, response.body)
    headers = response.headers + [requestID]
  }

  /// Nil for an answer that Lambda does not accept.
  private static func response(
    _ answer: JSONValue, _ payload: [UInt8]
  ) -> (status: Int, headers: [(String, String)], body: [UInt8])? {
    guard let code = answer["statusCode"] else {
      // Lambda infers a response from any other JSON.
      return (200, [("Content-Type", "application/json")], payload)
    }
    guard let status = code.int64Value, (100...599).contains(status) else { return nil }
    var headers = (answer["headers"]?.objectValue?.members ?? []).compactMap { name, value in
      value.stringValue.map { (name, $0) }
    }
    headers += (answer["cookies"]?.arrayValue ?? []).compactMap { cookie in
      cookie.stringValue.map { ("Set-Cookie", $0) }
    }
    // A line break would begin another header.
    guard headers.allSatisfy({ isToken($0.0) && isValue($0.1) }) else { return nil }
    headers.removeAll { ownHeaders.contains($0.0.lowercased()) }
    let text = answer["body"]?.stringValue ?? ""
    let isBase64 = answer["isBase64Encoded"]?.boolValue == true
    guard let body = isBase64 ? Data(base64Encoded: text).map({ Array($0) }) : Array(text.utf8)
    else {
      return nil
    }
    return (Int(status), headers, body)
  }

  private static func isValue(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }

  private static func isToken(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || "!#$%&'*+-.^_`|~".utf8.contains(byte)
      }
  }
}
