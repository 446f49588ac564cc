import AWSClient
import LambdaEvents
import LambdaRuntime
import Platform

/// One image could not be classified.
struct ClassificationError: ReportableError {
  /// Which one.
  let location: ImageLocation
  let errorType: String
  let message: String
  /// What an HTTP caller gets: 4xx for the image or the request, 5xx for the model or AWS.
  let httpStatus: Int

  init(_ location: ImageLocation, errorType: String, _ message: String, httpStatus: Int) {
    self.location = location
    self.errorType = errorType
    // The reader must learn which image it is, also when the endpoint failed.
    let name = location.name
    // `message.contains(name)` would bring the regular-expression engine into the zip: 1 MB.
    let isNamed = message.utf8.indices.contains { message.utf8[$0...].starts(with: name.utf8) }
    self.message = isNamed ? message : "\(name): \(message)"
    self.httpStatus = httpStatus
  }

  init(_ location: ImageLocation, _ error: AWSError) {
    self.init(
      location, errorType: error.errorType, error.message, httpStatus: Self.status(for: error))
  }

  init(_ location: ImageLocation, _ error: ReplyError) {
    self.init(location, errorType: error.errorType, error.message, httpStatus: 502)
  }

  private static func status(for error: AWSError) -> Int {
    switch error.code {
    case .noSuchKey, .noSuchBucket: 404
    case .accessDenied: 403
    case .bodyTooLarge: 413
    case .timedOut: 504
    case .throttling, .slowDown, .serviceUnavailable, .modelNotReady: 503
    case .missingCredentials: 500
    default: 502
    }
  }
}

extension InvocationError {
  /// The failure of an event some of whose images failed; lists every one of them.
  init(_ failures: [ClassificationError], ofImages count: Int) {
    let types = Set(failures.map(\.errorType))
    let list = failures.map(\.message).joined(separator: "; ")
    self.init(
      errorType: types.count == 1
        ? failures[0].errorType : "Classification.SeveralFailures",
      message: count == 1 ? list : "\(failures.count) of \(count) images failed: \(list)")
  }
}

extension ImageLocation {
  /// `s3://bucket/key`, or the URL.
  var name: String {
    switch self {
    case .object(let object): "s3://\(object.bucket)/\(object.key)"
    case .url(let url): url
    }
  }
}
