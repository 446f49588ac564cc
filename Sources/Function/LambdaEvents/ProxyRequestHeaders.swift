import JSON

/// The headers of a request. Names are case-insensitive.
///
/// Sources:
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
public struct ProxyRequestHeaders: Equatable, Sendable {
  private var values: [String: String] = [:]

  /// The values of a repeated name are joined with a comma.
  public init(_ fields: [(name: String, value: String)]) {
    for (name, value) in fields { append(name, value) }
  }

  /// The value of a header, with the values of a repeated header joined with a comma.
  public subscript(name: String) -> String? { values[name.lowercased()] }

  /// Version 1.0 has all values in `multiValueHeaders` and the last ones in `headers`; version 2.0
  /// has only `headers`, already joined. Some test events and proxies put one header into the one and
  /// another into the other, so both are read; `multiValueHeaders` takes precedence. Values that are not
  /// strings are ignored.
  init(_ event: JSONValue) {
    for (name, values) in event["multiValueHeaders"]?.objectValue?.members ?? [] {
      for value in values.arrayValue ?? [] {
        if let value = value.stringValue { append(name, value) }
      }
    }
    let multiple = values
    for (name, value) in event["headers"]?.objectValue?.members ?? []
    where multiple[name.lowercased()] == nil {
      if let value = value.stringValue { append(name, value) }
    }
  }

  private mutating func append(_ name: String, _ value: String) {
    let name = name.lowercased()
    values[name] = values[name].map { "\($0), \(value)" } ?? value
  }
}

extension ProxyRequestHeaders {
  /// The media type of the body in lower case, without parameters, for example `image/jpeg`.
  var mediaType: String? {
    guard let value = self["Content-Type"] else { return nil }
    let type = trimmed(value.utf8.prefix { $0 != UInt8(ascii: ";") }).lowercased()
    return type.isEmpty ? nil : type
  }

  /// Whether `Accept-Encoding` lists gzip, or `*`, with a weight above 0; false without the header.
  ///
  /// Source: https://www.rfc-editor.org/rfc/rfc9110#name-accept-encoding
  var acceptsGzip: Bool {
    var accepts: [String: Bool] = [:]
    for element in (self["Accept-Encoding"] ?? "").utf8.split(separator: UInt8(ascii: ",")) {
      let parts = element.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
      guard let coding = parts.first else { continue }
      accepts[trimmed(coding).lowercased()] = !parts.dropFirst().contains(where: isZeroWeight)
    }
    return accepts["gzip"] ?? accepts["x-gzip"] ?? accepts["*"] ?? false
  }

  private func isZeroWeight(_ parameter: Substring.UTF8View) -> Bool {
    let text = trimmed(parameter).lowercased()
    return text.hasPrefix("q=0") && !text.dropFirst(3).contains { ("1"..."9").contains($0) }
  }

  private func trimmed(_ text: Substring.UTF8View) -> String {
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    let start = text.drop(while: isBlank)
    let length = start.count - start.reversed().prefix(while: isBlank).count
    return String(Substring(start.prefix(length)))
  }
}
