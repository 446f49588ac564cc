import CapacityPlanner
import Foundation
import Testing

/// Files that must not be read as something they are not: each is an error whose sentence says where and why.
@Suite struct AbsurdTraceTests {
  struct Absurd: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let sentence: String
    var testDescription: String { name }

    init(_ name: String, _ text: String, _ sentence: String) {
      self.init(name, bytes: Array(text.utf8), sentence)
    }

    init(_ name: String, bytes: [UInt8], _ sentence: String) {
      (self.name, self.bytes, self.sentence) = (name, bytes, sentence)
    }
  }

  /// Minutes of ten o'clock with a count each; some replaced.
  private static func minutes(
    _ change: [Int: String] = [:], header: String = "time,requests", count: Int = 20
  ) -> String {
    header + "\n"
      + (0..<count).map { minute in
        change[minute]
          ?? "2026-11-22T10:\(minute < 10 ? "0" : "")\(minute):00Z,60"
      }.joined(separator: "\n") + "\n"
  }

  private static let autumn: String = {
    // Local times around the end of summer time: two o'clock comes twice.
    let hours = ["01", "02", "02", "03"]
    return "time,requests\n"
      + hours.flatMap { hour in
        (0..<60).map { "2026-10-25 \(hour):\($0 < 10 ? "0" : "")\($0),5" }
      }.joined(separator: "\n")
  }()

  static let files: [Absurd] = [
    Absurd("an empty cell", minutes([3: "2026-11-22T10:03:00Z,"]), "line 5: \"\" is not a count"),
    Absurd("NaN", minutes([3: "2026-11-22T10:03:00Z,NaN"]), "line 5: \"NaN\" is not a count"),
    Absurd(
      "a negative count", minutes([3: "2026-11-22T10:03:00Z,-4"]), "line 5: \"-4\" is not a count"),
    Absurd(
      "a count with a thousands separator", minutes([3: "2026-11-22T10:03:00Z,\"1,234\""]),
      "line 5: \"1,234\" is not a count"),
    Absurd(
      "the same without quotes", minutes([3: "2026-11-22T10:03:00Z,1,234"]),
      "line 5: it has 3 columns, the first row has 2"),
    Absurd(
      "half a request", minutes([3: "2026-11-22T10:03:00Z,2.5"]), "line 5: \"2.5\" is not a count"),
    Absurd("a decimal comma", "t;requests\n0;3\n60;3,5\n120;3\n", "line 3: \"3,5\" is not a count"),
    Absurd(
      "a duplicated row", minutes([3: "2026-11-22T10:02:00Z,60"]),
      "line 5: it has the time of line 4"),
    Absurd(
      "a row off the grid", minutes([3: "2026-11-22T10:03:17Z,60"]),
      "line 5: its time is not on the grid of 1 min"),
    Absurd("an hour twice", autumn, "when clocks change, an hour comes twice"),
    Absurd(
      "an empty cell without a header",
      String(minutes([3: "2026-11-22T10:03:00Z,"]).drop { $0 != "2" }),
      "line 4: \"\" is not a count"),
    Absurd(
      "a missing column", minutes([3: "2026-11-22T10:03:00Z"]), "line 5: \"\" is not a count"),
    Absurd(
      "a bad time", minutes([3: "ten past ten,60"]),
      "line 5: \"ten past ten\" is not an ISO date, as the rows before are"),
    Absurd(
      "two columns of requests",
      minutes(header: "time,requests,count").replacing(",60", with: ",60,70"),
      "it is unclear which column counts the requests: requests or count"),
    Absurd(
      "an average", minutes(header: "time,average"),
      "average is an average or a rate, not a number of requests"),
    Absurd(
      "a rate", minutes(header: "time,rps"), "rps is an average or a rate, not a number of requests"
    ),
    Absurd(
      "a column that says nothing, beside others",
      minutes(header: "time,color,shape").replacing(",60", with: ",60,7"),
      "it is unclear whether each row is one request or a count of requests"),
    Absurd(
      "sparse counts without a header", "60,3\n300,5\n1500,2\n1560,9\n",
      "line 1: time 60, column 2 3"),
    Absurd(
      "counts before times, without a header", "5,0\n7,60\n9,120\n4,180\n",
      "it is unclear whether each row is one request or a count of requests"),
    Absurd(
      "one absurd time", "1\n2\n36854775800\n", "line 3: \"36854775800\" is not a number of seconds"
    ),
    Absurd(
      "milliseconds among seconds", "1763769600\n1763769601250\n1763769602\n",
      "line 2: \"1763769601250\" is not seconds since 1970"),
    Absurd(
      "a year too early", "2026-11-22T10:00\n1926-11-22T10:01\n2026-11-22T10:02\n",
      "from line 2 to line 3 there are 36525 days"),
    Absurd(
      "a date among seconds", "1\n2026-11-22\n", "line 2: \"2026-11-22\" is not a number of seconds"
    ),
    Absurd(
      "a date of another order", "22/11/2026 10:00\n22/11/2026 10:01\n",
      "line 2: \"22/11/2026 10:01\" is neither"),
    Absurd(
      "German dates", "Zeit,Anfragen\n" + (10..<70).map { "22.11.2026 08:\($0),5\n" }.joined(),
      "none of its 60 rows has a time that can be read: line 2: \"22.11.2026 08:10\" is neither"),
    Absurd(
      "American dates", "time,requests\n11/22/2026,5\n11/23/2026,6\n",
      "or ISO dates with the year first (2026-11-22T08:00:00Z), or name their column with --column"),
    Absurd(
      "an offset in most rows only", minutes([3: "2026-11-22T10:03:00,60"]),
      "line 5: \"2026-11-22T10:03:00\" has no offset from UTC, unlike the rows before"),
    Absurd(
      "an offset in one row only", "2026-11-22 10:00\n2026-11-22 10:01+01:00\n",
      "line 2: \"2026-11-22 10:01+01:00\" has an offset from UTC, unlike the rows before"),
    Absurd(
      "a count of twenty digits", minutes([3: "2026-11-22T10:03:00Z,99999999999999999999"]),
      "line 5: \"99999999999999999999\" is too large a count"),
    Absurd(
      "a time of twenty digits", "1\n99999999999999999999\n",
      "line 2: \"99999999999999999999\" is too large a number for a time"),
    Absurd("a header only", "time,requests\n", "it has no arrivals"),
    Absurd(
      "a quote without an end", "time,name\n1,\"a\n2,b\n3,c\n",
      "the quote that begins in line 2 is never closed"),
    Absurd(
      "a spreadsheet", bytes: Array("PK".utf8) + [3, 4, 20, 0],
      "it is a ZIP archive or a spreadsheet"),
    Absurd("UTF-16", bytes: [0xFF, 0xFE, 0x31, 0, 0x0A, 0], "it is UTF-16: save it as UTF-8"),
    Absurd("Parquet", "PAR1....", "it is a Parquet file"),
    Absurd("a web page", "<!DOCTYPE html><html></html>", "it is HTML or XML"),
    Absurd("zeros", bytes: [0x31, 0x0A, 0, 0, 0], "it is not a text file"),
    Absurd("a broken gzip", bytes: [0x1F, 0x8B, 8, 0, 1, 2, 3], "gzip: "),
    Absurd("other JSON", #"{"a": 1}"#, "no member of its objects is named as a time"),
    Absurd(
      "JSON Lines with a bad line", "{\"time\": 1}\n{\"time\": }\n",
      "line 2: it is not a JSON object"),
    Absurd(
      "the first of several pages",
      #"{"MetricDataResults": [{"Id": "a", "Label": "Invocations", "Timestamps": [1795305600], "Values": [1], "StatusCode": "PartialData"}]}"#,
      "it is not the whole answer"),
    Absurd(
      "too many bins", "time,requests\n0,1\n1e-6,1\n99999999,1\n",
      "there are more than 10000000 bins"),
    Absurd("no requests", "time,requests\n0,0\n60,0\n120,0\n", "the traffic is empty"),
  ]

  @Test(arguments: files)
  func anAbsurdFileIsAnErrorWithASentence(file: Absurd) {
    let error = #expect(throws: TraceError.self) { try Trace(Data(file.bytes)) }
    #expect(error?.description.contains(file.sentence) == true, "\(error?.description ?? "")")
  }

  @Test func datesThatCannotBeReadAreOneSentence() {
    let text = (10..<70).map { "22.11.2026 08:\($0)\n" }.joined()
    let error = #expect(throws: TraceError.self) { try Trace(Data(text.utf8)) }
    #expect(error?.description.contains("\n") == false)
  }

  @Test func requestsBeforeTimesAreReadByTheirHeader() throws {
    let swapped = Self.minutes().split(separator: "\n").map { line in
      line.split(separator: ",").reversed().joined(separator: ",")
    }.joined(separator: "\n")
    #expect(try Trace(Data(swapped.utf8)).traffic.expectedArrivals == 1200)
  }

  @Test func errorsBesideRequestsAreNotCounted() throws {
    let text =
      "time,requests,errors\n"
      + (0..<1440).map { "\($0 * 60),60,\($0 % 7)\n" }.joined()
    #expect(try Trace(Data(text.utf8)).traffic.expectedArrivals == 86_400)
  }

  @Test func atMostTwentyBadRowsAreShownAndTheRestCanBeLeftOut() throws {
    let text = Self.minutes([3: "2026-11-22T10:03:00Z,", 5: "2026-11-22T10:04:00Z,60"])
    let read = try Trace(Data(text.utf8), format: TraceFormat(skipsBadRows: true))
    #expect(read.traffic.expectedArrivals == 18 * 60)
    #expect(read.badRows.map(\.line) == [5, 7])
  }
}
