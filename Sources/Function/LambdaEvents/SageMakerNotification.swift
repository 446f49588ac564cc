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

  public enum Status: Sendable {
    case completed, failed
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
    switch name {
    case "Completed": invocationStatus = .completed
    case "Failed": invocationStatus = .failed
    default:
      throw reader.error(
        .malformedField, ["invocationStatus"],
        "is \(EventError.quoted(name)); it must be Completed or Failed")
    }
    let message = reader.value
    let (request, response) = (message["requestParameters"], message["responseParameters"])
    inferenceID = Self.text("inferenceId", of: message)
    endpointName = Self.text("endpointName", of: request)
    inputLocation = Self.text("inputLocation", of: request)
    outputLocation = Self.text("outputLocation", of: response)
    failureLocation = Self.text("failureLocation", of: response)
    failureReason = Self.text("failureReason", of: message)
    contentType = Self.text("contentType", of: response)
    responseBody = Self.content(of: message["responseBody"])
  }

  @inline(never)
  private static func text(_ name: String, of value: JSONValue?) -> String? {
    value?[name]?.stringValue
  }

  static func matches(_ message: JSONValue) -> Bool {
    message["eventSource"]?.stringValue == "aws:sagemaker"
  }

  /// Sent to both topics when the endpoint is created or updated. Nothing to do.
  static func isTest(_ message: JSONValue) -> Bool {
    message["eventName"]?.stringValue == "TestNotification"
  }

  /// Whether both are the same message, not only alike.
  public static func == (left: SageMakerNotification, right: SageMakerNotification) -> Bool {
    left === right
  }

  /// Nil for another encoding and for damaged text: the reply is then read from S3.
  private static func content(of body: JSONValue?) -> [UInt8]? {
    guard let content = text("content", of: body),
      text("encoding", of: body) ?? "BASE64" == "BASE64"
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

  /// What precedes the last `.s3.` or `.s3-`: a bucket's name may have dots.
  private static func bucket(ofHost host: String) -> String? {
    let bytes = Array(host.utf8)
    for end in bytes.indices.reversed() where bytes[end...].starts(with: ".s3".utf8) {
      guard end + 3 < bytes.count, bytes[end + 3] == 0x2E || bytes[end + 3] == 0x2D else {
        continue
      }
      return String(decoding: bytes[..<end], as: UTF8.self)
    }
    return nil
  }
}
