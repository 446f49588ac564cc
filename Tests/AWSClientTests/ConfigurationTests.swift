@testable import AWSClient
import Foundation
import HTTPClient
import Platform
import S3
import SageMakerRuntime
import SigV4
import SignatureVerification
import TestSupport
import Testing

@Suite struct ConfigurationTests {
  private func problem(_ environment: [String: String]) -> String? {
    let error = #expect(throws: ConfigurationError.self) {
      try AWSConfiguration(environment: Environment(environment))
    }
    return error?.message
  }

  @Test func aMissingRegionIsNamed() {
    #expect(problem([:])?.hasPrefix("AWS_REGION is not set") == true)
  }

  @Test(arguments: ["us east 1", "us-east-1.evil.example/", "ü"])
  func aRegionThatIsNoHostNameIsRefused(region: String) {
    #expect(problem(["AWS_REGION": region])?.contains("not a region") == true)
  }

  @Test(arguments: [
    ("AWS_MAX_ATTEMPTS", "0"), ("AWS_MAX_ATTEMPTS", "many"), ("AWS_USE_FIPS_ENDPOINT", "maybe"),
    ("AWS_ENDPOINT_URL", "ftp://x"),
  ])
  func aMalformedVariableIsNamed(variable: String, value: String) {
    #expect(problem(["AWS_REGION": "us-east-1", variable: value])?.hasPrefix(variable) == true)
  }

  @Test(arguments: [(AWSService.s3, "http://"), (.sageMakerRuntime, "http://a b/")])
  func anEndpointIsCheckedForTheServiceThatIsUsed(service: AWSService, url: String) throws {
    let configuration = try AWSConfiguration(
      environment: Environment(["AWS_REGION": "us-east-1", service.endpointVariable: url]))
    let error = #expect(throws: ConfigurationError.self) {
      try configuration.checkEndpoint(of: service)
    }
    #expect(error?.variable == service.endpointVariable)
    let other: AWSService = service.displayName == "S3" ? .sageMakerRuntime : .s3
    #expect(throws: Never.self) { try configuration.checkEndpoint(of: other) }
  }

  @Test func theServicesOwnEndpointGoesBeforeTheCommonOne() throws {
    let common = try ScriptedServer([.init(200)])
    let own = try ScriptedServer([.init(200)])
    defer {
      common.stop()
      own.stop()
    }
    // With a path in front, as a gateway may have.
    let aws = try makeAWS(common, environment: ["AWS_ENDPOINT_URL_S3": own.baseURL + "/gate/"])
    _ = try aws.send(makeRequest(.s3), in: makeContext())
    _ = try aws.send(makeRequest(.sageMakerRuntime), in: makeContext())
    #expect(own.requests.map(\.target) == ["/gate/thing"])
    #expect(common.requests.map(\.target) == ["/thing"])
  }

  @Test func aCallIsSignedTracedAndVerifiable() throws {
    let server = try ScriptedServer([.init(200)])
    defer { server.stop() }
    var request = makeRequest()
    request.body = Array("hello".utf8)
    request.headers = [HTTPHeader("Accept", "application/json")]
    _ = try makeAWS(server).send(request, in: makeContext())
    let received = try #require(server.requests.first)
    #expect(received.header("X-Amzn-Trace-Id") == "Root=1-2-3")
    #expect(received.header("User-Agent") == "sagemaker-image-inference/\(Product.version)")
    #expect(received.header("X-Amz-Security-Token") == "TOKEN")
    let authorization = received.header("Authorization") ?? ""
    #expect(!authorization.contains("x-amzn-trace-id"))
    let verifier = SignatureVerifier { $0 == "AKIDEXAMPLE" ? exampleCredentials : nil }
    try verifier.verify(
      method: received.method, target: received.target,
      headers: received.headers.map { HeaderField(name: $0.name, value: $0.value) },
      body: received.body, service: "sagemaker", region: "us-east-1",
      at: SigningTime(unixSeconds: Int64(Date().timeIntervalSince1970)))
  }
}

/// One host as botocore's endpoint rules give it; see make-endpoints.py.
struct EndpointCase: Codable, CustomTestStringConvertible, Sendable {
  let service: String
  let region: String
  let fips: Bool
  let dualStack: Bool
  let url: String

  var testDescription: String { url }

  static let all: [EndpointCase] = {
    let file = Repository.root.appendingPathComponent(
      "Tests/AWSClientTests/Fixtures/endpoints.json")
    return (try? JSONDecoder().decode([EndpointCase].self, from: Data(contentsOf: file))) ?? []
  }()
}

@Suite struct EndpointTests {
  @Test func theFixtureCoversBothServicesAndEveryPartition() {
    #expect(EndpointCase.all.count > 100)
    #expect(Set(EndpointCase.all.map(\.region)).count == 15)
  }

  @Test(arguments: EndpointCase.all)
  func hostsAreThoseOfBotocoresEndpointRules(endpoint: EndpointCase) throws {
    let configuration = try AWSConfiguration(
      environment: Environment([
        "AWS_REGION": endpoint.region, "AWS_USE_FIPS_ENDPOINT": "\(endpoint.fips)",
        "AWS_USE_DUALSTACK_ENDPOINT": "\(endpoint.dualStack)",
      ]))
    let isS3 = endpoint.service == "s3"
    let base = configuration.baseURL(
      of: isS3 ? .s3 : .sageMakerRuntime, prefix: isS3 ? "bucket." : "")
    #expect(endpoint.url == base + (isS3 ? "/key" : "/endpoints/endpoint/invocations"))
  }
}
