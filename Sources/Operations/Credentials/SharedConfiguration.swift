import Foundation
import Platform

/// The files `~/.aws/config` and `~/.aws/credentials`, or those that `AWS_CONFIG_FILE` and
/// `AWS_SHARED_CREDENTIALS_FILE` name.
///
/// A profile's settings from both files are merged; the credentials file takes precedence.
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
package struct SharedConfiguration: Sendable {
  private var profiles: [String: Profile] = [:]
  private var ssoSessions: [String: Profile] = [:]
  private var services: [String: [String: [String: Profile.Setting]]] = [:]

  /// Reads the files; a missing file counts as empty.
  ///
  /// - Throws: `CredentialError` naming a file and a line that cannot be read.
  package init(environment: Environment) throws(CredentialError) {
    let folder = environment["HOME"].map { $0 + "/.aws" }
    let config = environment["AWS_CONFIG_FILE"] ?? folder.map { $0 + "/config" }
    let keys = environment["AWS_SHARED_CREDENTIALS_FILE"] ?? folder.map { $0 + "/credentials" }
    for section in try Self.sections(of: config, environment) { addConfigSection(section) }
    for section in try Self.sections(of: keys, environment) {
      profiles[section.name, default: Profile(name: section.name)].credentials
        .merge(section.values) { $1 }
    }
  }

  /// A profile of either file; nil when neither has it.
  package subscript(profile name: String) -> Profile? { profiles[name] }

  /// The values of `[sso-session NAME]`.
  package subscript(ssoSession name: String) -> Profile? { ssoSessions[name] }

  /// `endpoint_url` of each service in `[services NAME]`, by service as botocore spells it
  /// (`application_auto_scaling`).
  func endpointURLs(inServices name: String) -> [String: String] {
    (services[name] ?? [:]).compactMapValues { settings in
      settings["endpoint_url"].flatMap { $0.value.isEmpty ? nil : $0.value }
    }
  }

  /// The names of all profiles, in alphabetical order.
  package var profileNames: [String] { profiles.keys.sorted() }

  private static func sections(
    of path: String?, _ environment: Environment
  ) throws(CredentialError) -> [ProfileFile.Section] {
    guard var path else { return [] }
    if path.hasPrefix("~/"), let home = environment["HOME"] { path = home + path.dropFirst() }
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    return try ProfileFile.parse(String(decoding: data, as: UTF8.self), path: path)
  }

  private mutating func addConfigSection(_ section: ProfileFile.Section) {
    if section.name == "default" {
      merge("default", section)
    } else if let name = Self.name(section.name, after: "profile") {
      merge(name, section)
    } else if let name = Self.name(section.name, after: "sso-session") {
      ssoSessions[name, default: Profile(name: name)].config.merge(section.values) { $1 }
    } else if let name = Self.name(section.name, after: "services") {
      services[name, default: [:]].merge(section.blocks) { $1 }
    }
  }

  /// The name in `profile dev` or `profile "my dev"`.
  private static func name(_ header: String, after kind: String) -> String? {
    guard header.hasPrefix(kind + " ") || header.hasPrefix(kind + "\t") else { return nil }
    let name = header.dropFirst(kind.count).trimmingCharacters(in: .whitespaces)
    for quote in ["\"", "'"] where name.count >= 2 && name.hasPrefix(quote) && name.hasSuffix(quote)
    {
      return String(name.dropFirst().dropLast())
    }
    return name
  }

  private mutating func merge(_ name: String, _ section: ProfileFile.Section) {
    profiles[name, default: Profile(name: name)].config.merge(section.values) { $1 }
  }
}
