import JSON
import RuntimeEmulator
import Testing

@testable import local_invoke

@Suite struct PrintingTests {
  @Test func percentilesAreNearestRanks() {
    let values = (1...100).map(Double.init).shuffled()
    #expect(Statistics.percentile(50, of: values) == 50)
    #expect(Statistics.percentile(99, of: values) == 99)
    #expect(Statistics.percentile(99, of: [7]) == 7)
    #expect(Statistics.percentile(50, of: []) == 0)
  }

  @Test func aBarChartShowsAtMostFiveClassesInOrder() throws {
    let classes = (0..<7).map { index in
      [
        "class": .string("class \(index)"),
        "probability": .number(JSONNumber(index == 0 ? 1.0 : 0.0)),
      ] as JSONValue
    }
    let body =
      ["results": [["source": ["bucket": "b", "key": "k"], "probabilities": .array(classes)]]]
      as JSONValue
    let answer =
      ["statusCode": 200, "body": .string(String(decoding: body.serialized(), as: UTF8.self))]
      as JSONValue
    let lines = try #require(BarChart.charts(of: answer.serialized()).first).split(separator: "\n")
    #expect(lines.first == "s3://b/k")
    #expect(lines.count == 6)
    #expect(lines[1] == "  class 0  100.00 %  \(String(repeating: "█", count: 40))")
    #expect(lines[2] == "  class 1    0.00 %  ")
  }

  @Test(arguments: ["", "{}", "{\"body\":\"x\"}", "{\"body\":\"{\\\"results\\\":[1]}\"}"])
  func anAnswerWithoutResultsHasNoChart(answer: String) {
    #expect(BarChart.charts(of: Array(answer.utf8)).isEmpty)
  }

  @Test(
    arguments: [
      ("{\"statusCode\":200}", 0), ("{\"statusCode\":404}", 1), ("{}", 0), ("no json", 0),
    ] as [(String, Int32)])
  func theAnswersStatusDecidesTheExitStatus(payload: String, status: Int32) {
    let outcome = InvocationOutcome(
      requestID: "id", result: .success(Array(payload.utf8)), durationMilliseconds: 1)
    #expect(Answer(outcome).exitStatus == status)
  }

  @Test func initTimeIsBilled() {
    var report = Report(requestID: "id", memoryMB: 128)
    report.initMilliseconds = 9.5
    report.complete(
      InvocationOutcome(requestID: "id", result: .success([]), durationMilliseconds: 1.25),
      timeoutSeconds: 3)
    #expect(report.billedMilliseconds == 11)
    #expect(
      report.lines == [
        "END RequestId: id",
        "REPORT RequestId: id\tDuration: 1.25 ms\tBilled Duration: 11 ms\tMemory Size: 128 MB\tMax Memory Used: 0 MB\t"
          + "Init Duration: 9.50 ms\t",
      ])
  }
}
