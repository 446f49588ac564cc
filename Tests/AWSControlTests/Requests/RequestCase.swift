import AWSClient
import AWSControl
import Credentials
import Foundation
import HTTPClient
import JSON
import Platform

/// One request, and botocore's parameters for the same one.
struct RequestCase: Sendable {
  let service: String
  let operation: String
  let parameters: JSONValue
  let region: String
  let variables: [String: String]
  private let request: @Sendable (ControlClient) -> (url: String, request: WireRequest)

  /// - Parameters:
  ///   - operation: ours.
  ///   - parameters: botocore's for the same; a member `{"$bytes": "text"}` stands for bytes.
  ///   - variables: `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT`.
  init<Operation: ControlOperation>(
    _ operation: Operation, _ parameters: JSONValue, region: String = "us-east-1",
    variables: [String: String] = [:]
  ) {
    service = Operation.service.name
    self.operation = Operation.operationName
    self.parameters = parameters
    self.region = region
    self.variables = variables
    request = { $0.unsignedRequest(operation) }
  }

  /// A line for `.ci/checks/control_requests.py`.
  func line() throws -> [UInt8] {
    let settings = try AWSSettings(
      variables: variables.merging([
        "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
      ]) { $1 }, region: region)
    let (url, request) = request(try ControlClient(settings))
    let headers = request.headers.map { JSONValue.array([.string($0.name), .string($0.value)]) }
    let variables = self.variables.map { (key: $0.key, value: $0.value) }
    let line: JSONValue = [
      "service": .string(service), "operation": .string(operation), "parameters": parameters,
      "region": .string(region), "variables": .array(variables.map { .string($0.key) }),
      "method": .string(request.method), "url": .string(url), "headers": .array(headers),
      "body": .string(Data(request.body).base64EncodedString()),
    ]
    return line.serialized()
  }
}

/// Every operation that is used, with all its members, with none, and with odd characters.
enum RequestCases {
  static let all: [RequestCase] =
    lambda + concurrency + autoScaling + sageMaker + cloudWatch + sqs + sts + hosts
    + training + hosting + restoredScaling + kinds + batch + batchHosts

  /// A name that needs encoding wherever it is put.
  static let odd = "photo classifier/ä+b:1%2F~*?&#='\"🐕"
}
