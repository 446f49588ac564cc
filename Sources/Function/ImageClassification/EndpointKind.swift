import Platform

/// How the endpoint is hosted (`ENDPOINT_KIND`), which decides how it is called and what it accepts.
///
/// Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html,
/// https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html
enum EndpointKind: String, CaseIterable {
  /// On instances.
  case realtime
  /// Without instances; a call when none is warm includes the start of the container.
  case serverless
  /// Behind a queue, from which the endpoint reads objects of S3 when it has instances.
  case asynchronous

  init(environment: Environment) throws(ConfigurationError) {
    let name = environment["ENDPOINT_KIND"] ?? Self.realtime.rawValue
    guard let kind = EndpointKind(rawValue: name) else {
      throw ConfigurationError(
        variable: "ENDPOINT_KIND",
        problem: "is \(name); it must be realtime, serverless, or asynchronous")
    }
    self = kind
  }

  /// The download of the model and `/ping` within 3 minutes, and the inference within one.
  static let coldCallMilliseconds: Int64 = 240_000

  /// The default of `MAX_IMAGE_BYTES`.
  var defaultImageBytes: Int { self == .realtime ? 6_291_456 : maximumImageBytes }

  /// The largest `MAX_IMAGE_BYTES`; the image of an asynchronous endpoint does not pass through the function.
  var maximumImageBytes: Int {
    switch self {
    case .realtime: 104_857_600
    case .serverless: 4_194_304
    case .asynchronous: 1 << 30
    }
  }

  /// The largest body of a request. Real-time endpoints differ, so that theirs is left to SageMaker.
  private var maximumRequestBytes: Int {
    switch self {
    case .realtime: .max
    case .serverless: 4_194_304
    case .asynchronous: 128_000
    }
  }

  /// The largest reply.
  var maximumReplyBytes: Int { self == .serverless ? 4_194_304 : 6_291_456 }

  /// The default of `ENDPOINT_TIMEOUT_MS`. A request that is repeated while a serverless endpoint starts would start
  /// another one.
  var defaultTimeoutMilliseconds: Int {
    switch self {
    case .realtime: 70_000
    case .serverless: 250_000
    case .asynchronous: 10_000
    }
  }

  /// `MAX_IMAGE_BYTES`.
  func imageBytes(_ environment: Environment) throws(ConfigurationError) -> Int {
    let largest = max(maximumImageBytes, Self.realtime.maximumImageBytes)
    guard let bytes = try environment.integer("MAX_IMAGE_BYTES", in: 1...largest) else {
      return defaultImageBytes
    }
    guard bytes <= maximumImageBytes else {
      throw ConfigurationError(variable: "MAX_IMAGE_BYTES", problem: "is \(bytes). \(sizeRule)")
    }
    return bytes
  }

  /// Why a body cannot be sent, or nil.
  func problem(withRequestBytes count: Int) -> String? {
    count > maximumRequestBytes ? "the request has \(count) bytes. \(sizeRule)" : nil
  }

  /// What an error about a size says; empty where the limit is that of the setting only.
  var sizeRule: String {
    switch self {
    case .realtime: ""
    case .serverless:
      "A serverless endpoint accepts at most 4194304 bytes (4 MB), and replies with at most as many"
    case .asynchronous:
      "An asynchronous endpoint accepts at most 128000 bytes in a request; upload larger images to S3"
    }
  }
}
