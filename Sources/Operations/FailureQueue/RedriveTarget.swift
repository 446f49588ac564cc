import AWSControl

/// The function that an event is redriven to.
package struct RedriveTarget: Sendable, Equatable {
  /// Name, or ARN without a qualifier.
  package let functionName: String
  /// A version or an alias; nil is `$LATEST`.
  package let qualifier: String?

  package init(functionName: String, qualifier: String?) {
    self.functionName = functionName
    self.qualifier = qualifier
  }

  /// Parses a function's ARN, `arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]`; nil for
  /// anything else.
  package init?(arn: String) {
    let parts = arn.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 7 || parts.count == 8, parts[2] == "lambda", parts[5] == "function" else {
      return nil
    }
    functionName = parts.prefix(7).joined(separator: ":")
    qualifier = parts.count == 8 ? parts[7] : nil
  }

  /// `photo-classifier:live`
  package var description: String {
    let name = functionName.split(separator: ":").last.map(String.init) ?? functionName
    return name + (qualifier.map { ":\($0)" } ?? "")
  }
}
