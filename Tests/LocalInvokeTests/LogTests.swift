import JSON
import TestSupport
import Testing

@testable import local_invoke

/// The log that Lambda would keep.
@Suite struct LogTests {
  @Test func theLogHasALineForTheImageAndOneForTheMetrics() throws {
    let run = try localInvoke(
      "events/s3.json", "--show-results", environment: ["AWS_LAMBDA_LOG_FORMAT": "JSON"])
    let lines = run.errors.split(separator: "\n").compactMap { try? JSONValue(parsing: String($0)) }
      .filter { $0["level"] != nil }
    #expect(lines.count == 2, "\(run.errors)")
    #expect(lines.first?["class"] == "German shepherd")
    let key = try #require(lines.first?["resultKey"]?.stringValue)
    #expect(run.errors.contains("s3://local-results/\(key)\n{"), "the stored result")
    #expect(
      lines.last?["_aws"]?["CloudWatchMetrics"]?[0]?["Namespace"] == "SageMakerImageInference")
    #expect(lines.first?["requestId"] == lines.last?["requestId"])
  }

  @Test(arguments: [
    (["AWS_LAMBDA_LOG_LEVEL": "WARN"], 1), (["LOG_RESULTS": "off"], 1), (["METRICS": "off"], 1),
    (["AWS_LAMBDA_LOG_LEVEL": "FATAL", "METRICS": "off"], 0),
  ])
  func settingsAndTheLevelDecideAboutEachOfThem(settings: [String: String], count: Int) throws {
    let run = try localInvoke(
      "events/s3.json",
      environment: settings.merging(["AWS_LAMBDA_LOG_FORMAT": "JSON"]) { $1 })
    #expect(run.errors.split(separator: "\n").filter { $0.hasPrefix("{") }.count == count)
  }

  private func passed(_ text: String, level: String?, format: String = "JSON") -> String {
    var environment = ["AWS_LAMBDA_LOG_FORMAT": format]
    environment["AWS_LAMBDA_LOG_LEVEL"] = level
    var filter = LambdaLogFilter(environment: environment)
    // Byte by byte: a pipe may deliver any part of a line.
    let lines = text.utf8.flatMap { filter.passed([$0]) }
    return String(decoding: lines + filter.passedAtEnd(), as: UTF8.self)
  }

  @Test(arguments: [
    #"{"level":"INFO","timestamp":"2026-11-26T03:00:00.123Z"}"#,
    #"{"level":"debug","timestamp":"2026-11-26T03:00:00Z"}"#, #"{"_aws":{},"Images":1}"#,
    #"{"level":"ERROR"}"#, #"{"level":"ERROR","timestamp":1795662000}"#,
    #"{"level":"ERROR","timestamp":"yesterday"}"#, #"{"log_level":"ERROR"}"#, "plain text", "[]",
  ])
  func whatCountsAsInfoOrLessIsDroppedByWarn(line: String) {
    #expect(passed(line + "\n" + line, level: "WARN") == "")
    #expect(passed(line + "\n" + line, level: "TRACE") == line + "\n" + line)
  }

  @Test func whatIsSevereEnoughPasses() {
    let line = #"{"timestamp":"2026-11-26T03:00:00+01:00","level":"Error"}"#
    #expect(passed("dropped\n\(line)\ndropped\n", level: "WARN") == line + "\n")
  }

  @Test func withoutALevelDebugIsDropped() {
    let line = #"{"timestamp":"2026-11-26T03:00:00Z","level":"DEBUG"}"# + "\n"
    #expect(passed(line + "text\n", level: nil) == "text\n")
  }

  @Test func theFormatTextHasNoFilter() {
    #expect(passed("a\nb", level: "FATAL", format: "Text") == "a\nb")
  }
}
