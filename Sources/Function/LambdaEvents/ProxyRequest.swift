import JSON

/// Which payload format a request came in, and so which one its answer has.
public enum ProxyFormat: Equatable, Sendable {
  /// 1.0, of REST APIs (and HTTP APIs that ask for it).
  case version1
  /// 2.0, of HTTP APIs and function URLs.
  case version2
  /// Of an Application Load Balancer's target group.
  case loadBalancer
  /// The same where the target group has multi-value headers turned on: then the load balancer reads
  /// only `multiValueHeaders`.
  case loadBalancerMultiValue
}

/// What a client wants.
public enum ProxyContent: Equatable, Sendable {
  /// To classify these bytes. The media type is the client's, `image/…`, `application/x-image` or
  /// `application/octet-stream`, which need not be true; there is one byte or more, and at most what the
  /// 6 MiB of an event hold.
  case image(bytes: [UInt8], mediaType: String)
  /// To classify an image that is somewhere else.
  case reference(ConsoleRequest)
  /// To know what is allowed (`OPTIONS`): the answer is `ProxyResponse.options`.
  case options
}

/// A request of API Gateway (REST API, HTTP API), of a function URL or of an Application Load Balancer,
/// which takes and gives bodies of 1 MB at most. Its health checks, off by default for a function, are
/// `GET` requests and get 405: turn them on only with a matcher that takes it.
///
/// Sources:
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
/// https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
/// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
public struct ProxyRequest: Equatable, Sendable {
  /// The format of request and answer.
  public var format: ProxyFormat
  /// The method in upper case.
  public var method: String
  /// The path as it stands in the event; every path is answered alike.
  public var path: String
  /// The headers.
  public var headers: ProxyRequestHeaders
  /// What the client wants, or why it cannot be had; then `EventError.httpStatus` is the status of
  /// the answer.
  public var content: Result<ProxyContent, EventError>

  /// A request.
  public init(
    format: ProxyFormat, method: String, path: String, headers: ProxyRequestHeaders,
    content: Result<ProxyContent, EventError>
  ) {
    self.format = format
    self.method = method
    self.path = path
    self.headers = headers
    self.content = content
  }

  /// Whether the answer may be compressed with gzip: the client accepts it, and what is between
  /// decodes base64. A REST API does that only for the media types that it is configured with and
  /// else passes the base64 on, so its answers are never compressed here.
  ///
  /// Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html
  public var acceptsGzip: Bool { format != .version1 && headers.acceptsGzip }
}

extension ProxyRequest {
  /// Whether an event is a request: 2.0 has `requestContext.http`, 1.0 and a load balancer's has
  /// `httpMethod`. A question to an authorizer has them, too, and a `type`; it wants a policy.
  static func matches(_ event: JSONValue) -> Bool {
    guard let context = event["requestContext"], event["type"]?.stringValue != "REQUEST" else {
      return false
    }
    return event["httpMethod"] != nil || context["http"] != nil
  }

  private static func formatWithMethod(_ reader: EventReader) -> ProxyFormat {
    guard reader.field("requestContext", "elb") != nil else { return .version1 }
    return reader.field("multiValueHeaders") == nil ? .loadBalancer : .loadBalancerMultiValue
  }

  /// - Throws: when there is no method, and so no telling what kind of answer is awaited.
  init(_ reader: EventReader, defaultBucket: String?) throws(EventError) {
    if reader.field("requestContext", "http") != nil {
      format = .version2
      method = try reader.requiredString("requestContext", "http", "method").uppercased()
      path = reader.field("rawPath")?.stringValue ?? "/"
    } else {
      format = Self.formatWithMethod(reader)
      method = try reader.requiredString("httpMethod").uppercased()
      path = reader.field("path")?.stringValue ?? "/"
    }
    let headers = ProxyRequestHeaders(reader.value)
    self.headers = headers
    let body = ProxyRequestBody(event: reader.value, mediaType: headers.mediaType)
    switch method {
    case "OPTIONS": content = .success(.options)
    case "POST":
      content = Result { () throws(EventError) in try body.content(defaultBucket: defaultBucket) }
    default:
      content = .failure(
        EventError(
          .methodNotAllowed,
          "the method is \(EventError.quoted(method)); allowed are \(ProxyResponse.allowedMethods)",
          isConsoleRequest: true))
    }
  }
}
