/// One header of a request, as sent.
///
/// The values of `Authorization` and `X-Amz-Security-Token` are never printed.
public struct HeaderField: Sendable, Equatable {
  /// Case-insensitive.
  public var name: String
  /// As sent. Signing trims a copy and collapses inner white space.
  public var value: String

  /// Not validated; the sender must refuse line breaks.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// Compares the name without regard to ASCII case.
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

  public var debugDescription: String { description }

  /// Name and value; a credential is hidden.
  public var customMirror: Mirror {
    Mirror(self, children: ["name": name, "value": shownValue], displayStyle: .struct)
  }
}
