import JSON
import Platform

/// A response in the shape of API Gateway's Lambda proxy integration. It contains only the defined
/// keys: any other key makes API Gateway return 502.
///
/// Sources:
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
public struct ProxyResponse: Equatable, Sendable {
  public struct Header: Equatable, Sendable {
    /// Sent in this case.
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// 200 to 599.
  public var statusCode: Int
  /// In order; by default `Content-Type` and `Access-Control-Allow-Origin`, which is not sent to a function URL.
  public var headers: [Header]
  /// A JSON document in UTF-8, sent as a string; any bytes when `isBase64Encoded`.
  public var body: [UInt8]
  /// Whether the body is sent in base64.
  public var isBase64Encoded = false
  /// Whether the body was written by a `JSONWriter` with `isEmbedded` and is already escaped.
  public var isEmbedded = false

  public init(statusCode: Int, body: [UInt8]) {
    self.statusCode = statusCode
    self.body = body
    headers = [Header("Content-Type", "application/json"), Self.anyOrigin]
  }

  /// The response for a failure: `{"error": {"type": …, "message": …, "requestId": …}}`. Status 405
  /// adds the `Allow` header.
  public init(statusCode: Int, errorType: String, message: String, requestID: String) {
    var writer = JSONWriter(reservingCapacity: message.utf8.count + 160)
    writer.beginObject()
    writer.key("error")
    writer.beginObject()
    writer.key("type")
    writer.string(errorType)
    writer.key("message")
    writer.string(message)
    writer.key("requestId")
    writer.string(requestID)
    writer.endObject()
    writer.endObject()
    self.init(statusCode: statusCode, body: writer.bytes)
    if statusCode == 405 { headers.append(Self.allow) }
  }

  /// The response for an error, with its type and message.
  public init(statusCode: Int, error: any ReportableError, requestID: String) {
    self.init(
      statusCode: statusCode, errorType: error.errorType, message: error.message,
      requestID: requestID)
  }
}

extension ProxyResponse {
  static let allowedMethods = "OPTIONS, POST"
  private static let allow = Header("Allow", allowedMethods)
  private static let anyOrigin = Header("Access-Control-Allow-Origin", "*")

  /// The response to `OPTIONS`: 204 with the allowed methods and CORS headers, which cover an image
  /// upload from a browser and a request signed with Signature Version 4. CORS settings of an HTTP
  /// API replace these headers.
  ///
  /// Sources:
  /// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
  /// https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
  /// https://fetch.spec.whatwg.org/#http-cors-protocol
  public static let options = {
    var response = ProxyResponse(statusCode: 204, body: [])
    response.headers = [
      allow, anyOrigin,
      Header("Access-Control-Allow-Methods", allowedMethods),
      Header(
        "Access-Control-Allow-Headers",
        "Authorization, Content-Type, X-Amz-Content-Sha256, X-Amz-Date, X-Amz-Security-Token, X-Api-Key"
      ),
      Header("Access-Control-Max-Age", "7200"),
    ]
    return response
  }()

  /// Replaces the body with its compressed form, for a request with `acceptsGzip`.
  ///
  /// - Parameter body: this response's body as a gzip stream.
  public func gzipped(_ body: [UInt8]) -> ProxyResponse {
    var response = self
    response.body = body
    response.isBase64Encoded = true
    response.isEmbedded = false
    response.headers += [Header("Content-Encoding", "gzip"), Header("Vary", "Accept-Encoding")]
    return response
  }

  /// The response as JSON: `statusCode`, `headers`, `isBase64Encoded`, and `body`, in this order.
  /// Headers with several values are in `multiValueHeaders` in version 1.0 and joined with a comma
  /// in version 2.0, which does not define that key. A load balancer receives either `headers` or
  /// `multiValueHeaders`, whichever it reads. A function URL adds the CORS headers of its configuration to those of the
  /// response; a browser refuses two values of `Access-Control-Allow-Origin`, so it gets none from here.
  ///
  /// - Parameter format: the format of the request; version 2.0 for a console request.
  public consuming func serialized(for format: ProxyFormat = .version2) -> [UInt8] {
    var response = consume self
    return response.takeSerialized(for: format)
  }

  private mutating func takeSerialized(for format: ProxyFormat) -> [UInt8] {
    // Capacity for the escapes in the body, or for base64, which adds a third.
    var writer = JSONWriter(
      reservingCapacity: isEmbedded ? 256 : body.count + body.count / 3 + 512)
    writer.beginObject()
    writer.key("statusCode")
    writer.integer(Int64(statusCode))
    writeHeaders(&writer, format)
    writer.key("isBase64Encoded")
    writer.bool(isBase64Encoded)
    writer.key("body")
    if isEmbedded {
      // The document stays where it was written, and gets the rest around it.
      var document: [UInt8] = []
      swap(&document, &body)
      return writer.endObject(aroundEmbedded: document)
    }
    writer.string(repairingUTF8: isBase64Encoded ? Base64.encode(body) : body)
    writer.endObject()
    return writer.bytes
  }

  /// Most names have another length, and then no copy in lower case is made.
  private static func isSameName(_ one: String, _ other: String) -> Bool {
    one.utf8.count == other.utf8.count && one.lowercased() == other.lowercased()
  }

  private func writeHeaders(_ writer: inout JSONWriter, _ format: ProxyFormat) {
    var fields: [(name: String, values: [String])] = []
    for header in headers {
      if format == .functionURL, header.name.lowercased().hasPrefix("access-control-") { continue }
      if let index = fields.firstIndex(where: { Self.isSameName($0.name, header.name) }) {
        fields[index].values.append(header.value)
      } else {
        fields.append((name: header.name, values: [header.value]))
      }
    }
    let lists =
      switch format {
      case .version1: fields.filter { $0.values.count > 1 }
      case .version2, .functionURL, .loadBalancer: [(name: String, values: [String])]()
      case .loadBalancerMultiValue: fields
      }
    if format != .loadBalancerMultiValue {
      writer.key("headers")
      writer.beginObject()
      for field in fields where format != .version1 || field.values.count == 1 {
        writer.key(field.name)
        writer.string(
          field.values.count == 1 ? field.values[0] : field.values.joined(separator: ", "))
      }
      writer.endObject()
    }
    guard !lists.isEmpty else { return }
    writer.key("multiValueHeaders")
    writer.beginObject()
    for field in lists {
      writer.key(field.name)
      writer.beginArray()
      for value in field.values { writer.string(value) }
      writer.endArray()
    }
    writer.endObject()
  }
}
