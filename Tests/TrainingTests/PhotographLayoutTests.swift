import AWSControl
import Foundation
import JSON
import OperationsSupport
import TestSupport
import Testing

@testable import Training

/// The cases of `layouts.json`, which train.py's tests read too, so that both verdicts are one.
@Suite struct PhotographLayoutTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let json: JSONValue
    var testDescription: String { name }
  }

  static let cases: [Case] = {
    let url = Repository.root.appendingPathComponent(".ci/checks/training/layouts.json")
    guard let data = try? Data(contentsOf: url),
      let list = (try? JSONValue(parsing: [UInt8](data)))?.arrayValue
    else { return [] }
    return list.map { Case(name: $0["name"]?.stringValue ?? "", json: $0) }
  }()

  private func layout(_ json: JSONValue, isTurned: Bool) throws -> PhotographLayout {
    var listings: [PhotographLayout.Split: [ListedFile]] = [:]
    for split in PhotographLayout.Split.allCases {
      guard let paths = json["listings"]?[split.rawValue]?.arrayValue else { continue }
      let files = paths.compactMap(\.stringValue).map { path in
        ListedFile(
          path,
          size: (json["sizes"]?[path]?.doubleValue).map { Int($0) }
            ?? (path.hasSuffix("/") ? 0 : 1000))
      }
      listings[split] = isTurned ? files.reversed() : files
    }
    var fractions = PhotographLayout.Fractions()
    if let given = json["fractions"]?.arrayValue {
      fractions.validation = given[0].doubleValue ?? 0
      fractions.test = given[1].doubleValue ?? 0
    }
    return try PhotographLayout(
      listings, fractions: fractions, place: "DATA",
      outputs: json["outputs"]?.arrayValue?.compactMap(\.stringValue) ?? []
    ) { path in
      Array(try #require(json["files"]?[path]?.stringValue).utf8)
    }
  }

  @Test func thereAreCases() { #expect(Self.cases.count >= 50) }

  @Test(arguments: cases, [false, true])
  func listingHasTheVerdictOfTrainPy(layout: Case, isTurned: Bool) throws {
    let json = layout.json
    if let sentence = json["refusal"]?.stringValue {
      let refusal = #expect(throws: Refusal.self) {
        try self.layout(json, isTurned: isTurned)
      }
      #expect(refusal?.reason == sentence)
      return
    }
    let found = try self.layout(json, isTurned: isTurned)
    let verdict = try #require(json["verdict"])
    #expect(found.layout == verdict["layout"]?.stringValue)
    #expect(found.root == verdict["root"]?.stringValue)
    #expect(found.heldOut[.validation] == verdict["heldOut"]?["validation"]?.stringValue)
    #expect(found.heldOut[.test] == verdict["heldOut"]?["test"]?.stringValue)
    let counts = try #require(verdict["counts"]?.objectValue?.members)
    #expect(found.classes == counts.map(\.key).sortedByCodePoints())
    for (name, row) in counts {
      for split in PhotographLayout.Split.allCases {
        #expect(
          found.counts[name]?[split] == row[split.rawValue]?.doubleValue.map { Int($0) },
          "\(name) \(split)")
      }
    }
    let ignored = try #require(verdict["ignored"]?.objectValue?.members)
    #expect(
      found.ignored.mapValues(\.count)
        == Dictionary(
          uniqueKeysWithValues: ignored.map { ($0.key, Int($0.value.doubleValue ?? -1)) }))
  }

  @Test func whatWasUnderstoodIsFourKindsOfLines() throws {
    let files =
      ["a", "b"].flatMap { name in (1...4).map { "x/train/\(name)/\($0).jpg" } } + [
        "x/valid/a/9.jpg", "x/notes.txt",
      ]
    let layout = try PhotographLayout(
      [.train: files.map { ListedFile($0, size: 10) }], place: "p", read: { _ in [] })
    #expect(
      layout.lines == [
        "layout: splits in x; 2 classes: a, b", "counts by name: 6 train, 1 validation, 2 test",
        "held out: validation: the folder valid; test: 15 % of each class, chosen by the seed",
        "ignored: 1 × .txt, for example x/notes.txt",
      ])
    #expect(layout.bytes == 100)
  }

  @Test(arguments: [(0, 30), (4_900_000_000, 30), (40_000_000_000, 101)])
  func diskIsTwiceTheDataAndTwentyGigabytes(bytes: Int, gigabytes: Int) throws {
    let files = ["a", "b"].flatMap { name in
      (1...3).map { ListedFile("\(name)/\($0).jpg", size: 1) }
    }
    let layout = try PhotographLayout(
      [.train: files + [ListedFile("all.zip", size: bytes)]], place: "p", read: { _ in [] })
    #expect(layout.volumeGigabytes == gigabytes)
  }

  // MARK: Where listings come from

  @Test func listingIsReadPageByPage() throws {
    func page(_ keys: [String], next: String?) -> ScriptedServer.Answer {
      let contents = keys.map { "<Contents><Key>\($0)</Key><Size>3</Size></Contents>" }.joined()
      let end =
        next.map {
          "<IsTruncated>true</IsTruncated><NextContinuationToken>\($0)</NextContinuationToken>"
        }
        ?? "<IsTruncated>false</IsTruncated>"
      return .init(200, body: "<ListBucketResult>\(end)\(contents)</ListBucketResult>")
    }
    let fixture = try ControlFixture([
      page(["dogs/cat/1.jpg", "dogs/cat/2.jpg", "dogs/R&amp;D/1.jpg"], next: "a+b="),
      page(["dogs/cat/3.jpg", "dogs/R&amp;D/2.jpg", "dogs/R&amp;D/3.jpg"], next: nil),
    ])
    let layout = try PhotographListing.inS3(
      S3Location(bucket: "photos", key: "dogs"), with: fixture.client)
    #expect(layout.classes == ["R&D", "cat"])
    #expect(layout.total == 6)
    #expect(fixture.requests[0].target == "/photos?encoding-type=url&list-type=2&prefix=dogs%2F")
    #expect(fixture.requests[1].target.contains("continuation-token=a%2Bb%3D"))
  }

  @Test func tableInS3IsRead() throws {
    let keys = ["labels.csv"] + (1...6).map { "images/\($0).jpg" }
    let contents = keys.map { "<Contents><Key>dogs/\($0)</Key><Size>3</Size></Contents>" }
    let table =
      "file,label\n" + (1...6).map { "\($0).jpg,\($0 < 4 ? "akita" : "beagle")\n" }.joined()
    let fixture = try ControlFixture([
      .init(
        200,
        body:
          "<ListBucketResult><IsTruncated>false</IsTruncated>\(contents.joined())</ListBucketResult>"
      ),
      .init(200, body: table),
    ])
    let layout = try PhotographListing.inS3(
      S3Location(bucket: "photos", key: "dogs"), with: fixture.client)
    #expect(layout.layout == "csv")
    #expect(layout.classes == ["akita", "beagle"])
    #expect(fixture.requests[1].target == "/photos/dogs/labels.csv")
  }

  @Test func deniedBucketNamesTheMissingPermission() throws {
    let fixture = try ControlFixture([
      .init(403, body: "<Error><Code>AccessDenied</Code><Message>no</Message></Error>")
    ])
    let error = #expect(throws: (any Error).self) {
      try PhotographListing.inS3(S3Location(bucket: "photos", key: ""), with: fixture.client)
    }
    #expect("\(try #require(error))".contains("s3:ListBucket"))
  }

  @Test func folderThatIsNotThereIsNamed() {
    let error = #expect(throws: TrainingError.self) {
      try PhotographListing.inFolder("/nowhere/at/all")
    }
    #expect(error?.problem == "the folder /nowhere/at/all does not exist")
  }

  @Test func linkedClassesCountAndTheRunsOwnOutputDoesNot() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let manager = FileManager.default
    for name in ["elsewhere/akita", "data/beagle", "data/training/model"] {
      try manager.createDirectory(
        at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
      for number in 1...3 {
        try Data("x".utf8).write(to: folder.appendingPathComponent("\(name)/\(number).jpg"))
      }
    }
    try manager.createSymbolicLink(
      at: folder.appendingPathComponent("data/akita"),
      withDestinationURL: folder.appendingPathComponent("elsewhere/akita"))
    // A loop ends, and a link to nothing is counted.
    try manager.createSymbolicLink(
      at: folder.appendingPathComponent("data/beagle/loop"),
      withDestinationURL: folder.appendingPathComponent("data"))
    try manager.createSymbolicLink(
      at: folder.appendingPathComponent("data/beagle/broken.jpg"),
      withDestinationURL: folder.appendingPathComponent("nothing.jpg"))
    let data = folder.appendingPathComponent("data").path
    let layout = try PhotographListing.inFolder(data, output: "\(data)/training")
    #expect(layout.classes == ["akita", "beagle"])
    #expect(layout.total == 6)
    #expect(layout.ignored["unreadable file"] == ["beagle/broken.jpg"])
    #expect(layout.ignored["output of a training"]?.count == 3)
  }
}
