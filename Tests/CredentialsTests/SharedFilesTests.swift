import Credentials
import Platform
import SigV4
import TestSupport
import Testing

@Suite struct SharedFilesTests {
  @Test func keysComeFromTheCredentialsFileAndTheRegionFromTheConfigFile() throws {
    let files = try Files(
      config: "[default]\nregion = eu-central-1\n", credentials: "[default]\n\(keys("AKIDDEFAULT"))"
    )
    let settings = try files.settings()
    #expect(settings.region == "eu-central-1")
    #expect(try accessKeyID(settings) == "AKIDDEFAULT")
  }

  @Test func credentialsFileCountsBeforeTheConfigFile() throws {
    let files = try Files(
      config: "[profile dev]\n\(keys("AKIDCONFIG"))\nregion=us-east-1",
      credentials: "[dev]\n\(keys("AKIDFILE"))")
    #expect(try accessKeyID(files.settings(profile: "dev")) == "AKIDFILE")
  }

  @Test func nestedBlocksCommentsAndQuotesAreRead() throws {
    let files = try Files(
      config: """
        # comment
        [profile "my dev"]   ; comment
        s3 =
          region = nested
        region = eu-west-1 # comment
        """, credentials: "[my dev]\n\(keys("AKID"))")
    #expect(try files.settings(profile: "my dev").region == "eu-west-1")
  }

  @Test func profileNamedByAnOptionSilencesTheVariables() throws {
    let files = try Files(credentials: "[dev]\n\(keys("AKIDFILE"))")
    let variables = ["AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "s"]
    let region = "us-east-1"
    #expect(
      try accessKeyID(files.settings(variables, profile: "dev", region: region)) == "AKIDFILE")
    let named = variables.merging(["AWS_PROFILE": "dev"]) { $1 }
    #expect(try accessKeyID(files.settings(named, region: region)) == "AKIDENV")
  }

  @Test func unknownProfileIsAnErrorThatNamesTheKnownOnes() throws {
    let files = try Files(credentials: "[dev]\n\(keys("A"))\n[prod]\n\(keys("B"))")
    let error = #expect(throws: CredentialError.self) { try files.settings(profile: "nope") }
    #expect(error?.message.contains("nope") == true)
    #expect(error?.message.contains("dev, prod") == true)
  }

  @Test func brokenLineIsNamedWithoutItsText() throws {
    let files = try Files(credentials: "[default]\nmy secret without equals\n")
    let error = #expect(throws: CredentialError.self) { try files.settings() }
    #expect(error?.message.contains("line 2") == true)
    #expect(error?.message.contains("secret") == false)
  }
}

@Suite struct RegionAndEndpointTests {
  @Test func optionThenVariablesThenProfileTellTheRegion() throws {
    let files = try Files(config: "[default]\nregion = from-profile")
    let both = ["AWS_REGION": "from-region", "AWS_DEFAULT_REGION": "from-default"]
    #expect(try files.settings(both, region: "from-option").region == "from-option")
    #expect(try files.settings(both).region == "from-region")
    #expect(try files.settings(["AWS_DEFAULT_REGION": "from-default"]).region == "from-default")
    #expect(try files.settings().region == "from-profile")
  }

  @Test func missingRegionNamesTheOption() throws {
    let error = #expect(throws: ConfigurationError.self) { try Files().settings() }
    #expect(error?.message.contains("--region") == true)
  }

  @Test func servicesOfTheProfileGiveEndpointsBelowTheVariables() throws {
    let files = try Files(
      config: """
        [profile dev]
        services = mine
        endpoint_url = http://profile
        [services mine]
        application_auto_scaling =
          endpoint_url = http://scaling  # comment
        lambda =
          endpoint_url = http://lambda
        """)
    let region = ["AWS_REGION": "us-east-1"]
    let found = try files.settings(region, profile: "dev").environment
    #expect(found["AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING"] == "http://scaling")
    #expect(found["AWS_ENDPOINT_URL_LAMBDA"] == "http://lambda")
    #expect(found["AWS_ENDPOINT_URL"] == "http://profile")
    let named = region.merging(["AWS_ENDPOINT_URL_LAMBDA": "http://variable"]) { $1 }
    #expect(
      try files.settings(named, profile: "dev").environment["AWS_ENDPOINT_URL_LAMBDA"]
        == "http://variable")
    // A variable for all services counts before the profile's services.
    let all = region.merging(["AWS_ENDPOINT_URL": "http://all"]) { $1 }
    let overridden = try files.settings(all, profile: "dev").environment
    #expect(overridden["AWS_ENDPOINT_URL_LAMBDA"] == nil)
    #expect(overridden["AWS_ENDPOINT_URL"] == "http://all")
    let ignored = named.merging(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"]) { $1 }
    let own = try files.settings(ignored, profile: "dev").environment
    #expect(own["AWS_ENDPOINT_URL_LAMBDA"] == nil && own["AWS_ENDPOINT_URL"] == nil)
  }

  @Test func endpointOptionReplacesTheVariablesOfEveryService() throws {
    let variables = ["AWS_REGION": "r", "AWS_ENDPOINT_URL_LAMBDA": "http://elsewhere"]
    let settings = try Files().settings(variables, endpointURL: "http://127.0.0.1:1")
    #expect(settings.environment["AWS_ENDPOINT_URL_LAMBDA"] == nil)
    #expect(settings.environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1")
  }
}

// MARK: Help

private func keys(_ id: String) -> String {
  "aws_access_key_id = \(id)\naws_secret_access_key = secret"
}

private func accessKeyID(_ settings: AWSSettings) throws -> String {
  try CredentialProvider(chain: CredentialChain.standard(settings)).credentials().accessKeyID
}

/// The two shared files.
private struct Files {
  let config: TemporaryFile
  let credentials: TemporaryFile

  init(config: String = "", credentials: String = "") throws {
    self.config = try TemporaryFile(config)
    self.credentials = try TemporaryFile(credentials)
  }

  func settings(
    _ variables: [String: String] = [:], profile: String? = nil, region: String? = nil,
    endpointURL: String? = nil
  ) throws -> AWSSettings {
    try AWSSettings(
      variables: variables.merging([
        "AWS_CONFIG_FILE": config.path, "AWS_SHARED_CREDENTIALS_FILE": credentials.path,
      ]) { $1 }, profile: profile, region: region, endpointURL: endpointURL)
  }
}
