import AWSClient
import LambdaEvents
import LambdaRuntime
import Platform

/// An image that could not be classified, or whose result could not be stored.
///
/// A class, because it is passed on in many results, and copying its strings takes code.
final class ClassificationError: ReportableError {
  let errorType: String
  let message: String
  /// The message for a caller who may be anyone: without advice on the function's role, and without AWS's own words,
  /// which may name the account.
  let messageForAnyone: String
  /// The status of an HTTP response: 4xx for errors of the image or the request, 5xx for errors of
  /// the model or AWS.
  let httpStatus: Int
  /// Whether the same event may succeed later.
  let retryCanHelp: Bool
  /// Whether the image or the request is at fault, and not the function, its configuration, the model, or AWS.
  let isRejection: Bool
  /// Of a JSON log line about it.
  let logFields: LogFields

  init(
    _ source: ImageSource, errorType: String, _ message: String, httpStatus: Int,
    isRejection: Bool, messageForAnyone: String? = nil, retryCanHelp: Bool = false,
    logFields: LogFields? = nil
  ) {
    self.errorType = errorType
    self.message = Self.naming(source, message)
    self.messageForAnyone = messageForAnyone.map { Self.naming(source, $0) } ?? self.message
    self.httpStatus = httpStatus
    self.isRejection = isRejection
    self.retryCanHelp = retryCanHelp
    self.logFields = (logFields ?? LogFields([("errorType", .text(errorType))]))
      .adding(source.logFields)
  }

  /// The message must name the image, even when the endpoint failed.
  private static func naming(_ source: ImageSource, _ message: String) -> String {
    let name = source.name
    return message.holds(name) ? message : "\(name): \(message)"
  }

  /// The object could not be read: because of the object with a status of 4xx. A denial is that of the function's role,
  /// and so no fault of the caller.
  static func reading(_ source: ImageSource, _ error: AWSError) -> ClassificationError {
    let status: Int? =
      switch error.code {
      case .noSuchKey, .noSuchBucket, .noSuchVersion: 404
      case .bodyTooLarge: 413
      // It is archived, and must be restored first.
      case _ where error.code.rawValue == "InvalidObjectState": 409
      default: nil
      }
    return ClassificationError(source, error, httpStatus: status, isRejection: status != nil)
  }

  /// The endpoint failed.
  ///
  /// A container also answers with 400 for defects of its own script, so only the size of the image is certainly no
  /// fault of the model or of its configuration.
  ///
  /// - Parameter sentType: the content type of the request, for advice if the container rejects it.
  static func classifying(
    _ source: ImageSource, _ error: AWSError, sentType: String
  ) -> ClassificationError {
    ClassificationError(
      source, error, advice: advice(for: error, sentType: sentType),
      httpStatus: error.code == .modelError ? status(ofContainer: error) : nil,
      isRejection: error.code == .modelError && error.originalStatus == 413)
  }

  /// The result could not be written, or the reply of an asynchronous inference could not be read.
  static func storing(_ source: ImageSource, _ error: AWSError) -> ClassificationError {
    ClassificationError(source, error, isRejection: false)
  }

  /// - Parameter httpStatus: that of a failed service if nil.
  convenience init(
    _ source: ImageSource, _ error: AWSError, advice: String = "", httpStatus: Int? = nil,
    isRejection: Bool
  ) {
    self.init(
      source, errorType: error.errorType, error.message + advice,
      httpStatus: httpStatus ?? Self.status(for: error), isRejection: isRejection,
      messageForAnyone: Self.isAboutImage(error)
        ? error.facts(detail: Self.withoutLog(error.detail))
        : "\(error.operation): \(error.code.rawValue)"
          + (error.requestID.map { " (request id \($0))" } ?? ""),
      retryCanHelp: error.retryCanHelp, logFields: error.logFields)
  }

  private static func advice(for error: AWSError, sentType: String) -> String {
    guard error.code == .modelError,
      error.originalStatus == 415 || namesContentType(error.detail.lowercased())
    else { return "" }
    return ". The content type of the request was \(sentType). To send another type for all "
      + "images, set ENDPOINT_CONTENT_TYPE, for example to application/x-image (JumpStart, "
      + "built-in algorithms, AutoGluon) or image/x-image (Hugging Face); for some formats, set "
      + "IMAGE_TYPE_MAP"
  }

  /// "Content type image/webp is not supported by this framework", in the words of several servers.
  private static func namesContentType(_ detail: String) -> Bool {
    detail.holds("content type") && detail.holds("not supported")
      || detail.holds("unsupported media type") || detail.holds("unsupported content type")
  }

  /// Of a zero-byte object whose key ends in a slash, which the console makes for a folder.
  static let folderType = "Image.Folder"
  /// Of an event about a version that is no longer the latest, where only the latest can be read.
  static let supersededType = "Image.Superseded"
  /// Of a task about an object that looks like a stored result.
  static let ownResultType = "Image.OwnResult"
  /// Whether there is nothing to do and nothing is wrong.
  var isSkipped: Bool {
    errorType == Self.folderType || errorType == Self.supersededType
      || errorType == Self.ownResultType
  }

  convenience init(_ source: ImageSource, _ error: ReplyError) {
    self.init(
      source, errorType: error.errorType, error.message, httpStatus: 502, isRejection: false)
  }

  /// A malformed part of the event. A retry cannot help.
  convenience init(_ error: EventError) {
    self.init(
      refusing: error.errorType, error.message, httpStatus: error.httpStatus,
      messageForAnyone: error.message)
  }

  /// A request that is refused without a look at its image, whose name the response then does not reveal.
  init(
    refusing errorType: String, _ message: String, httpStatus: Int, messageForAnyone: String
  ) {
    self.errorType = errorType
    self.message = message
    self.messageForAnyone = messageForAnyone
    self.httpStatus = httpStatus
    isRejection = true
    retryCanHelp = false
    logFields = LogFields([("errorType", .text(errorType))])
  }

  /// An image without an outcome: a defect of this program, reported instead of hidden.
  static let lost = ClassificationError(
    .url("an image of the event"), errorType: "Runtime.LostOutcome",
    "its transfer ended without an outcome", httpStatus: 500, isRejection: false,
    retryCanHelp: true)

  /// Any other message may name the account, the function's role, a key, or an address of its network.
  private static func isAboutImage(_ error: AWSError) -> Bool {
    error.code == .modelError || error.code == .bodyTooLarge
  }

  /// The container's words, without the link to its log that SageMaker adds, which names the account.
  private static func withoutLog(_ detail: String) -> String {
    detail.before(last: " [log: ").before(last: ". See https://")
  }

  private static func status(for error: AWSError) -> Int {
    switch error.code {
    case .timedOut: 504
    case .missingCredentials: 500
    case .serviceUnavailable, .slowDown: 503
    default: error.verdict.pause == .throttling ? 503 : 502
    }
  }

  /// The container's statuses about the image are passed on; those about itself become AWS's statuses.
  private static func status(ofContainer error: AWSError) -> Int {
    switch error.originalStatus {
    case let status? where [400, 413, 415].contains(status): status
    case 0, 408, 504: 504
    default: error.verdict.pause == .throttling ? 503 : 502
    }
  }
}

extension ImageSource {
  /// Which image a log line is about.
  var logFields: LogFields {
    switch self {
    case .object(let object):
      return LogFields([("bucket", .text(object.bucket)), ("key", .text(object.key))])
    case .inference(let report):
      let object = report.object.map { ImageSource.object($0).logFields } ?? .none
      return object.adding(
        LogFields([("inferenceId", report.inferenceID.map { .text($0) })]))
    default: return .none
    }
  }
}

extension InvocationError {
  /// Room for the failures' messages in an error report, in bytes.
  private static let maximumListBytes = 5_000

  /// The failure of an event some of whose images failed: the first ones with their reason and whether
  /// a retry can help, and how many more there are.
  init(_ failures: [ClassificationError], ofImages count: Int) {
    let types = Set(failures.map(\.errorType))
    var list = ""
    var listed = 0
    for failure in failures {
      let text =
        failure.message
        + (failure.retryCanHelp ? " [a retry may help]" : " [a retry will not help]")
      guard listed == 0 || list.utf8.count + text.utf8.count <= Self.maximumListBytes else { break }
      list += (listed == 0 ? "" : "; ") + text
      listed += 1
    }
    if listed < failures.count { list += "; and \(failures.count - listed) more" }
    self.init(
      errorType: types.count == 1 ? failures[0].errorType : "Classification.SeveralFailures",
      message: count == 1 ? list : "\(failures.count) of \(count) images failed: \(list)",
      logFields: failures.count == 1 ? failures[0].logFields : nil)
  }
}
