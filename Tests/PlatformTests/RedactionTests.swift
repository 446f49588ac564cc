import Platform
import Testing

@Suite struct RedactionTests {
  private static let token = "IQoJb3JpZ2luX2VjEHEaCXVzLWVhc3QtMSJH/MEUCIQ+Dq=="
  private static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
  private static let keyID = "ASIAIOSFODNN7EXAMPLE"
  private static let signature = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"

  private let redaction = Redaction(
    environment: Environment([
      "AWS_SESSION_TOKEN": token, "AWS_SECRET_ACCESS_KEY": secret, "AWS_ACCESS_KEY_ID": keyID,
    ]))

  private static func percentEncoded(_ text: String, times: Int = 1, lowercase: Bool = false)
    -> String
  {
    var text = text
    for _ in 0..<times {
      text = text.unicodeScalars.map { scalar in
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
          ? String(scalar)
          : "%"
            + (lowercase
              ? String(scalar.value, radix: 16) : String(scalar.value, radix: 16).uppercased())
      }.joined()
    }
    return text
  }

  /// A secret in every spelling in which something may repeat it.
  static let spellings = [token, secret, keyID].flatMap(spellings(of:))

  private static func spellings(of value: String) -> [String] {
    [
      value, percentEncoded(value), percentEncoded(value, lowercase: true),
      percentEncoded(value, times: 2), percentEncoded(value, times: 3),
      String(value.map { $0 == "/" ? ["\\", "/"] : [$0] }.joined()),
      value.map {
        $0.isLetter || $0.isNumber ? "\($0)" : "&#x\(String($0.asciiValue ?? 0, radix: 16));"
      }
      .joined(),
      value.map { $0.isLetter || $0.isNumber ? "\($0)" : "&#\($0.asciiValue ?? 0);" }.joined(),
      value.map {
        $0.isLetter || $0.isNumber ? "\($0)" : "\\u00\(String($0.asciiValue ?? 0, radix: 16))"
      }
      .joined(),
      String(value.map { $0 == "+" ? " " : $0 }), String(value.prefix(18)),
    ]
  }

  /// As one secret access key of 32 does.
  @Test(arguments: ["+", "/"])
  func aValueThatBeginsWithASignIsRemovedInEverySpelling(sign: String) {
    let value = sign + Self.secret.dropFirst()
    let redaction = Redaction(environment: Environment(["AWS_SECRET_ACCESS_KEY": value]))
    for spelling in Self.spellings(of: value) {
      #expect(redaction.applied(to: "before:\(spelling), after") == "before:[redacted], after")
    }
  }

  @Test(arguments: spellings)
  func theValuesOfTheEnvironmentAreRemovedInEverySpelling(spelling: String) {
    #expect(redaction.applied(to: "before \(spelling), after") == "before [redacted], after")
  }

  static let named: [(String, String)] = [
    ("proxy 'http://me:pass word@host:abc'", "proxy 'http://me:pass word@host:abc'"),
    ("proxy 'http://me:p@ss@host:abc'", "proxy 'http://[redacted]@host:abc'"),
    ("socks9://me:pw@h:1/a@b", "socks9://[redacted]@h:1/a@b"),
    ("u=https%3A%2F%2Fme%3Apw%40host%2Fa", "u=https%3A%2F%2F[redacted]%40host%2Fa"),
    (#""url":"https:\/\/me:pw@host""#, #""url":"https:\/\/[redacted]@host""#),
    ("https://host:8080/@a?b@c", "https://host:8080/@a?b@c"),
    ("?X-Amz-Signature=\(signature)&x=1", "?X-Amz-Signature=[redacted]&x=1"),
    ("?x-amz-signature=\(signature)", "?x-amz-signature=[redacted]"),
    (
      "X-Amz-Credential=AKIDOTHER%2F20261125%2Fs3&X-Amz-Date=2",
      "X-Amz-Credential=[redacted]&X-Amz-Date=2"
    ),
    ("X-Amz-Security-Token=abc%2Fdef%3D%3D&y", "X-Amz-Security-Token=[redacted]&y"),
    ("url%3Fx-amz-signature%3D\(signature)%26y", "url%3Fx-amz-signature%3D[redacted]%26y"),
    ("X%2DAmz%2DSignature%253D\(signature)%2526y", "X%2DAmz%2DSignature%253D[redacted]%2526y"),
    ("'X-Amz-Security-Token': 'abc', 'b': 1", "'X-Amz-Security-Token': '[redacted]', 'b': 1"),
    (#"{\"x-amz-security-token\": \"abc\"}"#, #"{\"x-amz-security-token\": \"[redacted]\"}"#),
    (
      "Authorization: AWS4-HMAC-SHA256 Credential=AKID/2026/s3, SignedHeaders=host, Signature=\(signature)",
      "Authorization: AWS4-HMAC-SHA256 Credential=[redacted], SignedHeaders=host, Signature=[redacted]"
    ),
    ("x-amz-security-token: abc def", "x-amz-security-token: [redacted] def"),
    ("<SessionToken>abc</SessionToken>", "<SessionToken>[redacted]</SessionToken>"),
    ("ASIAQQQQQQQQQQQQQQQQ has no access", "[redacted] has no access"),
  ]

  @Test(arguments: named)
  func whatFollowsTheNameOfASecretIsRemoved(text: String, expected: String) {
    #expect(redaction.applied(to: text) == expected)
    #expect(redaction.applied(to: Array(text.utf8)) == Array(expected.utf8))
  }

  @Test(arguments: [
    "The request signature we calculated does not match the signature you provided.",
    "InvalidSignatureException: Signature expired: 20261125T000000Z is now earlier",
    "Credential should be scoped to a valid region", "100 % of the images, 50%2", "\\u00", "&#;",
    "%",
    "GetObject s3://photos/rex.jpg: NoSuchKey (status 404, request id 7GJ9)", "",
  ])
  func ordinaryTextStaysAsItIs(text: String) {
    #expect(redaction.applied(to: text) == text)
  }

  @Test func shortValuesOfTestsDoNotBlackenWords() {
    let redaction = Redaction(environment: Environment(["AWS_SESSION_TOKEN": "test"]))
    #expect(redaction.applied(to: "a test") == "a test")
  }

  @Test func everyLogLineIsRedacted() {
    for format in ["Text", "JSON"] {
      nonisolated(unsafe) var lines: [String] = []
      let log = Log(
        environment: Environment([
          "AWS_SESSION_TOKEN": Self.token, "AWS_LAMBDA_LOG_FORMAT": format,
        ])
      ) { lines.append(String(decoding: $0, as: UTF8.self)) }
      log.error("a \(Self.token)", LogFields([("key", .text("b \(Self.token)"))]))
      #expect(lines.count == 1)
      #expect(!lines[0].contains("MEUCIQ"))
    }
  }
}

@Suite struct ClampedArithmeticTests {
  @Test(arguments: [Int64.min, -1, 0, 1, .max])
  func noPairOfNumbersTraps(left: Int64) {
    for right in [Int64.min, -1, 0, 1, .max] {
      let exact: (Double, Double, Double) = (
        Double(left) + Double(right), Double(left) - Double(right), Double(left) * Double(right)
      )
      #expect(abs(Double(left.clampedAdding(right)) - exact.0) <= abs(exact.0) / 2 + 1)
      #expect(abs(Double(left.clampedSubtracting(right)) - exact.1) <= abs(exact.1) / 2 + 1)
      #expect(
        left.clampedMultiplied(by: right).signum() == Int64(exact.2 == 0 ? 0 : exact.2 < 0 ? -1 : 1)
      )
    }
  }

  @Test(arguments: [Int64.min, -1, 0, .max - 1, .max])
  func aDeadlineOfAnyNumberCanBeAsked(unixMilliseconds: Int64) {
    let deadline = Deadline(unixMilliseconds: unixMilliseconds)
    #expect((deadline.remainingMilliseconds(on: .system) > 0) == (unixMilliseconds > 1 << 40))
    _ = deadline.earlier(byMilliseconds: .max).remainingMilliseconds(on: .system)
  }
}
