import ArgumentParser
import Credentials
import Foundation
import Platform

/// `--aws`: the caller's account.
extension LocalServices {
  /// Finds region and credentials as the AWS CLI does, and passes them to the function in its environment variables.
  ///
  /// Temporary credentials are valid as long as their session; afterwards, the command must be started again.
  ///
  /// - Throws: `ValidationError` without a region, an endpoint, or credentials.
  func useAWS(_ options: ServiceOptions, _ caller: Caller) throws {
    guard caller["ENDPOINT_NAME"] != nil else {
      throw ValidationError("--aws requires ENDPOINT_NAME in the environment.")
    }
    do {
      let settings = try AWSSettings(
        variables: caller.environment, profile: options.profile, region: options.region,
        instanceRegion: CredentialChain.instanceRegion)
      let askCode: AssumeRoleSource.AskCode? = isatty(0) == 1 ? { Self.askCode($0) } : nil
      let provider = CredentialProvider(
        chain: CredentialChain.standard(settings, askCode: askCode))
      let found = try provider.resolved()
      setRegion(settings.region)
      environment["AWS_ACCESS_KEY_ID"] = found.credentials.accessKeyID
      environment["AWS_SECRET_ACCESS_KEY"] = found.credentials.secretAccessKey
      environment["AWS_SESSION_TOKEN"] = found.credentials.sessionToken
      for name in Self.networkVariables { environment[name] = settings.environment[name] }
      accountNote =
        "Credentials: \(found.origin). Region: \(settings.region), from \(settings.regionOrigin)."
    } catch let error as any ReportableError {
      throw ValidationError("--aws: \(error.message).")
    }
  }

  /// The caller's variables with the region and credentials that were found, to ask AWS whose they are.
  func accountEnvironment(_ caller: Caller) -> [String: String] {
    caller.environment.merging(environment) { _, found in found }
  }

  private static func askCode(_ serial: String) -> String {
    Console().relay(Array("MFA code of \(VisibleText.escaped(serial)): ".utf8))
    return readLine() ?? ""
  }
}
