import Credentials
import OperationsSupport
import Platform
import TestSupport
import Testing

@Suite struct MetadataTests {
  private static let document = """
    {"AccessKeyId":"ASIAHERE","SecretAccessKey":"secret","Token":"t","Expiration":"2099-01-01T00:00:00Z"}
    """

  @Test func containerIsAskedWithItsTokenAndAgainAfterAFailure() throws {
    let server = try ScriptedServer([.init(500), .init(200, body: Self.document)])
    let (clock, sleeps) = makeClock()
    let situation = try Situation([
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": server.baseURL + "/keys?a=b",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN": "Bearer x",
    ])
    let found = try situation.provider(clock: clock).resolved()
    #expect(found.place == .container)
    #expect(server.requests.map(\.target) == ["/keys?a=b", "/keys?a=b"])
    #expect(server.requests.first?.header("Authorization") == "Bearer x")
    #expect(sleeps.all == [1_000])
  }

  @Test(arguments: [
    "http://169.254.169.254/x", "http://example.com/", "http://127.0.0.1.example.com/",
    "ftp://127.0.0.1/",
    "http://10.0.0.1/", "nonsense",
  ])
  func tokenGoesToNoOtherHostUnencrypted(url: String) throws {
    let situation = try Situation(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url])
    let error = #expect(throws: CredentialError.self) { try situation.provider().credentials() }
    #expect(error?.source == "AWS_CONTAINER_CREDENTIALS_FULL_URI")
  }

  @Test func bodyOfARefusalIsNotShown() throws {
    let server = try ScriptedServer([.init(403, body: "a secret")])
    let (clock, _) = makeClock()
    let situation = try Situation(["AWS_CONTAINER_CREDENTIALS_FULL_URI": server.baseURL])
    let error = #expect(throws: CredentialError.self) {
      try situation.provider(clock: clock).credentials()
    }
    #expect(error?.message.contains("status 403, 8 bytes") == true)
    #expect(server.requests.count == 3)
  }

  @Test func instanceIsAskedForATokenFirst() throws {
    let server = try ScriptedServer([
      .init(200, body: "imds"), .init(200, body: "web-server"), .init(200, body: Self.document),
    ])
    let situation = try Situation([
      "AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.baseURL,
    ])
    let found = try situation.provider().resolved()
    #expect(found.origin == "role web-server of this EC2 instance")
    #expect(server.requests.map(\.method) == ["PUT", "GET", "GET"])
    #expect(server.requests.last?.header("x-aws-ec2-metadata-token") == "imds")
  }

  @Test func withoutATokenNothingElseIsAsked() throws {
    let server = try ScriptedServer([.init(403)])
    let situation = try Situation([
      "AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.baseURL,
    ])
    let error = #expect(throws: CredentialError.self) { try situation.provider().credentials() }
    #expect(error?.problem.hasPrefix("no credentials in the environment") == true)
    #expect(server.requests.count == 1)
  }

  @Test func regionOfTheInstanceIsTheLastResort() throws {
    let server = try ScriptedServer([.init(200, body: "imds"), .init(200, body: "eu-north-1")])
    let variables = [
      "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
      "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.baseURL,
    ]
    let found = try AWSSettings(
      variables: variables, instanceRegion: CredentialChain.instanceRegion)
    #expect(found.region == "eu-north-1")
    let told = try AWSSettings(
      variables: variables, region: "us-east-1", instanceRegion: CredentialChain.instanceRegion)
    #expect(told.regionOrigin == "--region")
    #expect(server.requests.count == 2)
  }
}
