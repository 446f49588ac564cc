import Foundation
import JSON
import OperationsSupport
import Testing

@testable import inferencectl

/// `inferencectl evaluate --results` against a scripted bucket.
@Suite struct EvaluateResultsTests {
  private func document(_ bucket: String, _ key: String, _ ranking: [(String, Double)]) -> String {
    let list = ranking.map { #"{"class":"\#($0.0)","probability":\#($0.1)}"# }
    return
      #"{"endpoint":"e","requestId":"r","s3Milliseconds":10,"endpointMilliseconds":30,"source":{"bucket":"\#(bucket)","key":"\#(key)"},"class":"\#(ranking[0].0)","probability":\#(ranking[0].1),"probabilities":[\#(list.joined(separator: ","))]}"#
  }

  private func object(
    _ key: String, _ ranking: [(String, Double)], place: String? = nil, written: String
  ) -> (String, ScriptedBucket.Object) {
    (
      "results/\(place ?? "photos/\(key)").json",
      .init(document("photos", key, ranking), written: written)
    )
  }

  private func bucket() throws -> ScriptedBucket {
    let objects = [
      object("pug/a.jpg", [("pug", 0.9), ("beagle", 0.1)], written: "2026-11-22T18:04:11.000Z"),
      object("pug/b.jpg", [("beagle", 0.6), ("pug", 0.4)], written: "2026-11-22T18:04:12.000Z"),
      // A version that was classified later.
      object(
        "pug/b.jpg", [("pug", 0.7), ("beagle", 0.3)], place: "photos@versions/pug/b.jpg/v2",
        written: "2026-11-22T18:04:13.000Z"),
      object("c.jpg", [("beagle", 0.6), ("pug", 0.4)], written: "2026-11-22T18:04:14.000Z"),
    ]
    return try ScriptedBucket(Dictionary(uniqueKeysWithValues: objects))
  }

  private func run(_ bucket: ScriptedBucket, _ arguments: String...) throws -> JSONValue {
    let run = CommandRun(
      ["evaluate", "--results", "s3://kept/results", "--output", "json"] + arguments,
      url: bucket.baseURL)
    #expect(run.status == 0, "\(run.errors)")
    return try JSONValue(parsing: run.output)
  }

  @Test func newestResultOfEachPhotographIsJudged() throws {
    let result = try run(try bucket())
    #expect(result["top1"]?["count"] == 2)
    #expect(result["top1"]?["total"] == 2)
    #expect(result["functionMilliseconds"]?["p50"] == 40)
    #expect(result["endpointMilliseconds"]?["p50"] == 30)
    #expect(result["photographs"]?.arrayValue?.count == 3)
  }

  @Test func keysThatLookTheSameAreTwoPhotographs() throws {
    let objects = ["pug/\u{E9}.jpg", "pug/e\u{301}.jpg"].enumerated().map { index, key in
      object(
        key, [("pug", 0.9)], place: "photos/\(index)", written: "2026-11-22T18:04:1\(index).000Z")
    }
    let result = try run(ScriptedBucket(Dictionary(uniqueKeysWithValues: objects)))
    #expect(result["photographs"]?.arrayValue?.count == 2)
    #expect(result["top1"]?["total"] == 2)
  }

  @Test(arguments: ["c.jpg", "s3://photos/c.jpg"])
  func labelsMayNameTheKeyOrTheObject(key: String) throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try Data("key,label\n\(key),beagle\n".utf8).write(to: file)
    // A file that is left does no harm.
    defer { try? FileManager.default.removeItem(at: file) }
    let result = try run(try bucket(), "--labels", file.path)
    #expect(result["top1"]?["count"] == 1)
    #expect(result["top1"]?["total"] == 1)
  }

  @Test func prefixWithoutResultsIsNamed() throws {
    let bucket = try ScriptedBucket([:])
    let run = CommandRun(["evaluate", "--results", "s3://kept/other"], url: bucket.baseURL)
    #expect(run.status == 1)
    #expect(run.errors.contains("s3://kept/other has no results"))
  }
}
