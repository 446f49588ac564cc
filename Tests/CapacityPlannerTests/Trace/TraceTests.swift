import CapacityPlanner
import Foundation
import TestSupport
import Testing

@Suite struct TraceTests {
  private func trace(_ text: String, _ format: TraceFormat = TraceFormat()) throws(TraceError)
    -> Trace
  {
    try Trace(Data(text.utf8), format: format)
  }

  /// Arrivals by the second.
  private func seconds(_ traffic: Traffic) -> [Double] {
    traffic.ratesPerSecond(binWidth: .seconds(1))
  }

  @Test(arguments: [
    "0.5\n1.25\n3\n", "time\n0.5\n1.25\n3", "t;size\r\n0.5;3\r\n1.25;4\r\n3;1\r\n",
    "\u{FEFF}t\tx\n0.5\t9\n1.25\ta\n3\tb\n",
    "# a comment\n\n\"0.5\",\"a \"\"b\"\", c\"\n1.25,\n3e0,x\n",
    "2026-11-22T00:00:00.5Z\n2026-11-22T01:00:01.25+01:00\n2026-11-22 00:00:03Z\n",
    "1763769600.5\n1763769601.25\n1763769603\n", "1763769600500\n1763769601250\n1763769603000\n",
  ])
  func arrivalTimesAreReadInEveryForm(text: String) throws {
    let read = try trace(text)
    #expect(seconds(read.traffic) == [1, 1, 0, 1])
    #expect(read.notices[0].hasPrefix("taken for 3 arrival times"))
  }

  @Test(arguments: [
    ("2026-11-22", 1_795_305_600.0), ("2026-326", 1_795_305_600), ("2026-W47-7", 1_795_305_600),
    ("2020-W53-5", 1_609_459_200), ("2024-02-29T24:00", 1_709_251_200),
    ("20261122T181546Z", 1_795_371_346), ("\"2026-11-22T18:15:46,68-02:30\"", 1_795_380_346),
    ("1969-12-31T23:59:59Z", -1), ("2026/11/22 00:00:00", 1_795_305_600),
    ("1795305600000000", 1_795_305_600), ("1795305600000000000", 1_795_305_600),
  ])
  func isoDatesOfEveryKindAreUnderstood(text: String, unixSeconds: Double) throws {
    #expect(try trace(text + "\n").traffic.startUnixSeconds == unixSeconds)
  }

  @Test func aRegularGridWithNumbersBesideItIsCountsAndGapsAreEmpty() throws {
    let text =
      "time,value\n2014-04-10 00:00:00,94\n2014-04-10 00:05:00,56\n2014-04-10 00:15:00,2.0\n"
    let read = try trace(text)
    #expect(
      read.traffic.ratesPerSecond(binWidth: .seconds(300)).map { ($0 * 300).rounded() }
        == [94, 56, 0, 2])
    #expect(
      read.notices == [
        "taken for counts in 4 bins of 5 min, an ISO date and a count each, behind a header, the counts in value; 1 without a row are empty"
      ])
  }

  @Test func irregularTimesWithNumbersBesideThemAreAQuestion() throws {
    let error = #expect(throws: TraceError.self) { try trace("0,374\n4,396\n5,12\n11,7\n") }
    #expect(
      error?.description == """
        it is unclear whether each row is one request or a count of requests. Its first rows as read:
          line 1: time 0, column 2 374
          line 2: time 4, column 2 396
          line 3: time 5, column 2 12
        State it: --count-column with the column of the counts, or --column 1 when each row is one request
        """)
    #expect(
      try trace("0,374\n4,396\n", TraceFormat(column: "1")).traffic.expectedArrivals == 2)
  }

  @Test func whatAFileIsTakenForCanBeSaid() throws {
    let text = "at,n,other\n0,3,1\n60,4,2\n120,5,2\n"
    #expect(try trace(text).traffic.expectedArrivals == 12)
    #expect(try trace(text, TraceFormat(column: "at")).traffic.expectedArrivals == 3)
    #expect(try trace(text, TraceFormat(countColumn: "N")).traffic.expectedArrivals == 12)
    #expect(try trace("0,3\n60,4\n120,5\n").traffic.expectedArrivals == 12)
    #expect(try trace("0,3\n60,4\n120,5\n", TraceFormat(column: "1")).traffic.expectedArrivals == 3)
    #expect(
      try trace("x,when\na,0\nb,2\n", TraceFormat(column: "when")).traffic.expectedArrivals == 2)
    let wide = try trace("0,3\n60,4\n", TraceFormat(binWidth: .seconds(120)))
    #expect(wide.traffic.duration == .seconds(120))
    #expect(throws: TraceError.self) { try trace("a,b\n1,2\n", TraceFormat(column: "c")) }
    #expect(throws: TraceError.self) { try trace("0,5\n", TraceFormat(countColumn: "2")) }
    #expect(throws: TraceError.self) { try trace("0\n1\n", TraceFormat(binWidth: .seconds(60))) }
  }

  @Test func badRowsAreToldWithTheirLines() throws {
    let text = "time,who\n1,a\nyesterday,b\n\n2026-01-01,c\n,d\n\"2\",\"e\nf\"\n-3,g\n"
    let error = #expect(throws: TraceError.self) { try trace(text) }
    #expect(
      error?.description == """
        4 bad rows
          line 3: "yesterday" is not a number of seconds, as the rows before are
          line 5: "2026-01-01" is not a number of seconds, as the rows before are
          line 6: time is empty
          line 9: -3 is before the start of the trace
        """)
    let read = try trace(text, TraceFormat(skipsBadRows: true))
    #expect(read.traffic.expectedArrivals == 2)
    #expect(read.notices[1].hasPrefix("4 bad rows are left out:\n  line 3: "))
  }

  @Test func ofManyBadRowsTwentyAreShownAndAllCounted() throws {
    let error = #expect(throws: TraceError.self) {
      try trace("1\n" + String(repeating: "x\n", count: 1000))
    }
    let lines = try #require(error?.description.split(separator: "\n"))
    #expect(lines.count == 22)
    #expect(lines.last == "  and 980 more")
  }

  @Test(arguments: [
    ("start_time,end_time\n0,5\n2,9\n", "column 1, start_time, not of column 2, end_time"),
    ("time,time\n0,5\n2,9\n", "column 1, time, not of column 2, time"),
    (
      "x,2026-11-22T10:00Z,2026-11-22T10:01Z\ny,2026-11-22T10:02Z,2026-11-22T10:05Z\n",
      "column 2, not of column 3"
    ),
  ])
  func ofTwoColumnsOfTimesTheOneTakenIsSaid(text: String, place: String) throws {
    #expect(
      try trace(text).notices.contains { $0.hasPrefix("the times are those of \(place):") })
    #expect(try trace(text, TraceFormat(column: "2")).notices.count == 1)
  }

  @Test func unorderedTimesAreSortedAndSaid() throws {
    let read = try trace("5\n1\n3\n")
    #expect(seconds(read.traffic) == [0, 1, 0, 1, 0, 1])
    #expect(read.notices.contains { $0.hasPrefix("the times were not in order") })
    #expect(try trace("120,5\n0,3\n60,4\n").traffic.expectedArrivals == 12)
  }

  @Test(arguments: ["", "\n\n", "time\n", "# nothing\n", "time,value\n"])
  func anEmptyTraceIsAnError(text: String) {
    #expect(throws: TraceError.empty) { try trace(text) }
  }

  @Test(arguments: [
    "2026-02-29", "2026-13-01", "2026-11-22T25:00", "2026-366", "2026-11-22Tx", "nan", "0x10",
  ])
  func whatIsNoTimeIsRefused(text: String) {
    #expect(throws: TraceError.self) { try trace("head\n\(text)\n1\n") }
  }

  @Test func theTracesOfTheRepositoryAreReadAsWhatTheyAre() throws {
    let traces = Repository.root.appendingPathComponent("Tests/CapacityPlannerTests/Traces")
    let arrivals = try Trace(contentsOf: traces.appendingPathComponent("arrivals.csv"))
    #expect(arrivals.traffic.expectedArrivals == 1_500)
    let counts = try Trace(contentsOf: traces.appendingPathComponent("request-count.csv"))
    #expect(counts.notices[0].hasPrefix("taken for counts in 576 bins of 5 min"))
    #expect(counts.traffic.startUnixSeconds == 1_741_046_640)
  }

  @Test(.enabled(if: Repository.exists(Repository.shared), "../shared/traces is not there"))
  func theSharedTracesAreReadAsWhatTheyAre() throws {
    let traces = Repository.shared.appendingPathComponent("traces")
    let azure = try Trace(
      contentsOf: traces.appendingPathComponent("AzureLLMInferenceTrace_conv.csv"))
    #expect(azure.traffic.expectedArrivals == 19_366)
    let elb = try Trace(contentsOf: traces.appendingPathComponent("elb_request_count_8c0756.csv"))
    #expect(elb.notices[0].hasPrefix("taken for counts in 4040 bins of 5 min"))
    #expect(elb.traffic.startUnixSeconds == 1_397_088_240)
  }

  @Test func durationsOfAFileAreMillisecondsUnlessTheySayOtherwise() throws {
    let file = try TemporaryFile("@duration\n12.5\n1 s\n0.3s\n250us\n")
    let model = try DurationModel(contentsOf: URL(fileURLWithPath: file.path))
    #expect(
      model
        == .samples([.microseconds(12_500), .seconds(1), .milliseconds(300), .microseconds(250)]))
    let bad = try TemporaryFile("12\nsoon\n")
    let error = #expect(throws: DurationFileError.self) {
      try DurationModel(contentsOf: URL(fileURLWithPath: bad.path))
    }
    #expect(error?.description == "1 bad line\n  line 2: \"soon\" is not a duration")
  }

  @Test func durationsAreReadAndWrittenWithTheirUnits() {
    #expect(DurationText.duration("120ms") == .milliseconds(120))
    #expect(DurationText.duration("1.5 s") == .milliseconds(1500))
    #expect(DurationText.duration("5m") == .seconds(300))
    #expect(DurationText.duration("120") == nil)
    #expect(DurationText.duration("-1s") == nil)
    #expect(
      [
        .milliseconds(120), .milliseconds(1500), .seconds(300), .seconds(86_400), .zero,
        .seconds(90), .seconds(1_212_000),
      ]
      .map { DurationText.text($0) }
        == ["120 ms", "1.5 s", "5 min", "24 h", "0 ms", "90 s", "14 days"])
  }
}
