import Results
import Testing

@Suite struct ResultSummaryTests {
  private func summary(
    _ results: [StoredResult], thresholds: [Double] = [0.6]
  ) -> ResultSummary {
    var summary = ResultSummary(thresholds: thresholds)
    for result in results { summary.add(result) }
    return summary
  }

  @Test func classesAreCountedWithTheirMeanProbability() throws {
    let summary = summary([
      try stored("1", [("b", 0.5)]), try stored("2", [("a", 0.25)]), try stored("3", [("b", 0.75)]),
      try stored("4", [("c", nil)]), try stored("5", []),
    ])
    #expect(summary.total == 5)
    #expect(summary.classesByCount.map(\.name) == ["b", "a", "c"])
    #expect(summary.classesByCount.map(\.count.count) == [2, 1, 1])
    #expect(summary.classesByCount.map(\.count.meanProbability) == [0.625, 0.25, nil])
    #expect(summary.withoutClass == 1)
    #expect(summary.withoutProbability == 1)
  }

  @Test func thresholdItselfIsNotBelow() throws {
    let results = try [0.1, 0.5, 0.6, 0.9].map { try stored("x", [("a", $0)]) }
    #expect(summary(results, thresholds: [0.6, 0.5]).below == [1, 2])
  }

  @Test(arguments: [
    (0, 0), (0.05, 0), (0.051, 1), (0.5, 9), (0.501, 10), (1, 19), (1.5, 19), (-1, 0),
  ])
  func binHasItsUpperEdge(probability: Double, bin: Int) throws {
    let histogram = summary([try stored("x", [("a", probability)])]).histogram
    #expect(histogram.firstIndex(of: 1) == bin)
    #expect(histogram.reduce(0, +) == 1)
  }

  @Test func dayIsThatOfWritingInUTC() throws {
    let midnight: Int64 = 1_795_392_000_000
    let summary = summary([
      try stored("1", written: midnight - 1), try stored("2", written: midnight),
      try stored("3", written: midnight + 86_399_999),
    ])
    let days = summary.days.sorted { $0.key < $1.key }
    #expect(days.map { UTCTime.day(daysSince1970: $0.key) } == ["2026-11-22", "2026-11-23"])
    #expect(days.map(\.value) == [1, 2])
    #expect(summary.firstUnixMilliseconds == midnight - 1)
    #expect(summary.lastUnixMilliseconds == midnight + 86_399_999)
  }

  @Test func quantileIsTheSmallestTimeThatTheShareDidNotExceed() {
    var counts = LatencyCounts()
    #expect(counts.quantile(0.5) == nil)
    for milliseconds in [40, 10, 30, 20] { counts.add(milliseconds) }
    #expect([0, 0.25, 0.26, 0.5, 0.9, 1].map { counts.quantile($0) } == [10, 10, 20, 20, 40, 40])
    #expect(counts.maximum == 40)
  }

  @Test func leastSureAreKeptInOrder() throws {
    let results = try (0..<100).map { try stored("\($0)", [("a", Double(($0 * 37) % 100) / 100)]) }
    let doubts = summary(results).doubts
    #expect(doubts.count == ResultSummary.maximumDoubts)
    #expect(doubts.map(\.probability) == (0..<12).map { Double($0) / 100 })
  }

  @Test func strangersClassesDoNotFillTheMemory() throws {
    var summary = ResultSummary()
    let result = try stored("x")
    for index in 0..<(ResultSummary.maximumNames + 50) {
      let text = #"{"endpoint":"e","source":{"bucket":"b","key":"k"},"class":"\#(index)"}"#
      summary.add(
        StoredResult(
          key: result.key, writtenUnixMilliseconds: 1,
          document: try ResultDocument(parsing: Array(text.utf8))))
    }
    #expect(summary.classes.count == ResultSummary.maximumNames + 1)
    #expect(summary.classes[ResultSummary.otherNames]?.count == 50)
  }
}
