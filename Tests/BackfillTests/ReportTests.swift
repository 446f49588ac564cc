import AWSControl
import Foundation
import JSON
import OperationsSupport
import TestSupport
import Testing

@testable import Backfill

@Suite struct ReportTests {
  private func rows(_ text: String, pieceBytes: Int = .max) throws -> [ReportRow?] {
    var reader = ReportReader()
    var rows: [ReportRow?] = []
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let piece = rest.prefix(pieceBytes)
      reader.add(piece) { rows.append($0) }
      rest = rest.dropFirst(piece.count)
    }
    reader.end { rows.append($0) }
    return rows
  }

  /// As S3 writes it, as its guide lists it, without a version, in capitals.
  @Test(arguments: [
    "b,k,v,failed,200,PermanentFailure,no", "b,k,v,failed,PermanentFailure,200,no",
    "b,k,v,Failed,200,PermanentFailure,\"no\"",
    "\"b\",\"k\",\"v\",\"failed\",\"200\",\"PermanentFailure\",\"no\"",
  ])
  func contentDecidesWhichColumnIsWhich(line: String) throws {
    let row = try #require(try rows(line + "\n")[0])
    #expect(row.object == ManifestRow(bucket: "b", encodedKey: "k", versionID: "v"))
    #expect(!row.isSucceeded)
    #expect(row.code == "PermanentFailure")
    #expect(row.text == "no")
  }

  @Test func successesHaveNoCode() throws {
    let all = try rows(
      "b,k,,succeeded,200,,071.German_shepherd_dog 0.93\r\nb,l,,succeeded,,200,\"a, \"\"b\"\" 1.0\""
    )
    #expect(all[0]?.code == "")
    #expect(all[0]?.object.versionID == nil)
    #expect(
      ResultText(all[0]?.text ?? "")
        == .classified(name: "071.German_shepherd_dog", probability: 0.93))
    #expect(ResultText(all[1]?.text ?? "") == .classified(name: "a, \"b\"", probability: 1))
    #expect(all[1]?.code == "")
  }

  @Test func quotationMarksThatAreNotDoubledLoseNothing() throws {
    let text =
      #"b,k,,failed,200,PermanentFailure,"Lambda returned function error: {"errorMessage":"x, y","errorType":"Runtime.ExitError"}""#
    let all = try rows(text + "\nb,l,,succeeded,200,,dog 0.5\n")
    #expect(all.count == 2)
    #expect(all[0]?.text.hasPrefix("Lambda returned function error: {") == true)
    #expect(
      ResultText.reason(ofFailure: all[0]?.text ?? "", code: "")
        == "function error Runtime.ExitError")
    #expect(all[1]?.text == "dog 0.5")
  }

  @Test func lineBreaksInFieldsAndBrokenQuotationMarksEndWhereATaskBegins() throws {
    let all = try rows(
      "b,k,,failed,200,PermanentFailure,\"one\ntwo\"\nb,l,,failed,200,X,\"never closed\nb,m,,succeeded,200,,dog 1.0\n"
    )
    #expect(all.compactMap { $0?.object.encodedKey } == ["k", "l", "m"])
    #expect(all[0]?.text == "one two")
  }

  @Test func piecesOfAnySizeGiveTheSameRows() throws {
    let text = "b,k,,failed,200,P,\"one\ntwo\"\n\nb,ü%20,v,succeeded,200,,dog 1.0\nno task\n"
    let whole = try rows(text)
    #expect(whole.count == 3)
    for size in [1, 2, 7] { #expect(try rows(text, pieceBytes: size) == whole) }
  }

  @Test func localRowsAreReadBack() throws {
    let rows = [
      ReportRow(
        ManifestRow(bucket: "b", key: "a,\"b\".jpg", versionID: "null"),
        .succeeded("a \"b\", c 0.5")),
      ReportRow(
        ManifestRow(bucket: "b", key: "x y", versionID: nil), .failed(.temporary, "one\ntwo")),
    ]
    let read = try self.rows(rows.map { $0.line + "\n" }.joined())
    #expect(read[0] == rows[0])
    #expect(read[1]?.text == "one two")
    #expect(read[1]?.code == "TemporaryFailure")
  }

  @Test func summaryCountsClassesAndReasonsWithExamples() throws {
    var summary = ReportSummary()
    for (index, text) in [
      "dog 0.5", "dog 1.0", "cat 0.9", "s3://b/f/: a folder; skipped", "accepted",
    ].enumerated() {
      summary.add(
        ReportRow(ManifestRow(bucket: "b", key: "\(index)", versionID: nil), .succeeded(text)))
    }
    for index in 0..<5 {
      summary.add(
        ReportRow(
          ManifestRow(bucket: "b", key: "f\(index)", versionID: nil),
          .failed(.permanent, "S3.NoSuchKey: s3://b/f\(index): gone")))
    }
    #expect(summary.tasks == 10)
    #expect(
      summary.classes.map { "\($0.name) \($0.images) \($0.meanProbability)" } == [
        "dog 2 0.75", "cat 1 0.9",
      ])
    #expect((summary.skipped, summary.otherSuccesses) == (1, 1))
    #expect(summary.failures.map(\.reason) == ["S3.NoSuchKey"])
    #expect(summary.failures[0].examples.count == 3)
  }

  @Test func examplesAreTheFirstByKeyInWhateverOrderTasksEnded() throws {
    var summary = ReportSummary()
    for key in "edcba" {
      let row = try rows("b,\(key),,failed,200,PermanentFailure,E: no\n")[0]
      summary.add(try #require(row))
    }
    #expect(summary.failures.map { $0.examples.map(\.object.encodedKey) } == [["a", "b", "c"]])
  }

  @Test(arguments: ResultRows.Format.allCases)
  func rowsForOtherProgramsHoldHostileKeys(format: ResultRows.Format) throws {
    let rows = ResultRows(format)
    for key in hostileKeys {
      let row = ReportRow(
        ManifestRow(bucket: "b", key: key, versionID: nil), .succeeded("dog, \"big\" 0.5"))
      let text = rows.text(row)
      switch format {
      case .jsonl:
        #expect(text.filter { $0 == "\n" }.count == 1)
        let json = try JSONValue(parsing: Array(text.utf8))
        #expect(json["key"]?.stringValue.map { Array($0.utf8) } == Array(key.utf8))
        #expect(json["class"]?.stringValue == "dog, \"big\"")
      case .csv:
        #expect(
          LenientCSV.fields(Array(text.utf8.dropLast(2))).dropFirst(1).first.map { Array($0.utf8) }
            == Array(key.utf8))
      }
    }
  }

  /// As in the rows of `results export`.
  @Test(arguments: ["=1+1.jpg", "+1.jpg", "-1.jpg", "@a.jpg", "\ta.jpg", "'a.jpg"])
  func cellThatIsAFormulaGetsAnApostrophe(key: String) {
    let row = ReportRow(
      ManifestRow(bucket: "b", key: key, versionID: nil), .succeeded("=cmd 0.5"))
    let fields = LenientCSV.fields(Array(ResultRows(.csv).text(row).utf8.dropLast(2)))
    #expect(fields[1] == "'" + key)
    #expect(fields[4] == "'=cmd")
  }

  @Test func reportIsFoundByItsManifestAndReadInPieces() throws {
    let manifest =
      #"{"Results":[{"TaskExecutionStatus":"succeeded","Bucket":"r","Key":"p/job-1/results/a.csv","MD5Checksum":"x"}]}"#
    func piece(_ text: String, _ range: String) -> ScriptedServer.Answer {
      .init(206, [("ETag", "\"t\""), ("Content-Range", "bytes \(range)/26")], body: text)
    }
    let fixture = try ControlFixture([
      .init(200, body: manifest), piece("b,k,,succeeded,200,,", "0-19"), piece("d 1.0\n", "20-25"),
    ])
    let report = try #require(
      try CompletionReport.find(
        of: "1", under: S3Location(bucket: "r", key: "p"), with: fixture.client))
    var texts: [String?] = []
    try report.read { texts.append($0?.text) }
    #expect(texts == ["d 1.0"])
    #expect(fixture.requests[0].target == "/r/p/job-1/manifest.json")
    #expect(fixture.requests[2].header("If-Match") == "\"t\"")
    #expect(fixture.requests[2].header("Range") == "bytes=20-8388627")
  }

  /// S3 writes what succeeded and what failed into files of their own; the last line of one may have no end.
  @Test func allFilesOfAReportAreRead() throws {
    let fixture = try ControlFixture([
      .init(200, body: #"{"Results":[{"Bucket":"r","Key":"a.csv"},{"Bucket":"r","Key":"b.csv"}]}"#),
      .init(200, body: "b,k,,succeeded,200,,d 1.0"), .init(200, body: "b,l,,failed,200,P,no\n"),
    ])
    let report = try #require(
      try CompletionReport.find(
        of: "1", under: S3Location(bucket: "r", key: "p"), with: fixture.client))
    var summary = ReportSummary()
    try report.read { if let row = $0 { summary.add(row) } }
    #expect((summary.succeeded, summary.failed) == (1, 1))
  }

  @Test func missingReportIsNone() throws {
    let fixture = try ControlFixture([.init(404, body: "<Error><Code>NoSuchKey</Code></Error>")])
    #expect(
      try CompletionReport.find(
        of: "1", under: S3Location(bucket: "r", key: "p"), with: fixture.client) == nil)
  }
}
