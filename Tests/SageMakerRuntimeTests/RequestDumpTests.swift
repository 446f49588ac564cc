import Foundation
import HTTPClient
import JSON
import Platform
import TestSupport
import Testing

@testable import AWSClient
@testable import SageMakerRuntime

/// Writes the function's requests of SageMaker Runtime with botocore's parameters for the same ones, which
/// `.ci/checks/control-requests.sh` compares with botocore's serializer.
@Suite struct RequestDumpTests {
  private static let path = ProcessInfo.processInfo.environment["RUNTIME_REQUESTS"]

  private struct Case: Sendable {
    let operation: String
    let parameters: JSONValue
    let request: @Sendable (SageMakerRuntimeClient) -> AWSRequest
  }

  private static let odd = "s3://dog-photos/uploads/rex: 1+2%20(a)~&=.jpg"

  private static let cases: [Case] = [
    Case(
      operation: "InvokeEndpointAsync",
      parameters: [
        "EndpointName": "dogs", "InputLocation": .string(odd), "ContentType": "image/jpeg",
        "Accept": "application/json", "CustomAttributes": "trace=a b", "InferenceId": "0055-ab",
        "S3OutputPathExtension": "WzEsImRvZyJd/x-_", "Filename": "rex.json",
        "RequestTTLSeconds": 3600, "InvocationTimeoutSeconds": 60,
      ]
    ) { client in
      var request = InvokeEndpointAsyncRequest(endpointName: "dogs", input: .location(odd))
      request.contentType = "image/jpeg"
      request.accept = "application/json"
      request.customAttributes = "trace=a b"
      request.inferenceID = "0055-ab"
      request.outputPathExtension = "WzEsImRvZyJd/x-_"
      request.filename = "rex.json"
      request.requestTTLSeconds = 3_600
      request.invocationTimeoutSeconds = 60
      return client.request(request)
    },
    Case(
      operation: "InvokeEndpointAsync",
      parameters: ["EndpointName": "dogs", "Body": ["$bytes": "image"], "ContentType": "image/gif"]
    ) { client in
      var request = InvokeEndpointAsyncRequest(
        endpointName: "dogs", input: .inline(Array("image".utf8)))
      request.contentType = "image/gif"
      return client.request(request)
    },
    Case(
      operation: "InvokeEndpointAsync",
      parameters: ["EndpointName": "dogs", "InputLocation": "s3://b/k"]
    ) {
      $0.request(InvokeEndpointAsyncRequest(endpointName: "dogs", input: .location("s3://b/k")))
    },
    Case(
      operation: "InvokeEndpoint",
      parameters: [
        "EndpointName": "dogs", "Body": ["$bytes": "image"], "ContentType": "image/jpeg",
        "Accept": "application/json", "CustomAttributes": "trace=a b", "TargetModel": "m.tar.gz",
        "TargetVariant": "blue", "TargetContainerHostname": "first",
        "InferenceComponentName": "component", "InferenceId": "id-1",
        "EnableExplanations": "`true`", "SessionId": "NEW_SESSION",
      ]
    ) { client in
      var request = InvokeEndpointRequest(endpointName: "dogs", body: Array("image".utf8))
      request.contentType = "image/jpeg"
      request.accept = "application/json"
      request.customAttributes = "trace=a b"
      request.targetModel = "m.tar.gz"
      request.targetVariant = "blue"
      request.targetContainerHostname = "first"
      request.inferenceComponentName = "component"
      request.inferenceID = "id-1"
      request.enableExplanations = "`true`"
      request.sessionID = "NEW_SESSION"
      return client.request(request)
    },
  ]

  private func line(_ item: Case) throws -> [UInt8] {
    let http = try HTTPClient(trust: TrustStore(primary: .amazonTrustServices), proxy: .direct)
    let configuration = try AWSConfiguration(environment: Environment(["AWS_REGION": "us-east-1"]))
    let request = item.request(
      SageMakerRuntimeClient(aws: AWSClient(configuration: configuration, http: http)))
    let line: JSONValue = [
      "service": "sagemaker-runtime", "operation": .string(item.operation),
      "parameters": item.parameters, "region": "us-east-1", "variables": [],
      "method": .string(request.method),
      "url": .string(configuration.baseURL(of: request.service, prefix: "") + request.path),
      "headers": .array(request.headers.map { [.string($0.name), .string($0.value)] }),
      "body": .string(Data(request.body).base64EncodedString()),
    ]
    return line.serialized() + [UInt8(ascii: "\n")]
  }

  @Test(
    .enabled(
      if: path != nil || ProcessInfo.processInfo.environment["REQUIRE_ORACLES"] != nil,
      "RUNTIME_REQUESTS is not set: .ci/checks/control-requests.sh sets it"))
  func requestsAreWrittenForBotocore() throws {
    let text = try Self.cases.flatMap(line)
    try Data(text).write(to: URL(fileURLWithPath: try #require(Self.path)))
  }
}
