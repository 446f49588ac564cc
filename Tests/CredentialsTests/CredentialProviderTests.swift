import Credentials
import Platform
import SigV4
import TestSupport
import Testing

@Suite struct CredentialProviderTests {
  @Test func keysAreKeptUntilFiveMinutesBeforeTheirEnd() throws {
    let now = Recorder<Int64>()
    now.add(0)
    let source = CountingSource(expiresAfterMilliseconds: 3_600_000)
    let provider = CredentialProvider(
      chain: [source],
      clock: Clock(unixMilliseconds: { now.all.last ?? 0 }, monotonicMilliseconds: { 0 }))
    _ = try provider.credentials()
    now.add(3_300_000)
    _ = try provider.credentials()
    #expect(source.loads.all.count == 1)
    now.add(3_300_001)
    _ = try provider.credentials()
    #expect(source.loads.all.count == 2)
  }

  @Test func firstSourceThatHasKeysIsTaken() throws {
    let environment = Environment(["AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s"])
    let provider = CredentialProvider(chain: [
      EnvironmentSource(Environment([:])), EnvironmentSource(environment),
    ])
    #expect(try provider.credentials().accessKeyID == "AKID")
  }

  @Test func idWithoutASecretIsAnErrorAndNotSkipped() {
    let half = EnvironmentSource(Environment(["AWS_ACCESS_KEY_ID": "AKID"]))
    let error = #expect(throws: CredentialError.self) {
      try CredentialProvider(chain: [half, CountingSource(expiresAfterMilliseconds: 0)])
        .credentials()
    }
    #expect(error?.message.contains("AWS_SECRET_ACCESS_KEY") == true)
  }

  @Test func withoutAnyKeysTheErrorAdvises() {
    let error = #expect(throws: CredentialError.self) {
      try CredentialProvider(chain: []).credentials()
    }
    #expect(error?.message.contains("--profile") == true)
  }
}

private struct CountingSource: CredentialSource {
  let loads = Recorder<Int>()
  let expiresAfterMilliseconds: Int64

  init(expiresAfterMilliseconds: Int64) {
    self.expiresAfterMilliseconds = expiresAfterMilliseconds
  }

  func load() throws(CredentialError) -> ResolvedCredentials? {
    loads.add(1)
    return ResolvedCredentials(
      credentials: AWSCredentials(accessKeyID: "AKID", secretAccessKey: "s"),
      expirationUnixMilliseconds: expiresAfterMilliseconds, place: .process, origin: "a test")
  }
}
