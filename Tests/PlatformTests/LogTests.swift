import Foundation
import Platform
import Testing

/// Collects log lines.
private final class Lines: @unchecked Sendable {
  private let lock = NSLock()
  private var collected: [String] = []
  func add(_ line: [UInt8]) {
    lock.withLock { collected.append(String(decoding: line, as: UTF8.self)) }
  }
  var all: [String] { lock.withLock { collected } }
}

@Suite struct LogTests {
  private let clock = Clock(
    unixMilliseconds: { 1_795_357_601_123 }, monotonicMilliseconds: { 0 })

  private func lines(
    _ environment: [String: String], _ use: (Log) -> Void
  ) -> [String] {
    let lines = Lines()
    use(Log(environment: Environment(environment), clock: clock) { lines.add($0) })
    return lines.all
  }

  @Test func aPlainLineCarriesTimeRequestIDLevelAndMessage() {
    let written = lines([:]) { $0.forRequest("id-1").info("hello") }
    #expect(written == ["2026-11-22T14:26:41.123Z\tid-1\tINFO\thello\n"])
  }

  @Test func aLineBreakInTheTextStaysOnOneLine() {
    let written = lines([:]) { $0.error("a\nb\r\tc\u{0}") }
    #expect(written == ["2026-11-22T14:26:41.123Z\t-\tERROR\ta\\nb\\r\\x09c\\x00\n"])
  }

  @Test(arguments: [nil, "JSON"])
  func aForeignKeyCannotForgeALineOrReorderIt(format: String?) {
    let key = "\u{1B}]0;x\u{7}\n\u{9B}31m\u{2028}\u{202E}gpj.exe"
    let written = lines(format.map { ["AWS_LAMBDA_LOG_FORMAT": $0] } ?? [:]) { $0.error(key) }
    let escape = format == nil ? #"\x1b]0;x\x07"# : #"\u001b]0;x\u0007"#
    #expect(written.count == 1)
    #expect(written[0].contains(escape + #"\n\u009b31m\u2028\u202egpj.exe"#))
  }

  @Test func aJSONLineIsValidJSONWhateverTheTextHolds() throws {
    let text = "quote \" backslash \\ newline \n bell \u{7} emoji 🐕"
    let written = lines(["AWS_LAMBDA_LOG_FORMAT": "JSON"]) { $0.forRequest("r").warn(text) }
    let object = try JSONSerialization.jsonObject(with: Data(written[0].utf8)) as? [String: String]
    #expect(object?["message"] == text)
    #expect(object?["level"] == "WARN")
    #expect(object?["requestId"] == "r")
    #expect(object?["timestamp"] == "2026-11-22T14:26:41.123Z")
    #expect(written[0].filter { $0 == "\n" }.count == 1)
  }

  @Test func linesBelowTheLevelAreNotWritten() {
    let written = lines(["AWS_LAMBDA_LOG_LEVEL": "error"]) {
      $0.warn("no")
      $0.error("yes")
    }
    #expect(written.count == 1)
  }

  @Test func linesAreWrittenTogetherButNoneInTwoPieces() {
    let long = String(repeating: "x", count: 5_000)
    let texts = (0..<100).map { "line \($0)" } + [long, "last"]
    let written = lines([:]) { log in
      log.write(lines: texts.flatMap { log.infoLine($0, .none) })
    }
    #expect(written.joined().split(separator: "\n").count == texts.count)
    #expect(written.allSatisfy { $0.hasSuffix("\n") })
    #expect(written.filter { $0.utf8.count > 4_096 }.map { $0.contains(long) } == [true])
    #expect(
      written.filter { $0.utf8.count > 4_096 }.allSatisfy { $0.filter { $0 == "\n" }.count == 1 })
    #expect(written.count <= 4)
  }

  @Test func theDefaultLevelIsInfoAndAnUnknownLevelIsIgnored() {
    let written = lines(["AWS_LAMBDA_LOG_LEVEL": "LOUD"]) {
      $0.debug("no")
      $0.info("yes")
    }
    #expect(written.count == 1)
  }
}

@Suite struct TimeTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
    (951_782_400_000, "2000-02-29T00:00:00.000Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
    (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
  ])
  func aTimestampIsTheCalendarsOwn(milliseconds: Int64, expected: String) {
    let lines = Lines()
    let clock = Clock(unixMilliseconds: { milliseconds }, monotonicMilliseconds: { 0 })
    Log(environment: Environment([:]), clock: clock) { lines.add($0) }.info("x")
    #expect(lines.all.first?.hasPrefix(expected) == true)
  }

  @Test func aDeadlineCountsDownWithTheWallClock() {
    let clock = Clock(unixMilliseconds: { 1000 }, monotonicMilliseconds: { 0 })
    #expect(Deadline(unixMilliseconds: 1500).remainingMilliseconds(on: clock) == 500)
    #expect(
      Deadline(unixMilliseconds: 1500).earlier(byMilliseconds: 600).remainingMilliseconds(on: clock)
        == -100)
    #expect(
      Deadline.distantFuture.earlier(byMilliseconds: 5).remainingMilliseconds(on: clock) == .max)
  }

  @Test func anEmptyVariableCountsAsUnset() {
    let environment = Environment(["A": "", "B": "b"])
    #expect(environment["A"] == nil)
    #expect(environment["B"] == "b")
    #expect(environment["C"] == nil)
  }

  @Test func theProcessEnvironmentIsThatOfTheProcess() {
    #expect(Environment.process["PATH"] == ProcessInfo.processInfo.environment["PATH"])
    #expect(Environment.process["SURELY_NOT_SET_ANYWHERE"] == nil)
  }
}
