import JSON
import TestSupport
import Testing

@Suite struct IdentityTests {
  private let server: ScriptedServer

  init() throws {
    server = try ScriptedServer([
      .init(
        200,
        body: """
          <GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/me</Arn>
          <Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>
          """)
    ])
  }

  @Test func tableHasAccountCredentialsAndRegion() {
    let run = CommandRun(["identity"], url: server.baseURL)
    #expect(
      run.output == """
        WHAT         VALUE
        account      123456789012
        arn          arn:aws:iam::123456789012:user/me
        access key   AKIDEXAMPLE
        from         the environment
        expires      never
        region       us-east-1
        region from  AWS_REGION

        """)
  }

  @Test func jsonHasTheExpirationAndTheProfile() throws {
    let config = try TemporaryFile(
      """
      [profile p]
      region = eu-west-1
      credential_process = printf {"Version":1,"AccessKeyId":"AKIDP","SecretAccessKey":"hidden","Expiration":"2099-01-01T00:00:00Z"}
      """.replacing("\"", with: "\\\""))
    let run = CommandRun(
      ["identity", "--profile", "p", "--output", "json", "--endpoint-url", server.baseURL],
      environment: ["AWS_CONFIG_FILE": config.path, "PATH": "/usr/bin:/bin"])
    let identity = try JSONValue(parsing: run.output)
    #expect(identity["accessKeyId"] == "AKIDP")
    #expect(identity["source"] == "process")
    #expect(identity["expiration"] == "2099-01-01T00:00:00Z")
    #expect(identity["regionOrigin"] == .string("profile \"p\" (\(config.path) line 2)"))
    #expect(!run.output.contains("hidden") && !run.errors.contains("hidden"))
  }

  @Test func codeOfAnMFADeviceIsAskedFromAPerson() throws {
    let sts = try ScriptedServer([
      .init(
        200,
        body: """
          <R><AccessKeyId>ASIAR</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
          <Expiration>2099-01-01T00:00:00Z</Expiration><Arn>arn:r</Arn><Account>1</Account></R>
          """)
    ])
    let config = try TemporaryFile(
      """
      [default]
      role_arn = arn:role
      credential_source = Environment
      mfa_serial = arn:mfa/me
      """)
    let environment = [
      "AWS_CONFIG_FILE": config.path, "AWS_ACCESS_KEY_ID": "AKID", "AWS_PROFILE": "default",
    ]
    let arguments = ["identity", "--profile", "default"]
    let run = CommandRun(
      arguments, url: sts.baseURL, environment: environment, answer: "123456")
    #expect(run.status == 0)
    #expect(run.errors.contains("MFA code of arn:mfa/me: "))
    #expect(
      sts.requests.first.map { String(decoding: $0.body, as: UTF8.self) }?
        .contains("TokenCode=123456") == true)
    let alone = CommandRun(arguments, url: sts.baseURL, environment: environment)
    #expect(alone.status == 1)
    #expect(alone.errors.contains("requires an MFA code of arn:mfa/me"))
  }
}
