import AWSControl
import Foundation
import JSON
import LoopbackServer
import OperationsSupport
import TestSupport

/// SageMaker and Application Auto Scaling in small: a scripted answer by operation, each used once
/// but the last.
final class HostingFixture {
  let control: ControlFixture
  private let recorder = Recorder<(operation: String, body: JSONValue)>()
  private let server: LoopbackServer

  /// - Parameter answers: by operation's name; a body, or `Code: message` for an error 400.
  init(_ answers: [String: [String]], dryRun: Bool = false) throws {
    let recorder = self.recorder
    server = try LoopbackServer { request, connection in
      let operation =
        request.header("X-Amz-Target")?.split(separator: ".").last.map(String.init)
        ?? request.method
      let body = (try? JSONValue(parsing: request.body)) ?? .null
      let position = recorder.add((operation, body))
      let count = recorder.all.prefix(position).count { $0.operation == operation }
      let known = answers[operation] ?? ["{}"]
      let answer = known[min(count, known.count) - 1]
      guard !answer.hasPrefix("{"), let colon = answer.firstIndex(of: ":") else {
        return try connection.send(status: 200, body: Array(answer.utf8))
      }
      let error =
        #"{"__type":"\#(answer[..<colon])","message":"\#(answer[colon...].dropFirst(2))"}"#
      try connection.send(status: 400, body: Array(error.utf8))
    }
    control = try ControlFixture(url: server.baseURL, dryRun: dryRun)
  }

  deinit { server.stop() }

  var client: ControlClient { control.client }
  var waiter: Waiter { Waiter(clock: control.clock) }
  /// Names of the calls, in order.
  var operations: [String] { recorder.all.map(\.operation) }
  /// Names of the writes, in order.
  var writes: [String] {
    operations.filter { !$0.hasPrefix("Describe") && !$0.hasPrefix("List") }
  }
  /// The bodies of an operation.
  func bodies(_ operation: String) -> [JSONValue] {
    recorder.all.filter { $0.operation == operation }.map(\.body)
  }

  static func endpoint(
    _ status: String = "InService", config: String = "old", count: Int = 2, reason: String? = nil,
    pending: String? = nil
  ) -> String {
    """
    {"EndpointName":"dogs","EndpointArn":"arn","EndpointConfigName":"\(config)","EndpointStatus":"\(status)",
    \(reason.map { "\"FailureReason\":\"\($0)\"," } ?? "")
    \(pending.map { "\"PendingDeploymentSummary\":{\"EndpointConfigName\":\"\($0)\"}," } ?? "")"ProductionVariants":[{"VariantName":"All",
    "CurrentInstanceCount":\(count),"DesiredInstanceCount":\(count)}]}
    """
  }
  static let config = """
    {"EndpointConfigName":"old","EndpointConfigArn":"arn","KmsKeyId":"key","ProductionVariants":[{"VariantName":"All",
    "ModelName":"model","InstanceType":"ml.m5.xlarge","InitialInstanceCount":1,"InitialVariantWeight":1}]}
    """
  static let model = """
    {"ModelName":"model","ModelArn":"arn","ExecutionRoleArn":"arn:aws:iam::1:role/r","PrimaryContainer":
    {"Image":"763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.6.0-cpu-py312",
    "ModelDataUrl":"s3://models/old/model.tar.gz","Environment":{"A":"b"}}}
    """
  static let missing = "ValidationException: Could not find endpoint"
}
