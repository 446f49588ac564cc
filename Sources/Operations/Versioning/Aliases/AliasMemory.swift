import Foundation

/// An alias's description: free text, and behind it what this program has to remember.
///
/// Lambda has no field for the previous version. A tag would belong to the function, not to the
/// alias, could not be changed in the same call as the traffic, and gives `$LATEST` a new revision;
/// the description is part of UpdateAlias, so that traffic and memory never contradict each other:
/// `Breeds [previous: 6←5; failed: vMggwEROoc4x; watching: 6 since 2026-11-26T04:10Z; deprovisioned: 3]`.
package struct AliasMemory: Equatable, Sendable {
  /// Lambda's limit of a description, in characters.
  /// Source: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html
  package static let maximumCharacters = 256
  /// The number of failed versions that are remembered.
  static let maximumFailures = 5

  /// `6←5`: the alias came to version 6 from version 5.
  package struct Move: Equatable, Sendable {
    /// Where the alias went; nil in a description of an older program, which did not record it.
    package let version: String?
    /// Where it was before.
    package let before: String

    package init(to version: String?, from before: String) {
      self.version = version
      self.before = before
    }
  }

  /// A version that has traffic and was not judged yet.
  package struct Watch: Equatable, Sendable {
    package let version: String
    /// When it got its first traffic, Unix seconds of a full minute.
    package let since: Int64

    package init(version: String, since: Int64) {
      self.version = version
      self.since = since / 60 * 60
    }
  }

  /// The free text; may be empty.
  package var text: String
  /// The last move to another version; `alias rollback` reverses it.
  package var previous: Move?
  /// The last rollback, by an operator or automatic.
  package var rolledBack: Move?
  /// The beginnings of the CodeSha256 of versions that failed, the newest last.
  package private(set) var failed: [String] = []
  package var watch: Watch?
  /// Provisioned environments that were removed from the alias and are not back yet.
  package var deprovisioned: Int?

  package init(
    text: String = "", previous: Move? = nil, rolledBack: Move? = nil, failed: [String] = [],
    watch: Watch? = nil, deprovisioned: Int? = nil
  ) {
    self.text = text
    self.previous = previous
    self.rolledBack = rolledBack
    self.failed = failed
    self.watch = watch
    self.deprovisioned = deprovisioned
  }

  // MARK: Failed code

  /// What is remembered of a CodeSha256: as many characters as `versions list` prints.
  package static func mark(_ codeSHA256: String) -> String { String(codeSHA256.prefix(12)) }

  package mutating func addFailure(ofCode codeSHA256: String) {
    let mark = Self.mark(codeSHA256)
    failed = Array((failed.filter { $0 != mark } + [mark]).suffix(Self.maximumFailures))
  }

  package mutating func removeFailure(ofCode codeSHA256: String) {
    failed.removeAll { $0 == Self.mark(codeSHA256) }
  }

  package func hasFailed(code codeSHA256: String) -> Bool {
    !codeSHA256.isEmpty && failed.contains(Self.mark(codeSHA256))
  }

  // MARK: Moves

  /// Remembers that all traffic goes from one version to another, by decision of an operator.
  package mutating func move(to version: String, from before: String) {
    if version != before { previous = Move(to: version, from: before) }
    rolledBack = nil
    watch = nil
  }

  /// Remembers a rollback. What was before the version that now has the traffic is known only if it
  /// was recorded for that version.
  package mutating func rollBack(to version: String, from left: String) {
    if previous?.version != version { previous = nil }
    rolledBack = Move(to: version, from: left)
    watch = nil
  }
}

// MARK: As text

extension AliasMemory {
  package init(description: String) {
    self.init(text: description)
    guard description.hasSuffix("]"),
      let opening = description.range(of: "[", options: .backwards)
    else { return }
    var parsed = AliasMemory(
      text: description[..<opening.lowerBound].trimmingCharacters(in: .whitespaces))
    let fields = description[opening.upperBound...].dropLast().components(separatedBy: "; ")
    guard fields.allSatisfy({ parsed.read($0) }) else { return }
    self = parsed
  }

  private mutating func read(_ field: String) -> Bool {
    guard let colon = field.range(of: ": ") else { return false }
    let value = String(field[colon.upperBound...])
    switch field[..<colon.lowerBound] {
    case "previous":
      previous = Self.move(value)
      return previous != nil
    case "rolled back":
      rolledBack = Self.move(value)
      return rolledBack?.version != nil
    case "failed":
      failed = value.split(separator: " ").map(String.init)
      return !failed.isEmpty
    case "watching":
      watch = Self.watch(value)
      return watch != nil
    case "deprovisioned":
      deprovisioned = Int(value).flatMap { $0 > 0 ? $0 : nil }
      return deprovisioned != nil
    default: return false
    }
  }

  private static func move(_ text: String) -> Move? {
    let versions = text.components(separatedBy: "←")
    guard versions.count <= 2,
      versions.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isNumber) })
    else { return nil }
    return Move(to: versions.count == 2 ? versions[0] : nil, from: versions[versions.count - 1])
  }

  private static func watch(_ text: String) -> Watch? {
    let parts = text.components(separatedBy: " since ")
    guard parts.count == 2, !parts[0].isEmpty, parts[0].allSatisfy(\.isNumber),
      let since = MinuteText.unixSeconds(parts[1])
    else { return nil }
    return Watch(version: parts[0], since: since)
  }

  /// The description to write; text beyond the limit is cut.
  package var description: String {
    var fields: [String] = []
    if let previous {
      fields.append("previous: " + (previous.version.map { "\($0)←" } ?? "") + previous.before)
    }
    if let rolledBack, let version = rolledBack.version {
      fields.append("rolled back: \(version)←\(rolledBack.before)")
    }
    if !failed.isEmpty { fields.append("failed: \(failed.joined(separator: " "))") }
    if let watch {
      fields.append("watching: \(watch.version) since \(MinuteText.text(watch.since))")
    }
    if let deprovisioned { fields.append("deprovisioned: \(deprovisioned)") }
    let memory = fields.isEmpty ? "" : "[\(fields.joined(separator: "; "))]"
    let space = Self.maximumCharacters - memory.utf16.count - (memory.isEmpty ? 0 : 1)
    let kept = Self.beginning(of: text, utf16: space)
    return kept.isEmpty ? memory : memory.isEmpty ? kept : "\(kept) \(memory)"
  }

  private static func beginning(of text: String, utf16 limit: Int) -> String {
    var kept = text
    while kept.utf16.count > limit { kept.removeLast() }
    return kept
  }
}

/// A minute in UTC: `2026-11-26T04:10Z`.
package enum MinuteText {
  package static func text(_ unixSeconds: Int64) -> String {
    let style = Date.ISO8601FormatStyle(timeZone: .gmt)
    let seconds = Date(timeIntervalSince1970: Double(unixSeconds)).formatted(style)
    return seconds.prefix(16) + "Z"
  }

  static func unixSeconds(_ text: String) -> Int64? {
    guard text.count == 17, text.hasSuffix("Z") else { return nil }
    let date = try? Date(text.dropLast() + ":00Z", strategy: .iso8601)
    return date.map { Int64($0.timeIntervalSince1970) }
  }
}
