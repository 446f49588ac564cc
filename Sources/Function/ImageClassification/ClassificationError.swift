import AWSClient
import LambdaEvents
import LambdaRuntime
import Platform

/// An image that could not be classified, or whose result could not be stored.
struct ClassificationError: ReportableError {
  let errorType: String
  let message: String
  /// The status of an HTTP response: 4xx for errors of the image or the request, 5xx for errors of
  /// the model or AWS.
  let httpStatus: Int
  /// Whether the same event may succeed later.
  let retryCanHelp: Bool

  init(
    _ source: ImageSource, errorType: String, _ message: String, httpStatus: Int,
    retryCanHelp: Bool = false
  ) {
    self.errorType = errorType
    // The message must name the image, even when the endpoint failed.
    let name = source.name
    let isNamed = message.utf8.indices.contains { message.utf8[$0...].starts(with: name.utf8) }
    self.message = isNamed ? message : "\(name): \(message)"
    self.httpStatus = httpStatus
    self.retryCanHelp = retryCanHelp
  }

  init(_ source: ImageSource, _ error: AWSError) {
    self.init(
      source, errorType: error.errorType, error.message, httpStatus: Self.status(for: error),
      retryCanHelp: error.retryCanHelp)
  }

  /// - Parameter sentType: the content type of the request, for advice if the container rejects it.
  init(_ source: ImageSource, _ error: AWSError, sentType: String) {
    let isTypeRefused =
      error.code == .modelError
      && (error.originalStatus == 415 || Self.namesContentType(error.detail.lowercased()))
    let advice =
      isTypeRefused
      ? ". The content type of the request was \(sentType). To send another type for all images, set ENDPOINT_CONTENT_TYPE, for example to application/x-image "
        + "(JumpStart, built-in algorithms, AutoGluon) or image/x-image (Hugging Face); for some formats, set IMAGE_TYPE_MAP"
      : ""
    self.init(
      source, errorType: error.errorType, error.message + advice,
      httpStatus: Self.status(for: error), retryCanHelp: error.retryCanHelp)
  }

  /// "Content type image/webp is not supported by this framework", in the words of several servers.
  private static func namesContentType(_ detail: String) -> Bool {
    func contains(_ part: String) -> Bool {
      detail.utf8.indices.contains { detail.utf8[$0...].starts(with: part.utf8) }
    }
    return contains("content type") && contains("not supported")
      || contains("unsupported media type") || contains("unsupported content type")
  }

  /// Of a zero-byte object whose key ends in a slash, which the console makes for a folder.
  static let folderType = "Image.Folder"
  var isFolder: Bool { errorType == Self.folderType }

  init(_ source: ImageSource, _ error: ReplyError) {
    self.init(source, errorType: error.errorType, error.message, httpStatus: 502)
  }

  /// A malformed part of the event. A retry cannot help.
  init(_ error: EventError) {
    errorType = error.errorType
    message = error.message
    httpStatus = error.httpStatus
    retryCanHelp = false
  }

  /// An image without an outcome: a defect of this program, reported instead of hidden.
  static let lost = ClassificationError(
    .url("an image of the event"), errorType: "Runtime.LostOutcome",
    "its transfer ended without an outcome", httpStatus: 500, retryCanHelp: true)

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
  /// The failure of an event with failed images. Lists each of them with the reason and whether a
  /// retry can help.
  init(_ failures: [ClassificationError], ofImages count: Int) {
    let types = Set(failures.map(\.errorType))
    let list = failures.map { failure in
      failure.message + (failure.retryCanHelp ? " [a retry may help]" : " [a retry will not help]")
    }.joined(separator: "; ")
    self.init(
      errorType: types.count == 1 ? failures[0].errorType : "Classification.SeveralFailures",
      message: count == 1 ? list : "\(failures.count) of \(count) images failed: \(list)")
  }
}
