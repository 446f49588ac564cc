import HTTPClient

/// One call to an AWS service, before it is signed.
public struct AWSRequest {
  /// The service.
  public var service: AWSService
  /// The operation and its object, for messages: `GetObject s3://photos/rex.jpg`.
  public var operation: String
  /// The HTTP method.
  public var method: String
  /// In front of the service's host, as `photos.` for a bucket; not used with an override.
  public var hostPrefix = ""
  /// The path, not percent-encoded unless `isPathEncoded`.
  public var path: String
  /// Whether `path` is sent as it is: a segment of it may hold an encoded slash.
  public var isPathEncoded = false
  /// Query parameters, not percent-encoded.
  public var query: [(name: String, value: String)] = []
  /// Headers to sign and send, besides those of the signature.
  public var headers: [HTTPHeader] = []
  /// The body; its hash is signed.
  public var body: [UInt8] = []
  /// Sent instead of `body`.
  public var receivedBody: ReceivedBody?
  /// A larger response is refused.
  public var maximumResponseBytes: Int
  /// What to do when AWS denies access, as a sentence.
  public var accessAdvice: String
  /// How long the parts of an attempt may take.
  public var limits = TimeLimits()
  /// Whether the call has the same effect once or twice. If not, it is retried only after throttling.
  public var isRepeatable = true
  /// Reads the body of a 2xx response while it is received; it begins anew with each attempt.
  public var bodyObserver: (any BodyObserver)?
  /// Checks a 2xx response; an error counts as a failed attempt.
  public var check: ((HTTPResponse) -> AWSError?)?

  /// A call; see the properties.
  public init(
    service: AWSService, operation: String, method: String, path: String,
    maximumResponseBytes: Int, accessAdvice: String
  ) {
    self.service = service
    self.operation = operation
    self.method = method
    self.path = path
    self.maximumResponseBytes = maximumResponseBytes
    self.accessAdvice = accessAdvice
  }
}
