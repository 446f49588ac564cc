/// The settings under one name, of both shared files.
package struct Profile: Sendable, Equatable {
  /// A value and its place in a file.
  package struct Setting: Sendable, Equatable {
    /// Without the spaces and the comment around it.
    package let value: String
    package let path: String
    /// From 1.
    package let line: Int

    /// `~/.aws/config line 3`
    package var location: String { "\(path) line \(line)" }
  }

  /// One of the two files.
  package enum File: Sendable {
    case config, credentials
  }

  /// The name that `--profile` takes.
  package let name: String
  var config: [String: Setting] = [:]
  var credentials: [String: Setting] = [:]

  package init(name: String) { self.name = name }

  /// A setting by its name in lower case, as `region`; the credentials file takes precedence over
  /// the config file, an empty value counts as none.
  package subscript(key: String) -> String? { setting(key)?.value }

  /// A setting with its place, of both files or of one.
  package func setting(_ key: String, in file: File? = nil) -> Setting? {
    let found =
      switch file {
      case nil: [credentials[key], config[key]]
      case .config: [config[key]]
      case .credentials: [credentials[key]]
      }
    return found.lazy.compactMap { $0 }.first { !$0.value.isEmpty }
  }

  /// `profile "dev" (~/.aws/config line 3)`, the place being that of a setting.
  package func description(at key: String, in file: File? = nil) -> String {
    let location = setting(key, in: file).map { " (\($0.location))" } ?? ""
    return "profile \"\(name)\"\(location)"
  }
}
