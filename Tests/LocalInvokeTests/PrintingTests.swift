import JSON
import RuntimeEmulator
import Testing

@testable import local_invoke

private let permanentFailure = """
  {"invocationSchemaVersion":"1.0","results":[{"taskId":"7","resultCode":"PermanentFailure",\
  "resultString":"S3.NoSuchKey"}]}
  """
/// The result of one image, created with Python's json, gzip, and base64.
private let plainBody =
  "eyJyZXN1bHRzIjpbeyJzb3VyY2UiOnsidXJsIjoidSJ9LCJwcm9iYWJpbGl0aWVzIjpbeyJjbGFzcyI6ImRvZyIsInByb2JhYmlsaXR5IjowLjV9XX1dfQ=="
private let compressedBody =
  "H4sIAAAAAAACA6tWKkotLs0pKVayiq5WKs4vLUpOVbKqViotylGyUipVqtVRKijKT0pMyszJLMlMhShLzkksBrKUUvLTlZDlK5WsDPRMa2OBEACSQQqCWAAAAA=="
private let long = String(repeating: "x", count: 80)

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
      ("{\"batchItemFailures\":[{\"itemIdentifier\":\"1\"}]}", 0), (permanentFailure, 1),
    ] as [(String, Int32)])
  func theAnswersStatusDecidesTheExitStatus(payload: String, status: Int32) {
    let outcome = InvocationOutcome(
      requestID: "id", result: .success(Array(payload.utf8)), durationMilliseconds: 1)
    #expect(Answer(outcome).exitStatus == status)
  }

  @Test(arguments: [
    ("{\"batchItemFailures\":[{\"itemIdentifier\":\"1\"}]}", ["Message 1 returns to its queue."]),
    ("{\"batchItemFailures\":[]}", []),
    (permanentFailure, ["Task 7: PermanentFailure: S3.NoSuchKey"]),
    ("{\"statusCode\":200,\"results\":[{}]}", []),
  ])
  func whatReturnsToItsServiceIsTold(payload: String, notes: [String]) {
    let outcome = InvocationOutcome(
      requestID: "id", result: .success(Array(payload.utf8)), durationMilliseconds: 1)
    #expect(Answer(outcome).notes == notes)
  }

  @Test(
    arguments: [
      (compressedBody, "gzip", 1), (compressedBody, nil, 0), (plainBody, nil, 1),
      (plainBody, "gzip", 0),
      (String(compressedBody.prefix(80)), "gzip", 0), ("no base64", nil, 0),
    ] as [(String, String?, Int)])
  func theBodyOfAnHTTPResponseIsDecodedForTheChart(body: String, encoding: String?, count: Int) {
    let headers = encoding.map { ["content-encoding": .string($0)] as JSONValue } ?? [:]
    let answer =
      [
        "statusCode": 200, "isBase64Encoded": true, "body": .string(body), "headers": headers,
      ] as JSONValue
    let charts = BarChart.charts(of: answer.serialized())
    #expect(charts.count == count)
    #expect(charts.allSatisfy { $0.hasPrefix("u\n  dog   50.00 %") })
  }

  @Test(arguments: [
    ("[1,{\"a\":null}]", "[1,{\"a\":null}]"), ("no json", "no json"),
    (
      "{\"long\":\"\(long)\",\"list\":[{\"a\":1},\"\(long)\"]}",
      "{\n  \"long\": \"\(long)\",\n  \"list\": [\n    {\"a\":1},\n    \"\(long)\"\n  ]\n}"
    ),
  ])
  func aStoredResultIsPrintedInShortLines(document: String, text: String) {
    #expect(StoredResults.text(of: Array(document.utf8)) == text)
  }

  @Test func coldStartsAndThroughputAreSummedUp() {
    var statistics = Statistics()
    for (duration, initMilliseconds) in [(10, 5), (20, 7), (30, nil)] as [(Double, Double?)] {
      var report = Report(requestID: "id", memoryMB: 128)
      report.initMilliseconds = initMilliseconds
      let outcome = InvocationOutcome(
        requestID: "id", result: .success([]), durationMilliseconds: duration)
      report.complete(outcome, timeoutSeconds: 3)
      statistics.add(
        HostedInvocation(outcome: outcome, report: report, isColdStart: initMilliseconds != nil),
        modelMilliseconds: 1)
    }
    #expect(
      statistics.summary(failures: 1, environments: 2, seconds: 1.5) == """
        3 invocations, 1 failed; Duration: p50 20.00 ms, p90 30.00 ms, p99 30.00 ms; Init Duration: 5.00 ms; Max Memory Used: 0 MB
        2 environments, 2 cold starts (Init Duration: p50 5.00 ms, p90 7.00 ms, p99 7.00 ms); 2.0 invocations/s in 1.50 s
        without the model's time: p50 19.00 ms, p90 29.00 ms, p99 29.00 ms
        """)
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
