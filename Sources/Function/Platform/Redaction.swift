/// Removes secrets from text that leaves the process: log lines, error reports, answers.
///
/// Text from outside may repeat what was sent to it: a model that cannot open a presigned URL names it, a
/// proxy echoes a request's headers. Removed are the values of the credentials in the environment, access
/// key ids, the user and password of a URL, and whatever follows a name such as `X-Amz-Signature`, also where
/// they are percent-encoded (several times), or escaped as in JSON or HTML.
public struct Redaction: Sendable {
  private static let mark = Array("[redacted]".utf8)
  /// Shorter values, as tests have them, would blacken ordinary words; the shortest part of a value that
  /// counts, since texts are cut.
  private static let minimumBytes = 16
  private static let names = [
    "signature", "credential", "security-token", "securitytoken", "session-token", "sessiontoken",
    "session_token", "secretaccesskey", "secret_access_key", "accesskeyid", "access_key_id",
  ].map { Array($0.utf8) }
  private static let keyPrefixes = ["AKIA", "ASIA"].map { Array($0.utf8) }

  private let environment: Environment

  /// Knows the credentials that the environment has whenever it is asked.
  public init(environment: Environment) {
    self.environment = environment
  }

  /// The text without secrets.
  public func applied(to text: String) -> String {
    redacted(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) } ?? text
  }

  /// The text, in UTF-8, without secrets. JSON stays JSON.
  public func applied(to text: [UInt8]) -> [UInt8] {
    redacted(text) ?? text
  }

  /// Nil when there is no secret in it.
  private func redacted(_ bytes: [UInt8]) -> [UInt8]? {
    let scanner = RedactionScanner(text: bytes)
    var values: [[UInt8]] = []
    for name in ["AWS_SESSION_TOKEN", "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"] {
      guard let value = environment[name], value.utf8.count >= Self.minimumBytes else { continue }
      values.append(Array(value.utf8))
    }
    let firstBytes = Self.firstBytes(of: values)
    let starts = ByteSet("acsACS:%".utf8).union(ByteSet(firstBytes))
    var result: [UInt8]?
    var (position, copied) = (0, 0)
    while position < bytes.count {
      guard starts.mayContain(bytes[position]),
        Self.mayBegin(at: position, of: bytes, firstBytes: firstBytes),
        let range = Self.secret(at: position, scanner, values)
      else {
        position += 1
        continue
      }
      var text = result ?? []
      text += bytes[copied..<range.lowerBound]
      text += Self.mark
      result = text
      copied = range.upperBound
      position = max(range.upperBound, position + 1)
    }
    guard var text = result else { return nil }
    text += bytes[copied...]
    return text
  }

  /// The first two bytes of each name and prefix, in lower case.
  private static let firstTwo = (names + keyPrefixes).map { ($0[0] | 0x20, $0[1] | 0x20) }

  /// What a value of the environment may begin with in a text. A secret access key may begin with `+` or `/`, which
  /// stand escaped in many texts; letters and digits, nothing escapes.
  private static func firstBytes(of values: [[UInt8]]) -> [UInt8] {
    let bytes = values.map { $0[0] }
    let isEscaped = bytes.contains(UInt8(ascii: "+")) || bytes.contains(UInt8(ascii: "/"))
    return isEscaped ? bytes + "%\\& ".utf8 : bytes
  }

  /// Whether a secret, its name, or the `://` in front of it may begin at a position: almost nowhere, so that this
  /// decides the speed. The first two bytes of a name or prefix are letters, which nothing escapes but with `%`, `\`,
  /// or `&` at the second one.
  private static func mayBegin(
    at position: Int, of text: [UInt8], firstBytes: [UInt8]
  ) -> Bool {
    let byte = text[position]
    if firstBytes.contains(byte) { return true }
    guard position + 1 < text.count else { return false }
    let next = text[position + 1]
    switch byte {
    case UInt8(ascii: ":") where next == UInt8(ascii: "/"): return true
    // %3A, %253A, and so on.
    case UInt8(ascii: "%"): return next == UInt8(ascii: "3") || next == UInt8(ascii: "2")
    default: break
    }
    return firstTwo.contains { $0 == byte | 0x20 && $1 == next | 0x20 }
      || next == UInt8(ascii: "%") || next == UInt8(ascii: "\\") || next == UInt8(ascii: "&")
  }

  /// The range of the secret that begins, or whose name begins, at a position.
  private static func secret(
    at position: Int, _ scanner: RedactionScanner, _ values: [[UInt8]]
  ) -> Range<Int>? {
    if scanner.unit(at: position)?.byte == UInt8(ascii: ":") {
      return scanner.userInfo(from: position)
    }
    for value in values {
      let (count, end) = scanner.match(value, at: position, ignoresCase: false)
      if count >= minimumBytes { return position..<end }
    }
    for prefix in keyPrefixes {
      let (count, end) = scanner.match(prefix, at: position, ignoresCase: false)
      if count == prefix.count, let end = scanner.endOfKeyID(from: end) { return position..<end }
    }
    for name in names {
      let (count, end) = scanner.match(name, at: position, ignoresCase: true)
      if count == name.count, let value = scanner.value(after: end) { return value }
    }
    return nil
  }
}
