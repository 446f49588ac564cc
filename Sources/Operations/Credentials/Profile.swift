/// The settings under one name, of both shared files.
public struct Profile: Sendable, Equatable {
  /// A value and where it stands.
  public struct Setting: Sendable, Equatable {
    /// Without the spaces and the comment around it.
    public let value: String
    /// The file.
    public let path: String
    /// From 1.
    public let line: Int

    /// `~/.aws/config line 3`
    public var location: String { "\(path) line \(line)" }
  }

  /// One of the two files.
  public enum File: Sendable {
    case config, credentials
  }

  /// As in `--profile NAME`.
  public let name: String
  var config: [String: Setting] = [:]
  var credentials: [String: Setting] = [:]

  /// A profile without settings.
  public init(name: String) { self.name = name }

  /// A setting by its name in lower case, as `region`; the credentials file's counts before the config
  /// file's, an empty one counts as none.
  public subscript(key: String) -> String? { setting(key)?.value }

  /// A setting with its place, of both files or of one.
  public func setting(_ key: String, in file: File? = nil) -> Setting? {
    let found =
      switch file {
      case nil: [credentials[key], config[key]]
      case .config: [config[key]]
      case .credentials: [credentials[key]]
      }
    return found.lazy.compactMap { $0 }.first { !$0.value.isEmpty }
  }

  /// `profile "dev" (~/.aws/config line 3)`, the place being that of a setting.
  public func description(at key: String, in file: File? = nil) -> String {
    let location = setting(key, in: file).map { " (\($0.location))" } ?? ""
    return "profile \"\(name)\"\(location)"
  }
}
