import Glibc

/// Environment variables, one of the three seams of the function (docs/architecture.md, decision
/// 5).
///
/// `Environment.process` reads a variable on every access, so that a value that changes while the
/// process runs (credentials, the trace ID) takes effect with the next invocation. A variable that
/// is set but empty counts as unset, as in the AWS SDKs.
public struct Environment: Sendable {
  private let values: [String: String]?

  /// The environment of this process, read live.
  public static let process = Environment(values: nil)

  /// False for a fixed environment of a test.
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
    // A string that is passed as an argument would be copied into an array first.
    unsafe name.withCString { name in
      unsafe getenv(name).map { unsafe String(cString: $0) }
    }
  }
}
