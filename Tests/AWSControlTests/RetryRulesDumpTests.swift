import AWSClient
import AWSControl
import Foundation
import HTTPClient
import S3
import SageMakerRuntime
import Testing

/// Writes what is retried, for botocore's own checkers to judge; see `.ci/checks/retry_rules.py`.
@Suite struct RetryRulesDumpTests {
  private static let variables = ProcessInfo.processInfo.environment
  /// Botocore's names.
  private static let services: [(name: String, service: AWSService)] =
    [("s3", .s3), ("sagemaker-runtime", .sageMakerRuntime)]
    + [
      .lambda, .applicationAutoScaling, .sageMaker, .cloudWatch, .sqs, .sts,
    ].map { (service: ControlService) in (service.name, service.aws) }

  /// `t` retried as throttling, `y` as another failure, `n` not.
  private func letter(_ service: AWSService, _ code: Substring, _ status: Int) -> Character {
    let request = AWSRequest(
      service: service, operation: "Operation", method: "GET", path: "/", maximumResponseBytes: 0,
      accessAdvice: "")
    let response = HTTPResponse(
      status: status,
      headers: HTTPHeaders(code.isEmpty ? [] : [("x-amzn-ErrorType", String(code))]), body: [])
    let verdict = AWSError(response, request: request, region: "us-east-1").verdict
    return switch verdict.pause {
    case .throttling?: "t"
    // Only the AWS SDKs' environment has no other credentials to try.
    case .transient? where verdict.needsOtherCredentials: "n"
    case .transient?: "y"
    case nil: "n"
    }
  }

  @Test(
    .enabled(
      if: variables["RETRY_CODES"] != nil || variables["REQUIRE_ORACLES"] != nil,
      "RETRY_CODES is not set: .ci/checks/retry-rules.sh sets it"))
  func verdictsAreWrittenForBotocore() throws {
    let codes = try String(
      contentsOfFile: try #require(Self.variables["RETRY_CODES"]), encoding: .utf8)
    var text = ""
    // Its last, empty line stands for a response without a code.
    for code in codes.split(separator: "\n", omittingEmptySubsequences: false) {
      for (name, service) in Self.services {
        text += "\(name) \(code.isEmpty ? "-" : code) "
        for status in 400...599 { text.append(letter(service, code, status)) }
        text += "\n"
      }
    }
    try text.write(
      toFile: try #require(Self.variables["RETRY_VERDICTS"]), atomically: false, encoding: .utf8)
  }
}
