import Archives
import CapacityPlanner
import Foundation
import Testing

/// Files as AWS exports them, each with the number of requests that it holds.
@Suite struct TraceFormatTests {
  struct Fixture: Sendable, CustomTestStringConvertible {
    let name: String
    let requests: Double
    var startUnixSeconds = 1_795_305_600.0
    let text: String
    var testDescription: String { name }
  }

  static let fixtures = [
    Fixture(
      name: "get-metric-data", requests: 17,
      text: """
        {"MetricDataResults": [{"Id": "m1", "Label": "Invocations",
          "Timestamps": ["2026-11-22T00:02:00+00:00", "2026-11-22T00:01:00+00:00", "2026-11-22T00:00:00+00:00"],
          "Values": [5.0, 8.0, 4.0], "StatusCode": "Complete"},
          {"Id": "m2", "Label": "Duration", "Timestamps": ["2026-11-22T00:02:00+00:00"], "Values": [120.5],
          "StatusCode": "Complete"}], "Messages": []}
        """),
    Fixture(
      name: "get-metric-statistics", requests: 12,
      text: """
        {"Label": "Invocations", "Datapoints": [
          {"Timestamp": "2026-11-22T00:05:00Z", "Sum": 7.0, "Unit": "Count"},
          {"Timestamp": "2026-11-22T00:00:00Z", "Sum": 3.0, "Unit": "Count"},
          {"Timestamp": "2026-11-22T00:10:00Z", "Sum": 2.0, "Unit": "Count"}]}
        """),
    Fixture(
      name: "get-metric-statistics of a latency, whose samples are requests", requests: 30,
      text: """
        {"Label": "ModelLatency", "Datapoints": [
          {"Timestamp": "2026-11-22T00:00:00Z", "SampleCount": 10.0, "Sum": 120000.0, "Unit": "Microseconds"},
          {"Timestamp": "2026-11-22T00:01:00Z", "SampleCount": 20.0, "Sum": 220000.0, "Unit": "Microseconds"}]}
        """),
    Fixture(
      name: "the console's CSV", requests: 60,
      text: """
        Id,m1
        Label,Invocations
        Full label,photo-classifier Invocations
        Period,300
        2026/11/22 00:00:00,10
        2026/11/22 00:05:00,20
        2026/11/22 00:10:00,30
        """),
    Fixture(
      name: "the console's CSV, with rows of labels that were never seen", requests: 30,
      text: """
        Id,m1
        Label,Invocations
        Color,#1f77b4
        Statistic,Sum
        Account label,photos
        Period,300
        2026/11/22 00:00:00,10
        2026/11/22 00:05:00,20
        """),
    Fixture(
      name: "nginx's access log", requests: 2,
      text: """
        192.0.2.7 - - [22/Nov/2026:01:00:00 +0100] "GET / HTTP/1.1" 200 612 "-" "curl/8.5.0"
        192.0.2.7 - amy [21/Nov/2026:19:00:07 -0500] "GET /[1] HTTP/1.1" 404 153 "-" "curl/8.5.0"
        """),
    Fixture(
      name: "dates in brackets alone", requests: 2,
      text: "[22/Nov/2026:01:00:00 +0100]\n[22/Nov/2026:00:00:07 +0000]\n"),
    Fixture(
      name: "nginx's dates as a column", requests: 2,
      text: "host,time\nb,22/Nov/2026:01:00:00 +0100\na,22/Nov/2026:00:00:07 +0000\n"),
    Fixture(
      name: "Logs Insights, counted", requests: 9,
      text: "bin(5m),count(*)\n2026-11-22 00:05:00.000,4\n2026-11-22 00:00:00.000,5\n"),
    Fixture(
      name: "Logs Insights, lines", requests: 3,
      text: "@timestamp,@duration,@message\n"
        + "2026-11-22 00:00:09.120,81.2,\"REPORT RequestId: 1, \"\"x\"\"\"\n"
        + "2026-11-22 00:00:04.010,79.9,REPORT RequestId: 2\n"
        + "2026-11-22 00:00:00.000,80.1,REPORT RequestId: 3\n"),
    Fixture(
      name: "get-query-results", requests: 2,
      text: """
        {"results": [[{"field": "@timestamp", "value": "2026-11-22 00:00:00.000"}, {"field": "@ptr", "value": "x"}],
          [{"field": "@timestamp", "value": "2026-11-22 00:00:07.500"}, {"field": "@ptr", "value": "y"}]],
          "status": "Complete"}
        """),
    Fixture(
      name: "an Application Load Balancer's log", requests: 2,
      text: """
        https 2026-11-22T00:00:01.186641Z app/my-lb/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 "GET https://www.example.com:443/ HTTP/1.1" "curl/7.46.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/t/73e2d6bc24d8a067 "Root=1-58337281-1d84f3d73c47ec4e58577259" "www.example.com" "-" 1 2026-11-22T00:00:00.000000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-"
        h2 2026-11-22T00:00:05.000000Z app/my-lb/50dc6c495c0c9188 10.0.1.252:48160 10.0.0.66:9000 0.000 0.002 0.000 200 200 5 257 "GET https://10.0.2.105:773/ HTTP/2.0" "curl/7.46.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:x "Root=1-58337327-72bd00b0343d75b906739c42" "-" "-" 1 2026-11-22T00:00:04.500000Z "redirect" "https://example.com:80/" "-" "-" "-" "-" "-"
        """),
    Fixture(
      name: "a Classic Load Balancer's log", requests: 2,
      text: """
        2026-11-22T00:00:00.000000Z my-loadbalancer 192.168.131.39:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.38.0" - -
        2026-11-22T00:00:02.000000Z my-loadbalancer 192.168.131.39:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.38.0" - -
        """),
    Fixture(
      name: "JSON Lines of events", requests: 3,
      text: """
        {"timestamp": "2026-11-22T00:00:00Z", "level": "INFO", "bytes": 512}

        {"timestamp": "2026-11-22T00:00:01Z", "level": "INFO", "bytes": 7, "image": {"a": 1}}
        {"timestamp": "2026-11-22T00:00:03Z", "level": "WARN"}
        """),
    Fixture(
      name: "JSON Lines of counts", requests: 11,
      text: """
        {"requests": 4, "time": "2026-11-22T00:00:00Z"}
        {"requests": 7, "time": "2026-11-22T00:01:00Z"}
        """),
    Fixture(
      name: "an array of objects", requests: 2,
      text: #"[{"ts": 1795305600000, "id": "a"}, {"ts": 1795305604000, "id": "b"}]"#),
  ]

  @Test(arguments: fixtures)
  func everyExportHoldsItsRequests(fixture: Fixture) throws {
    let read = try Trace(Data(fixture.text.utf8))
    #expect(read.traffic.expectedArrivals == fixture.requests)
    #expect(read.traffic.startUnixSeconds == fixture.startUnixSeconds)
  }

  @Test(arguments: fixtures)
  func everyExportMayBePacked(fixture: Fixture) throws {
    let packed = try Gzip.compress(Array(fixture.text.utf8))
    #expect(try Trace(Data(packed)).traffic.expectedArrivals == fixture.requests)
  }

  @Test func aNoticeNamesNoHeaderOrMemberThatTheFileDoesNotHave() throws {
    func notice(_ name: String) throws -> String {
      let fixture = try #require(Self.fixtures.first { $0.name == name })
      return try Trace(Data(fixture.text.utf8)).notices[0]
    }
    #expect(
      try notice("get-metric-data")
        == "CloudWatch metric data of Invocations, taken for counts in 3 bins of 1 min, an ISO date and a count each"
    )
    #expect(
      try notice("JSON Lines of counts")
        == "JSON Lines, taken for counts in 2 bins of 1 min, an ISO date and a count each, the counts in requests"
    )
    #expect(
      try notice("nginx's access log")
        == "an access log in the common format of nginx and Apache, taken for 2 arrival times, an ISO date each"
    )
    #expect(
      try notice("the console's CSV, with rows of labels that were never seen")
        .contains("behind 6 rows of labels (Id, Label, Color, Statistic, Account label, Period)"))
  }

  @Test func membersThatWereConcatenatedAreAllRead() throws {
    let packed = try Gzip.compress(Array("1\n2\n".utf8)) + Gzip.compress(Array("3\n".utf8))
    #expect(try Trace(Data(packed)).traffic.expectedArrivals == 3)
  }

  @Test func aMetricIsChosenByItsIdWhenSeveralCouldCount() throws {
    let text = """
      {"MetricDataResults": [
        {"Id": "a", "Label": "Invocations", "Timestamps": [1795305600, 1795305660], "Values": [1, 2]},
        {"Id": "b", "Label": "RequestCount", "Timestamps": [1795305600, 1795305660], "Values": [30, 40]}]}
      """
    let error = #expect(throws: TraceError.self) { try Trace(Data(text.utf8)) }
    #expect(error?.description.contains("Name its id with --count-column") == true)
    let read = try Trace(Data(text.utf8), format: TraceFormat(countColumn: "b"))
    #expect(read.traffic.expectedArrivals == 70)
  }

  @Test func aDurationPointIsNotACountOfRequests() throws {
    let text = """
      {"Label": "Duration", "Datapoints": [{"Timestamp": "2026-11-22T00:00:00Z", "Average": 81.0}]}
      """
    #expect(throws: TraceError.self) { try Trace(Data(text.utf8)) }
  }
}
