/// Why a text is not valid JSON, and where.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The violated rule, for example "a comma or ] is missing".
  public let reason: String
  /// Zero-based offset of the first byte that is not acceptable.
  public let byteOffset: Int

  public var description: String { "\(reason) at byte \(byteOffset)" }

  init(_ reason: String, at byteOffset: Int) {
    self.reason = reason
    self.byteOffset = byteOffset
  }
}
