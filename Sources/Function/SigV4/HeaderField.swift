/// One header of a request: name and value as they are sent.
///
/// Values of `Authorization` and `X-Amz-Security-Token` are hidden from every kind of print-out.
public struct HeaderField: Sendable, Equatable {
  /// In any case; compared without case.
  public var name: String
  /// As sent. Signing trims it and collapses inner runs of white space.
  public var value: String

  /// Nothing is checked here; whoever sends it must refuse line breaks.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// Whether the name is `other`, without regard to the case of ASCII letters.
  ///
  /// - Parameter other: in lower case.
  package func isNamed(_ other: StaticString) -> Bool {
    let name = self.name.utf8
    guard name.count == other.utf8CodeUnitCount else { return false }
    return other.withUTF8Buffer { expected in
      unsafe zip(name, expected).allSatisfy { ASCII.lowercased($0) == $1 }
    }
  }
}

extension HeaderField: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private var shownValue: String {
    isNamed("authorization") || isNamed("x-amz-security-token") ? "(hidden)" : value
  }

  /// `Name: value`.
  public var description: String { "\(name): \(shownValue)" }

  /// The same as `description`.
  public var debugDescription: String { description }

  /// Name and value, the latter hidden where it is a credential.
  public var customMirror: Mirror {
    Mirror(self, children: ["name": name, "value": shownValue], displayStyle: .struct)
  }
}
