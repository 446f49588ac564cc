import Glibc

/// Environment variables, one of the three seams of the function (DESIGN.md, decision 6).
///
/// `Environment.process` looks a name up each time it is asked, so a value that changes during the
/// life of the process (credentials, the trace id) is seen by the next invocation. A variable that
/// is set but empty counts as unset, as the AWS SDKs treat it.
public struct Environment: Sendable {
  private let values: [String: String]?

  /// The environment of this process, read live.
  public static let process = Environment(values: nil)

  /// Whether it is the process's own, and not that of a test.
  public var isProcess: Bool { values == nil }

  /// A fixed environment, for tests.
  public init(_ values: [String: String]) {
    self.init(values: values)
  }

  private init(values: [String: String]?) {
    self.values = values
  }

  /// The value of a variable, or nil when it is unset or empty.
  public subscript(name: String) -> String? {
    guard let value = values == nil ? Self.lookUp(name) : values?[name] else { return nil }
    return value.isEmpty ? nil : value
  }

  private static func lookUp(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }
}
