/// An environment variable that is missing or invalid. The function does not start.
public struct ConfigurationError: ReportableError, Equatable, Sendable {
  /// The variable's name.
  public let variable: String
  /// What is wrong, as the rest of a sentence that begins with the variable's name.
  public let problem: String

  /// An error about one variable.
  public init(variable: String, problem: String) {
    self.variable = variable
    self.problem = problem
  }

  /// For example `Configuration.ENDPOINTNAME`; underscores are not allowed in an error type.
  public var errorType: String { "Configuration." + variable.filter { $0 != "_" } }
  /// The variable and its trouble.
  public var message: String { "\(variable) \(problem)" }
}

extension Environment {
  /// Reads a whole number within bounds; nil when the variable is unset.
  ///
  /// - Throws: `ConfigurationError` when the value is not a whole number within the bounds.
  public func integer(
    _ name: String, in bounds: ClosedRange<Int>
  ) throws(ConfigurationError) -> Int? {
    guard let text = self[name] else { return nil }
    guard let value = Int(text), bounds.contains(value) else {
      throw ConfigurationError(
        variable: name,
        problem: "is \(text); it must be a whole number from \(bounds.lowerBound) to "
          + "\(bounds.upperBound)")
    }
    return value
  }

  /// Reads a setting of two values, in any case; nil when the variable is unset.
  ///
  /// - Throws: `ConfigurationError` for any other value, so that a misspelled one is not taken for the default.
  public func flag(
    _ name: String, on: String = "1", off: String = "0"
  ) throws(ConfigurationError) -> Bool? {
    guard let text = self[name] else { return nil }
    switch text.lowercased() {
    case on: return true
    case off: return false
    default:
      throw ConfigurationError(
        variable: name, problem: "is \(text); it must be \(on) or \(off)")
    }
  }
}
