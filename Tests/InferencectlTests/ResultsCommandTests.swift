import Foundation
import JSON
import OperationsSupport
import Platform
import TestSupport
import Testing

@testable import inferencectl

/// `inferencectl results` against a scripted bucket; the sessions of docs/results.md.
@Suite struct ResultsCommandTests {
  private static let page = SessionPage("docs/results.md")
  private static let hostile = "uploads/\u{1B}[2J<script>=\n%1B.jpg"

  private func document(
    _ key: String, _ ranking: [(String, Double)], version: String? = nil, milliseconds: Int = 30
  ) -> String {
    let source: [(String, JSONValue)] =
      [("bucket", "my-dog-photos"), ("key", .string(key))]
      + (version.map { [("versionId", .string($0))] } ?? [])
    var members = JSONObject()
    for (name, value) in source { members.set(name, to: value) }
    let classes = ranking.map {
      ["class": .string($0.0), "probability": .number(JSONNumber($0.1))] as JSONValue
    }
    let json: JSONValue = [
      "endpoint": "dog-breeds", "variant": "AllTraffic", "requestId": "8476a536-e9f4",
      "s3Milliseconds": 11, "endpointMilliseconds": .number(JSONNumber(Int64(milliseconds))),
      "source": .object(members), "class": .string(ranking[0].0),
      "probability": .number(JSONNumber(ranking[0].1)), "probabilities": .array(classes),
    ]
    return String(decoding: json.serialized(), as: UTF8.self)
  }

  private func bucket(hostile: Bool = false) throws -> ScriptedBucket {
    func object(
      _ name: String, _ ranking: [(String, Double)], _ written: String, _ milliseconds: Int
    ) -> (String, ScriptedBucket.Object) {
      (
        "results/my-dog-photos/\(name).json",
        .init(document(name, ranking, milliseconds: milliseconds), written: written)
      )
    }
    var objects = [
      object(
        "uploads/bella.jpg",
        [("047.Chesapeake_bay_retriever", 0.9612), ("055.Curly-coated_retriever", 0.0301)],
        "2026-11-22T18:04:11.000Z", 41),
      object(
        "uploads/max.jpg", [("071.German_shepherd_dog", 0.5127), ("020.Belgian_malinois", 0.4419)],
        "2026-11-23T07:31:52.000Z", 37),
      object(
        "uploads/mixed breed.jpg",
        [("020.Belgian_malinois", 0.3308), ("071.German_shepherd_dog", 0.3175)],
        "2026-11-23T07:31:53.000Z", 118),
      object(
        "uploads/rex.jpg", [("071.German_shepherd_dog", 0.9304), ("020.Belgian_malinois", 0.0411)],
        "2026-11-23T07:31:55.000Z", 35),
    ]
    if hostile {
      objects.append(
        object(
          Self.hostile, [("071.German_shepherd_dog", 0.1), ("a", 0.05)], "2026-11-23T07:31:56.000Z",
          35))
    }
    return try ScriptedBucket(Dictionary(objects, uniquingKeysWith: { $1 }), pageSize: 3)
  }

  private func run(_ arguments: String..., on bucket: ScriptedBucket) -> CommandRun {
    withExtendedLifetime(bucket) { CommandRun(["results"] + arguments, url: bucket.baseURL) }
  }

  private let from = "s3://my-dog-results/results"

  private func temporary() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("results-\(UUID().uuidString)")
      .path
  }

  // MARK: The page

  @Test func sessions() throws {
    let bucket = try bucket()
    let folder = temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func session(_ name: String, _ commands: String...) throws {
      var text = ""
      for command in commands {
        let arguments: [String] = command.split(separator: " ").map(String.init).map {
          $0.replacing("export/", with: folder + "/export").replacing(
            "review/", with: folder + "/review")
        }
        let run = CommandRun(arguments, url: bucket.baseURL)
        text += "$ inferencectl \(command)\n"
        text +=
          (run.errors + run.output).replacing(folder + "/", with: "")
        if run.status != 0 { text += "$ echo $?\n\(run.status)\n" }
      }
      try Self.page.compare(text, name)
    }
    try session(
      "list", "results list --from \(from)",
      "results list --from \(from) --below 0.6 --output json",
      "results list --from \(from) --keys --max 2")
    try session("summary", "results summary --from \(from)")
    try session(
      "export", "results export --from \(from) --to export/ --part-results 3",
      "results export --from \(from) --to export/ --part-results 3",
      "results summary --from export/ --below 0.6")
    try session(
      "athena", "results athena --from \(from) --parquet s3://my-dog-results/flat/")
    try session("review", "results review --from \(from) --below 0.6 --limit 200 --to review/")
  }

  // MARK: list

  @Test func hostileKeyIsVisibleTextInATableAndExactInJSON() throws {
    let bucket = try bucket(hostile: true)
    for mode in [["--below", "0.2"], ["--keys"]] {
      let table = CommandRun(["results", "list", "--from", from] + mode, url: bucket.baseURL)
      #expect(table.status == 0)
      #expect(table.output.contains(#"uploads/\x1b[2J<script>=\n%1B.jpg"#))
      #expect(!table.output.unicodeScalars.contains("\u{1B}"))
      let json = CommandRun(
        ["results", "list", "--from", from, "--output", "json"] + mode, url: bucket.baseURL)
      let rows = try #require(try JSONValue(parsing: json.output).arrayValue)
      #expect(rows.contains { $0["key"]?.stringValue == Self.hostile })
      #expect(!json.output.unicodeScalars.contains("\u{1B}"))
    }
  }

  @Test func lineBreakInAKeyDoesNotBeginALineOfANote() throws {
    let bucket = try ScriptedBucket(["results/my-dog-photos/x\nError: y.jpg.json": .init("{")])
    let found = run("list", "--from", "s3://my-dog-results/results", on: bucket)
    #expect(found.errors.contains(#"x\nError: y.jpg.json"#))
  }

  @Test func emptyListIsADocument() throws {
    let run = run(
      "list", "--from", "s3://my-dog-results/none", "--output", "json", on: try bucket())
    #expect(try JSONValue(parsing: run.output) == [])
  }

  @Test func keysAreListedWithoutReadingADocument() throws {
    let bucket = try bucket()
    #expect(run("list", "--from", from, "--keys", on: bucket).status == 0)
    #expect(bucket.requests.allSatisfy { $0.query.contains("list-type=2") })
  }

  // MARK: show and wait

  @Test(arguments: [
    "uploads/rex.jpg", "s3://my-dog-photos/uploads/rex.jpg",
    "results/my-dog-photos/uploads/rex.jpg.json",
    "s3://my-dog-results/results/my-dog-photos/uploads/rex.jpg.json",
  ])
  func resultIsShownByEachNameOfItsImage(name: String) throws {
    let run = run("show", name, "--from", from, on: try bucket())
    #expect(run.errors.isEmpty)
    #expect(try JSONValue(parsing: run.output)["class"] == "071.German_shepherd_dog")
  }

  @Test func newestVersionIsShownUnlessOneIsChosen() throws {
    let bucket = try bucket()
    bucket.change { [self] objects in
      for (version, label, day) in [
        ("v1", "old", "21"), ("v2", "new", "23"), ("v3", "middle", "22"),
      ] {
        objects["results/my-dog-photos@versions/uploads/a.jpg/\(version).json"] = .init(
          document("uploads/a.jpg", [(label, 0.5)], version: version),
          written: "2026-11-\(day)T00:00:00.000Z")
      }
      // Another image, whose key begins with that one.
      objects["results/my-dog-photos@versions/uploads/a.jpg/b.jpg/v9.json"] = .init(
        document("uploads/a.jpg/b.jpg", [("other", 0.5)]), written: "2026-11-24T00:00:00.000Z")
    }
    let newest = run("show", "uploads/a.jpg", "--from", from, on: bucket)
    #expect(try JSONValue(parsing: newest.output)["class"] == "new")
    let chosen = run("show", "uploads/a.jpg", "--from", from, "--version-id", "v3", on: bucket)
    #expect(try JSONValue(parsing: chosen.output)["class"] == "middle")
  }

  @Test func missingResultAndSeveralBucketsAreNamed() throws {
    let bucket = try bucket()
    let missing = run("show", "uploads/nobody.jpg", "--from", from, on: bucket)
    #expect(missing.status == 1)
    #expect(missing.errors.contains("no result of s3://my-dog-photos/uploads/nobody.jpg"))
    bucket.change { $0["results/my-cats/a.jpg.json"] = .init("{}") }
    let several = run("show", "uploads/rex.jpg", "--from", from, on: bucket)
    #expect(
      several.errors.contains("Images of several buckets have results: my-cats, my-dog-photos"))
  }

  @Test func waitEndsWhenTheResultIsThere() throws {
    let bucket = try bucket()
    let fixture = makeClock()
    let clock = Clock(
      unixMilliseconds: fixture.0.unixMilliseconds,
      monotonicMilliseconds: fixture.0.monotonicMilliseconds,
      sleep: { [self] pause in
        fixture.0.sleep(pause)
        guard fixture.sleeps.all.count == 25 else { return }
        bucket.change {
          $0["results/my-dog-photos/uploads/new.jpg.json"] = .init(
            document("uploads/new.jpg", [("001.Affenpinscher", 0.8123)]))
        }
      })
    let run = CommandRun(
      ["results", "wait", "uploads/new.jpg", "--from", from], url: bucket.baseURL, clock: clock)
    #expect(run.status == 0)
    #expect(run.output == "001.Affenpinscher 0.8123\n")
    #expect(fixture.sleeps.all.count >= 25)
  }

  @Test func olderResultDoesNotEndAWait() throws {
    let bucket = try bucket()
    defer { bucket.stop() }
    let run = CommandRun(
      [
        "results", "wait", "uploads/rex.jpg", "--from", from, "--since", "2026-11-24", "--timeout",
        "9",
      ], url: bucket.baseURL, clock: makeClock().0)
    #expect(run.status == 1)
    #expect(run.errors.contains("only an older one, of 2026-11-23T07:31:55.000Z"))
  }

  // MARK: summary, export, review

  @Test func exportHasTheSameSummaryAsTheBucket() throws {
    let bucket = try bucket(hostile: true)
    let folder = temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(run("export", "--from", from, "--to", folder, on: bucket).status == 0)
    let summaries = [from, folder].map {
      run("summary", "--from", $0, "--output", "json", on: bucket)
    }
    #expect(summaries.allSatisfy { $0.status == 0 })
    #expect(summaries[0].output == summaries[1].output)
    let json = try JSONValue(parsing: summaries[0].output)
    #expect(json["results"] == 5)
    #expect(json["below"]?[0]?["results"] == 3)
    #expect(json["endpointMilliseconds"]?["p50"] == 37)
  }

  @Test func pageEscapesWhatStrangersChose() throws {
    let bucket = try bucket(hostile: true)
    let page = temporary()
    defer { try? FileManager.default.removeItem(atPath: page) }
    #expect(run("summary", "--from", from, "--report", page, on: bucket).status == 0)
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.contains("&lt;script&gt;"))
    #expect(!html.contains("<script"))
    #expect(html.contains("071.German_shepherd_dog"))
  }

  @Test func relativeTimeIsRefusedByAnExport() throws {
    let run = run("export", "--from", from, "--to", "x", "--since", "24h", on: try bucket())
    #expect(run.status == 2)
    #expect(run.errors.contains("Pass a fixed time"))
  }

  @Test func reviewedTasksComeBackAsLabels() throws {
    let bucket = try bucket(hostile: true)
    let folder = temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(run("review", "--from", from, "--limit", "2", "--to", folder, on: bucket).status == 0)
    var tasks = try #require(
      try JSONValue(
        parsing: [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/tasks.json")))
      ).arrayValue)
    #expect(
      tasks.map { $0["data"]?["key"]?.stringValue } == [Self.hostile, "uploads/mixed breed.jpg"])
    tasks = tasks.map { task in
      guard case .object(var object) = task else { return task }
      object.set(
        "annotations",
        to: [
          ["result": [["from_name": "class", "value": ["choices": ["071.German_shepherd_dog"]]]]]
        ])
      return .object(object)
    }
    try Data(JSONValue.array(tasks).serialized()).write(
      to: URL(fileURLWithPath: "\(folder)/export.json"))
    let labels = run("labels", "\(folder)/export.json", "--to", "\(folder)/labels.csv", on: bucket)
    #expect(labels.output.hasPrefix("2 labels in \(folder)/labels.csv, 1 of them corrected"))
    #expect(
      try String(contentsOfFile: "\(folder)/labels.csv", encoding: .utf8)
        == "key,label\n\"s3://my-dog-photos/\(Self.hostile)\",071.German_shepherd_dog\n"
        + "s3://my-dog-photos/uploads/mixed breed.jpg,071.German_shepherd_dog\n")
    #expect(
      run("review", "--from", from, "--to", folder, on: bucket).errors.contains("is not empty"))
  }

  @Test func presignedAddressIsThatOfTheVersion() throws {
    let bucket = try bucket()
    let folder = temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    bucket.change { [self] in
      $0 = [
        "results/my-dog-photos@versions/a.jpg/v1.json": .init(
          document("a.jpg", [("a", 0.5)], version: "v1"))
      ]
    }
    #expect(run("review", "--from", from, "--presign", "2", "--to", folder, on: bucket).status == 0)
    let tasks = try JSONValue(
      parsing: [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/tasks.json"))))
    let address = try #require(tasks[0]?["data"]?["image"]?.stringValue)
    #expect(address.contains("/my-dog-photos/a.jpg?") && address.contains("versionId=v1"))
    #expect(address.contains("X-Amz-Expires=7200"))
  }

  // MARK: Where the results are

  @Test func placeIsThatOfTheFunction() throws {
    let configuration =
      #"{"FunctionName":"photo","FunctionArn":"arn:aws:lambda:us-east-1:1:function:photo","Version":"$LATEST","Environment":{"Variables":{VARIABLES}}}"#
    let lambda = try RoutedServer([
      "GET /2015-03-31/functions/photo/configuration": [
        .init(
          200,
          body: configuration.replacing(
            "VARIABLES", with: #""RESULT_BUCKET":"my-dog-results","RESULT_PREFIX":"/results/""#)),
        .init(200, body: configuration.replacing("VARIABLES", with: "")),
      ]
    ])
    let bucket = try bucket()
    let urls = ["AWS_ENDPOINT_URL_LAMBDA": lambda.baseURL]
    let found = CommandRun(
      ["results", "list", "--function-name", "photo", "--keys", "--output", "json"],
      url: bucket.baseURL, environment: urls)
    #expect(try JSONValue(parsing: found.output).arrayValue?.count == 4)
    let none = CommandRun(
      ["results", "list", "--function-name", "photo"], url: bucket.baseURL, environment: urls)
    #expect(none.errors.contains("photo stores no results: RESULT_BUCKET is not set"))
  }

  @Test(arguments: [
    ["list"], ["list", "--from", "s3://b-1/c", "--function-name", "f"],
    ["list", "--from", "folder"],
    ["list", "--from", "s3://b-1/c", "--keys", "--below", "0.5"],
    ["summary", "--from", "s3://b-1/c", "--since", "yesterday"],
    ["summary", "--from", "s3://b-1/c", "--since", "2026-02-30"],
    ["list", "--from", "s3://b-1/c", "--since", "2026-11-23", "--until", "2026-11-22"],
    ["list", "--from", "s3://b-1/c", "--since", "1h", "--until", "24h"],
    ["athena", "--from", "s3://b-1/c", "--table", "a;b"],
    ["review", "--from", "s3://b-1/c", "--to", "x", "--limit", "0"],
    ["labels", "project.json", "--to", "./project.json"],
  ])
  func wrongUsageEndsWithStatus2(arguments: [String]) throws {
    let run = CommandRun(["results"] + arguments, url: "http://127.0.0.1:1")
    #expect(run.status == 2, "\(run.errors)")
  }

  @Test func parquetAboveTheResultsIsRefused() throws {
    let run = run(
      "athena", "--from", from, "--parquet", "s3://my-dog-results/", on: try bucket())
    #expect(run.status == 1)
    #expect(run.errors.contains("is not empty: the results in"))
  }

  @Test func parquetBelowTheResultsIsRefused() throws {
    let run = run(
      "athena", "--from", from, "--parquet", "s3://my-dog-results/results/flat/", on: try bucket())
    #expect(run.status == 1)
    #expect(run.errors.contains("would read its own Parquet"))
  }
}
