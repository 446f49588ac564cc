/// Why a text is not JSON, and where.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The rule that the text breaks, such as "a comma or ] is missing".
  public let reason: String
  /// Offset in bytes, counted from 0, of the first byte that cannot be accepted.
  public let byteOffset: Int

  /// The reason and the place in one line.
  public var description: String { "\(reason) at byte \(byteOffset)" }

  init(_ reason: String, at byteOffset: Int) {
    self.reason = reason
    self.byteOffset = byteOffset
  }
}
