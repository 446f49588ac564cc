import Credentials
import OperationsSupport
import Platform
import SigV4
import TestSupport
import Testing

@Suite struct RoleTests {
  private static let config = """
    [profile source]
    \(profileKeys("AKIDSOURCE"))
    [profile p]
    role_arn = arn:aws:iam::1:role/r
    source_profile = source
    """

  @Test func stsIsAskedWithTheKeysOfTheSourceProfile() throws {
    let server = try ScriptedServer([session("ASIAROLE")])
    let situation = try Situation(config: Self.config, ["AWS_ENDPOINT_URL": server.baseURL])
    let found = try situation.provider(profile: "p").resolved()
    #expect(found.credentials.sessionToken == "token-of-ASIAROLE")
    #expect(found.place == .assumeRole)
    #expect(found.origin.contains("line 6"))
    let request = try #require(server.requests.first)
    #expect(request.header("Authorization")?.contains("Credential=AKIDSOURCE/") == true)
    #expect(String(decoding: request.body, as: UTF8.self).contains("Action=AssumeRole&"))
  }

  @Test func roleIsAssumedAgainBeforeItsEndAndNotEarlier() throws {
    // The clock of the tests begins at 2023-11-14T22:13:20Z.
    let server = try ScriptedServer([
      session("ASIAFIRST", expiration: "2023-11-14T23:13:20Z"), session("ASIASECOND"),
    ])
    let (clock, _) = makeClock()
    let provider = try Situation(config: Self.config, ["AWS_ENDPOINT_URL": server.baseURL])
      .provider(profile: "p", clock: clock)
    #expect(try provider.credentials().accessKeyID == "ASIAFIRST")
    clock.sleep(54 * 60_000)
    #expect(try provider.credentials().accessKeyID == "ASIAFIRST")
    clock.sleep(2 * 60_000)
    #expect(try provider.credentials().accessKeyID == "ASIASECOND")
    #expect(server.requests.count == 2)
  }

  @Test func unexpiredKeysStayInUseWhileSTSFails() throws {
    let server = try ScriptedServer([
      session("ASIAFIRST", expiration: "2023-11-14T23:13:20Z"), .init(503, body: "busy"),
    ])
    let (clock, _) = makeClock()
    let provider = try Situation(config: Self.config, ["AWS_ENDPOINT_URL": server.baseURL])
      .provider(profile: "p", clock: clock)
    _ = try provider.credentials()
    clock.sleep(57 * 60_000)
    #expect(try provider.credentials().accessKeyID == "ASIAFIRST")
    clock.sleep(4 * 60_000)
    let error = #expect(throws: CredentialError.self) { try provider.credentials() }
    #expect(error?.message.contains("status 503, 3 attempts") == true)
  }

  @Test func refusalHasAWSWordsTheProfileAndNoSecret() throws {
    let server = try ScriptedServer([
      .init(
        403,
        body: """
          <ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized</Message></Error></ErrorResponse>
          """)
    ])
    let situation = try Situation(config: Self.config, ["AWS_ENDPOINT_URL": server.baseURL])
    let error = #expect(throws: CredentialError.self) {
      try situation.provider(profile: "p").credentials()
    }
    let message = try #require(error?.message)
    #expect(message.contains("AssumeRole arn:aws:iam::1:role/r: AccessDenied: not authorized"))
    #expect(message.contains("profile \"p\" (\(situation.config.path) line 6)"))
    #expect(message.contains("trust policy"))
    #expect(!message.contains("secret-of"))
    #expect(server.requests.count == 1)
  }

  @Test func personIsAskedForTheCodeOfTheDevice() throws {
    let server = try ScriptedServer([session("ASIAROLE")])
    let situation = try Situation(
      config: Self.config + "\nmfa_serial = arn:mfa/me", ["AWS_ENDPOINT_URL": server.baseURL])
    let serials = Recorder<String>()
    _ = try situation.provider(profile: "p") { serial in
      serials.add(serial)
      return " 123456 "
    }.credentials()
    #expect(serials.all == ["arn:mfa/me"])
    let body = String(decoding: try #require(server.requests.first).body, as: UTF8.self)
    #expect(body.hasSuffix("&SerialNumber=arn%3Amfa%2Fme&TokenCode=123456"))
  }

  @Test func withoutATerminalTheErrorNamesAnotherWay() throws {
    let situation = try Situation(config: Self.config + "\nmfa_serial = arn:mfa/me")
    let error = #expect(throws: CredentialError.self) {
      try situation.provider(profile: "p").credentials()
    }
    #expect(error?.message.contains("aws configure export-credentials --profile p") == true)
  }

  @Test func webIdentityIsNotSignedAndItsTokenReadAfresh() throws {
    let server = try ScriptedServer([session("ASIAWEB")])
    let token = try TemporaryFile("web-token\n")
    let situation = try Situation([
      "AWS_WEB_IDENTITY_TOKEN_FILE": token.path, "AWS_ROLE_ARN": "arn:role",
      "AWS_ENDPOINT_URL_STS": server.baseURL,
    ])
    #expect(try situation.provider().resolved().place == .webIdentity)
    let request = try #require(server.requests.first)
    #expect(request.header("Authorization") == nil)
    let body = String(decoding: request.body, as: UTF8.self)
    #expect(body.contains("Action=AssumeRoleWithWebIdentity"))
    #expect(body.hasSuffix("&WebIdentityToken=web-token"))
  }
}
