import JSON
import Platform

/// What an asynchronous endpoint publishes to its SNS topics about one inference.
///
/// SNS delivers at least once and in any order. The documentation shows only the test notification; the members of the
/// others are as recorded in public code and tests from 2022 to 2025.
/// A class, because copying its strings takes code.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
public final class SageMakerNotification: Equatable, Sendable {
  /// A notification, or the reason why it cannot be read.
  public typealias Outcome = Result<SageMakerNotification, EventError>

  public enum Status: String, Sendable {
    case completed = "Completed"
    case failed = "Failed"
  }

  public let invocationStatus: Status
  /// As in the request, or SageMaker's own.
  public let inferenceID: String?
  public let endpointName: String?
  /// The input as in the request, usually `s3://BUCKET/KEY`; nil where the input was in the request itself.
  public let inputLocation: String?
  /// The object with the container's reply, as `s3://` or `https://` URL.
  public let outputLocation: String?
  /// The object with the container's error reply; nil without a failure path.
  public let failureLocation: String?
  /// Why it failed, in SageMaker's words.
  public let failureReason: String?
  /// The type of the reply.
  public let contentType: String?
  /// The container's reply, if the topic includes it (`IncludeInferenceResponseIn`) and it has at most 128 kB.
  public let responseBody: [UInt8]?

  /// - Throws: for another version, and for an unknown status.
  init(_ reader: EventReader) throws(EventError) {
    if let version = try reader.optionalString("eventVersion"),
      version.utf8.first != UInt8(ascii: "1")
    {
      throw reader.error(
        .unsupportedVersion, ["eventVersion"],
        "is \(EventError.quoted(version)); this function supports 1.x of SageMaker's notifications")
    }
    let name = try reader.requiredString("invocationStatus")
    guard let status = Status(rawValue: name) else {
      throw reader.error(
        .malformedField, ["invocationStatus"],
        "is \(EventError.quoted(name)); it must be Completed or Failed")
    }
    invocationStatus = status
    let message = reader.value
    let (request, response) = (message["requestParameters"], message["responseParameters"])
    inferenceID = message["inferenceId"]?.stringValue
    endpointName = request?["endpointName"]?.stringValue
    inputLocation = request?["inputLocation"]?.stringValue
    outputLocation = response?["outputLocation"]?.stringValue
    failureLocation = response?["failureLocation"]?.stringValue
    failureReason = message["failureReason"]?.stringValue
    contentType = response?["contentType"]?.stringValue
    responseBody = Self.content(of: message["responseBody"])
  }

  static func matches(_ message: JSONValue) -> Bool {
    message["eventSource"]?.stringValue == "aws:sagemaker"
  }

  /// Sent to both topics when the endpoint is created or updated. Nothing to do.
  static func isTest(_ message: JSONValue) -> Bool {
    message["eventName"]?.stringValue == "TestNotification"
  }

  public static func == (left: SageMakerNotification, right: SageMakerNotification) -> Bool {
    left.texts == right.texts && left.responseBody == right.responseBody
  }

  private var texts: [String?] {
    [
      invocationStatus.rawValue, inferenceID, endpointName, inputLocation, outputLocation,
      failureLocation, failureReason, contentType,
    ]
  }

  /// Nil for another encoding and for damaged text: the reply is then read from S3.
  private static func content(of body: JSONValue?) -> [UInt8]? {
    guard let content = body?["content"]?.stringValue,
      body?["encoding"]?.stringValue ?? "BASE64" == "BASE64"
    else { return nil }
    return try? Base64.decode(content.utf8)
  }
}

extension S3ObjectReference {
  /// The object of a URL as SageMaker writes it: `s3://BUCKET/KEY`, or
  /// `https://BUCKET.s3.REGION.amazonaws.com/KEY`; nil for anything else. The key is taken as it is.
  public init?(location: String) {
    let bytes = Array(location.utf8)
    let isHTTPS = bytes.starts(with: "https://".utf8)
    guard isHTTPS || bytes.starts(with: "s3://".utf8) else { return nil }
    let rest = bytes.dropFirst(isHTTPS ? 8 : 5)
    let host = rest.prefix { $0 != UInt8(ascii: "/") }
    let key = String(decoding: rest.dropFirst(host.count + 1), as: UTF8.self)
    var bucket = String(decoding: host, as: UTF8.self)
    if isHTTPS {
      guard bucket.holds(".amazonaws.com"), let name = Self.bucket(ofHost: bucket) else {
        return nil
      }
      bucket = name
    }
    guard !bucket.isEmpty, !key.isEmpty else { return nil }
    self.init(bucket: bucket, key: key)
  }

  /// What precedes `.s3.` or `.s3-`; a bucket's name may have dots, and even such a part.
  private static func bucket(ofHost host: String) -> String? {
    let labels = host.split(separator: ".")
    guard let index = labels.lastIndex(where: { $0 == "s3" || $0.hasPrefix("s3-") }), index > 0
    else { return nil }
    return labels[..<index].joined(separator: ".")
  }
}
