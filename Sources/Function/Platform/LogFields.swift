/// Members of a JSON log line beside its message, by which Logs Insights can filter and group. A plain line
/// does not have them: its message says the same.
public struct LogFields: Sendable {
  /// A member's value.
  public enum Value: Sendable {
    /// A string.
    case text(String)
    /// An integer.
    case number(Int64)
    /// A finite number.
    case decimal(Double)
  }

  struct Member: Sendable {
    let name: String
    let value: Value
  }

  /// In the order in which they are written.
  private(set) var members: [Member]

  /// No members.
  public static let none = LogFields([])

  /// The members that have a value.
  @inline(never)
  public init(_ members: [(name: String, value: Value?)]) {
    self.members = members.compactMap { name, value in value.map { Member(name: name, value: $0) } }
  }

  /// These members and then others.
  public func adding(_ others: LogFields) -> LogFields {
    var copy = self
    copy.members += others.members
    return copy
  }
}
