import Foundation
import LoopbackServer

/// The members of InvokeEndpointAsync, checked against the limits of the service model.
///
/// Source:
/// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
struct AsynchronousRequest: Sendable {
  static let maximumBodyBytes = 128_000
  private static let prefix = "X-Amzn-SageMaker-"

  enum Input: Sendable {
    /// `InputLocation`, `s3://` or `https://`.
    case location(String)
    case body([UInt8])
  }

  let input: Input
  var inputLocation: String? { if case .location(let text) = input { text } else { nil } }
  /// The client's `InferenceId`, or a new UUID.
  let inferenceID: String
  let contentType: String?
  let accept: String?
  let customAttributes: String?
  /// `S3OutputPathExtension`; empty without one.
  let outputPathExtension: String
  let fileName: String?

  init(_ request: ReceivedHTTPRequest) throws(SageMakerError) {
    let location = try Self.text(request, "InputLocation", 1...1024) {
      $0.wholeMatch(of: /(?s)(https|s3):\/\/([^\/]+)\/?(.*)/) != nil
    }
    switch (location, request.body.isEmpty) {
    case (let location?, true): input = .location(location)
    case (nil, false): input = .body(request.body)
    default: throw Self.refusal("Exactly one of InputLocation and Body must be specified.")
    }
    guard request.body.count <= Self.maximumBodyBytes else {
      throw Self.refusal("Body must not exceed \(Self.maximumBodyBytes) bytes.")
    }
    inferenceID =
      try Self.text(request, "Inference-Id", 1...64) {
        $0.first != " " && $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
      } ?? freshUUID()
    contentType = try Self.text(request, "Content-Type", 0...1024, where: \.isASCII)
    accept = try Self.text(request, "Accept", 0...1024, where: \.isASCII)
    customAttributes = try Self.text(request, "Custom-Attributes", 0...1024, where: \.isASCII)
    outputPathExtension =
      try Self.text(request, "S3OutputPathExtension", 1...512) {
        $0.wholeMatch(of: /(?!s3:|https:)[a-zA-Z0-9!_.*'()\/\-]+/) != nil
      } ?? ""
    fileName = try Self.text(request, "Filename", 1...32) {
      $0.wholeMatch(of: /(?!.*\..*\.)[a-zA-Z0-9][a-zA-Z0-9\-_.]*/) != nil
    }
    try Self.checkSeconds(request, "RequestTTLSeconds", 60...21_600)
    try Self.checkSeconds(request, "InvocationTimeoutSeconds", 1...3600)
  }

  /// The value of a header, or nil without it.
  private static func text(
    _ request: ReceivedHTTPRequest, _ name: String, _ length: ClosedRange<Int>,
    where isValid: (String) -> Bool
  ) throws(SageMakerError) -> String? {
    guard let value = request.header(prefix + name) else { return nil }
    guard length.contains(value.unicodeScalars.count), isValid(value) else {
      throw constraint(name, value)
    }
    return value
  }

  /// A time that this endpoint accepts but does not play: no request expires here.
  private static func checkSeconds(
    _ request: ReceivedHTTPRequest, _ name: String, _ range: ClosedRange<Int>
  ) throws(SageMakerError) {
    guard let value = request.header(prefix + name) else { return }
    guard let seconds = Int(value), range.contains(seconds) else { throw constraint(name, value) }
  }

  private static func constraint(_ name: String, _ value: String) -> SageMakerError {
    refusal(
      "1 validation error detected: Value '\(value)' at '\(name)' failed to satisfy constraint")
  }

  private static func refusal(_ message: String) -> SageMakerError {
    .validation(code: "INVALID_REQUEST", message)
  }
}

extension String {
  fileprivate var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }
}
