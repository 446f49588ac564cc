import JSON
import Platform

/// The payload format of a request and its response.
public enum ProxyFormat: Equatable, Sendable {
  /// Version 1.0: REST APIs, and HTTP APIs configured for it.
  case version1
  /// Version 2.0: HTTP APIs.
  case version2
  /// Version 2.0 of a function URL, which adds CORS headers by itself.
  case functionURL
  /// An Application Load Balancer's target group.
  case loadBalancer
  /// A target group with multi-value headers enabled, where the load balancer reads only
  /// `multiValueHeaders`.
  case loadBalancerMultiValue
}

/// The content of a request.
public enum ProxyContent: Equatable, Sendable {
  /// An image to classify: at least one byte, limited by the 6 MiB of an event. The media type is
  /// the client's and may be wrong: `image/…`, `application/x-image`, or `application/octet-stream`.
  case image(bytes: [UInt8], mediaType: String)
  /// The location of an image to classify.
  case reference(ConsoleRequest)
  /// An `OPTIONS` request. The response is `ProxyResponse.options`.
  case options
}

/// A request from API Gateway (REST API, HTTP API), a function URL, or an Application Load
/// Balancer, which limits bodies to 1 MB in both directions. Its health checks, off by default for
/// a function, are `GET` requests and receive 405: enable them only with a matcher that accepts it.
///
/// Sources:
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
/// https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
/// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
public struct ProxyRequest: Equatable, Sendable {
  /// The format of the request and the response.
  public var format: ProxyFormat
  /// In upper case.
  public var method: String
  /// As in the event. All paths are treated alike.
  public var path: String
  public var headers: ProxyRequestHeaders
  /// Whether it came through a function URL with the authentication type `NONE`; with `AWS_IAM`, its event names the
  /// caller.
  ///
  /// Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
  public var isAnonymous: Bool
  /// The content, or the reason why it is refused; `EventError.httpStatus` is then the status of
  /// the response.
  public var content: Result<ProxyContent, EventError>

  public init(
    format: ProxyFormat, method: String, path: String, headers: ProxyRequestHeaders,
    isAnonymous: Bool = false, content: Result<ProxyContent, EventError>
  ) {
    self.format = format
    self.method = method
    self.path = path
    self.headers = headers
    self.isAnonymous = isAnonymous
    self.content = content
  }

  /// Whether the response may be compressed with gzip: the client accepts it, and the service
  /// between decodes base64. A REST API decodes only its configured media types and otherwise
  /// passes base64 on, so responses to REST APIs are never compressed.
  ///
  /// Source:
  /// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html
  public var acceptsGzip: Bool { format != .version1 && headers.acceptsGzip }
}

extension ProxyRequest {
  /// Whether an event is a request: version 2.0 has `requestContext.http`; version 1.0 and load
  /// balancers have `httpMethod`. An authorizer request has them, too, but also a `type`; its
  /// response would be a policy.
  static func matches(_ event: JSONValue) -> Bool {
    guard let context = event["requestContext"], event["type"]?.stringValue != "REQUEST" else {
      return false
    }
    return event["httpMethod"] != nil || context["http"] != nil
  }

  /// By its host, `ID.lambda-url.REGION.on.aws`.
  private static func isFunctionURL(_ reader: EventReader) -> Bool {
    reader.field("requestContext", "domainName")?.stringValue?.holds(".lambda-url.") ?? false
  }

  private static func formatWithMethod(_ reader: EventReader) -> ProxyFormat {
    guard reader.field("requestContext", "elb") != nil else { return .version1 }
    return reader.field("multiValueHeaders") == nil ? .loadBalancer : .loadBalancerMultiValue
  }

  /// - Throws: when there is no method, because the expected kind of response is then unknown.
  init(_ reader: EventReader, defaultBucket: String?) throws(EventError) {
    if reader.field("requestContext", "http") != nil {
      format = Self.isFunctionURL(reader) ? .functionURL : .version2
      method = try reader.requiredString("requestContext", "http", "method").uppercased()
      path = reader.field("rawPath")?.stringValue ?? "/"
    } else {
      format = Self.formatWithMethod(reader)
      method = try reader.requiredString("httpMethod").uppercased()
      path = reader.field("path")?.stringValue ?? "/"
    }
    isAnonymous =
      format == .functionURL && reader.field("requestContext", "authorizer", "iam") == nil
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
          "the method \(EventError.quoted(method)) is not allowed; allowed: \(ProxyResponse.allowedMethods)",
          isConsoleRequest: true))
    }
  }
}
