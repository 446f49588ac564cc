import Credentials
import Foundation
import Platform
import TestSupport

/// Variables and shared files of a test's own; nothing of this machine is asked.
struct Situation {
  let config: TemporaryFile
  let credentials: TemporaryFile
  var variables: [String: String]

  init(
    config: String = "", credentials: String = "", _ variables: [String: String] = [:]
  ) throws {
    self.config = try TemporaryFile(config)
    self.credentials = try TemporaryFile(credentials)
    self.variables = variables.merging([
      "AWS_CONFIG_FILE": self.config.path, "AWS_SHARED_CREDENTIALS_FILE": self.credentials.path,
      "AWS_REGION": "us-east-1",
    ]) { $1 }
    if self.variables["AWS_EC2_METADATA_DISABLED"] == nil {
      self.variables["AWS_EC2_METADATA_DISABLED"] = "true"
    }
  }

  /// The credentials of a process; `clock` must not sleep.
  func provider(
    profile: String? = nil, clock: Clock = .system, askCode: AssumeRoleSource.AskCode? = nil
  ) throws -> CredentialProvider {
    let settings = try AWSSettings(variables: variables, profile: profile)
    return CredentialProvider(
      chain: CredentialChain.standard(settings, clock: clock, askCode: askCode), clock: clock)
  }
}

func profileKeys(_ id: String) -> String {
  "aws_access_key_id = \(id)\naws_secret_access_key = secret-of-\(id)\n"
}

/// An answer of STS.
func session(_ id: String, expiration: String = "2099-01-01T00:00:00Z") -> ScriptedServer.Answer {
  .init(
    200,
    body: """
      <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>\(id)</AccessKeyId>
      <SecretAccessKey>secret-of-\(id)</SecretAccessKey><SessionToken>token-of-\(id)</SessionToken>
      <Expiration>\(expiration)</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
      """)
}
