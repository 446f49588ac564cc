import AWSControl
import Foundation
import JSON
import LoopbackServer
import OperationsSupport
import TestSupport
import Testing

@testable import Backfill

/// Keys of strangers: separators and quotation marks of CSV, other alphabets, a right-to-left mark, controls, and
/// what looks encoded already.
let hostileKeys = [
  "uploads/a,b.jpg", "uploads/a \"b\".jpg", "uploads/100%25.jpg", "uploads/50%.jpg",
  "uploads/a+b c.jpg",
  "uploads/ü/🐕.jpg", "uploads/line\nbreak.jpg", "uploads/\u{202E}gpj.exe.jpg",
  "uploads/<b>&amp;.jpg",
  "uploads/=cmd|' /C calc'!A0.jpg", "uploads/../up.jpg", "uploads//double.jpg",
  "uploads/e\u{301}.jpg",
  "uploads/\u{e9}.jpg", "uploads/tab\t.jpg",
]

@Suite struct SelectionRuleTests {
  private static let rules: SelectionRules = {
    var rules = SelectionRules(bucket: "photos", maximumImageBytes: 1_000)
    rules.results = S3Location(bucket: "photos", key: "results/")
    rules.store = S3Location(bucket: "photos", key: "backfill/")
    return rules
  }()

  @Test(
    arguments: [
      ("uploads/rex.jpg", nil), ("uploads/REX.JPEG", nil), ("uploads/rex", nil),
      ("uploads/.hidden", nil),
      ("uploads/a.b/rex", nil), ("results/photos/rex.jpg.json", LeftOutKind.result),
      ("results/photos/rex.jpg", nil), ("backfill/manifests/1.csv", .backfillFile),
      ("uploads/notes.txt", .otherType), ("uploads/rex.jpg.json", .otherType),
      ("uploads/archive.tar.gz", .otherType),
    ] as [(String, LeftOutKind?)])
  func keyDecides(key: String, kind: LeftOutKind?) {
    #expect(Self.rules.reasonToLeaveOut(ListedObject(key: key, size: 10)) == kind)
  }

  @Test func sizeStorageClassAndVersionDecide() {
    func reason(_ object: ListedObject) -> LeftOutKind? { Self.rules.reasonToLeaveOut(object) }
    let key = "uploads/a.jpg"
    #expect(reason(ListedObject(key: "uploads/", size: 0)) == .folder)
    #expect(reason(ListedObject(key: "uploads/", size: 5)) == nil)
    #expect(reason(ListedObject(key: key, size: 0)) == .empty)
    #expect(reason(ListedObject(key: key, size: 1_000)) == nil)
    #expect(reason(ListedObject(key: key, size: 1_001)) == .tooLarge)
    for storageClass in ["GLACIER", "DEEP_ARCHIVE"] {
      #expect(reason(ListedObject(key: key, size: 9, storageClass: storageClass)) == .archived)
    }
    for storageClass in ["GLACIER_IR", "STANDARD_IA", "INTELLIGENT_TIERING"] {
      #expect(reason(ListedObject(key: key, size: 9, storageClass: storageClass)) == nil)
    }
    #expect(
      reason(ListedObject(key: key, size: 9, versionID: "1", isLatest: false)) == .olderVersion)
    #expect(
      reason(ListedObject(key: key, size: 0, versionID: "1", isDeleteMarker: true)) == .deleted)
  }

  @Test func suffixesAndTimesAreThoseOfTheOptions() {
    var rules = Self.rules
    rules.suffixes = [".jpg", "_raw"]
    rules.createdAfter = 100
    rules.createdBefore = 200
    func reason(_ key: String, _ time: Int64) -> LeftOutKind? {
      rules.reasonToLeaveOut(
        ListedObject(key: key, size: 9, lastModifiedUnixMilliseconds: time))
    }
    #expect(reason("a.jpg", 100) == nil)
    #expect(reason("a_raw", 199) == nil)
    #expect(reason("a.JPG", 150) == .otherSuffix)
    #expect(reason("a.jpg", 99) == .outsideTime)
    #expect(reason("a.jpg", 200) == .outsideTime)
  }

  @Test func samePrefixInAnotherBucketIsAnother() {
    var rules = Self.rules
    rules.results = S3Location(bucket: "kept", key: "uploads/")
    rules.store = S3Location(bucket: "kept", key: "uploads/")
    #expect(rules.reasonToLeaveOut(ListedObject(key: "uploads/a.jpg", size: 9)) == nil)
  }

  @Test func canonicallyEqualSuffixesAreDifferent() {
    var rules = Self.rules
    rules.suffixes = ["\u{e9}"]
    #expect(rules.reasonToLeaveOut(ListedObject(key: "caf\u{e9}", size: 9)) == nil)
    #expect(rules.reasonToLeaveOut(ListedObject(key: "cafe\u{301}", size: 9)) == .otherSuffix)
  }
}

/// Listings and results of a bucket, from a scripted S3.
@Suite struct SelectionTests {
  private static func listing(_ keys: [(key: String, version: String?)]) -> ScriptedServer.Answer {
    let elements = keys.map { key, version in
      let encoded = key.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? key
      let head =
        "<Key>\(encoded)</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><Size>9</Size>"
      return version.map {
        "<Version>\(head)<VersionId>\($0)</VersionId><IsLatest>true</IsLatest></Version>"
      } ?? "<Contents>\(head)</Contents>"
    }
    return .init(
      200,
      body:
        "<R><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>\(elements.joined())</R>"
    )
  }

  private func run(
    _ answers: [ScriptedServer.Answer], hasVersions: Bool = false, onlyMissing: Bool = false,
    sample: Int = 0
  ) throws -> (outcome: Selection.Outcome, targets: [String]) {
    let fixture = try ControlFixture(answers)
    var rules = SelectionRules(bucket: "photos", maximumImageBytes: 1_000)
    rules.results = S3Location(bucket: "results", key: "r/")
    let outcome = try Selection(
      rules: rules, prefix: "uploads/", hasVersions: hasVersions, onlyMissing: onlyMissing,
      sampleCount: sample
    ).run(with: fixture.client, isInterrupted: { false }, onProgress: { _ in })
    return (outcome, fixture.requests.map(\.target))
  }

  private func rows(_ manifest: Manifest) throws -> [ManifestRow] {
    var rows: [ManifestRow] = []
    try Manifest.read(manifest.bytes, from: "m") { rows.append($0) }
    return rows
  }

  @Test func hostileKeysComeBackFromTheManifest() throws {
    let (outcome, _) = try run([Self.listing(hostileKeys.map { ($0, nil) })])
    #expect(outcome.manifest.count == hostileKeys.count)
    let text = String(decoding: outcome.manifest.bytes, as: UTF8.self)
    #expect(text.split(separator: "\n").count == hostileKeys.count)
    #expect(!text.contains("\"") && !text.contains(" "))
    #expect(
      try rows(outcome.manifest).map(\.key).map { Array($0.utf8) }
        == hostileKeys.map { Array($0.utf8) })
  }

  @Test func versionsAreInEveryRowOrInNone() throws {
    let (outcome, targets) = try run(
      [Self.listing([("uploads/a.jpg", "3sL4"), ("uploads/b.jpg", "null")])], hasVersions: true)
    #expect(
      String(decoding: outcome.manifest.bytes, as: UTF8.self)
        == "photos,uploads/a.jpg,3sL4\nphotos,uploads/b.jpg,null\n")
    #expect(targets[0].contains("versions"))
  }

  @Test func objectWhoseVersionIsNotListedHasTheNullVersion() throws {
    let (outcome, _) = try run([Self.listing([("uploads/a.jpg", nil)])], hasVersions: true)
    #expect(
      String(decoding: outcome.manifest.bytes, as: UTF8.self) == "photos,uploads/a.jpg,null\n")
  }

  /// Results sort unlike their images: `a` < `a!`, but `a!.json` < `a.json`.
  @Test func onlyWhatHasNoResultIsTaken() throws {
    let (outcome, targets) = try run(
      [
        Self.listing([("r/photos/uploads/a!.json", nil), ("r/photos/uploads/a.json", nil)]),
        Self.listing([("uploads/a", nil), ("uploads/a!", nil), ("uploads/b", nil)]),
      ], onlyMissing: true)
    #expect(String(decoding: outcome.manifest.bytes, as: UTF8.self) == "photos,uploads/b\n")
    #expect(outcome.leftOut[.hasResult] == 2)
    #expect(targets[0].contains("prefix=r%2Fphotos%2Fuploads%2F"))
  }

  @Test func resultOfAnotherVersionIsNone() throws {
    let (outcome, targets) = try run(
      [
        Self.listing([]), Self.listing([("r/photos@versions/uploads/a.jpg/1.json", nil)]),
        Self.listing([("uploads/a.jpg", "2"), ("uploads/b.jpg", "1")]),
      ], hasVersions: true, onlyMissing: true)
    #expect(outcome.manifest.count == 2)
    #expect(targets[1].contains("photos%40versions"))
  }

  @Test func objectFromBeforeTheVersionsMayHaveAResultWithoutOne() throws {
    let (outcome, _) = try run(
      [
        Self.listing([("r/photos/uploads/a.jpg.json", nil), ("r/photos/uploads/b.jpg.json", nil)]),
        Self.listing([("r/photos@versions/uploads/c.jpg/null.json", nil)]),
        Self.listing([
          ("uploads/a.jpg", "null"), ("uploads/b.jpg", "1"), ("uploads/c.jpg", "null"),
        ]),
      ], hasVersions: true, onlyMissing: true)
    #expect(String(decoding: outcome.manifest.bytes, as: UTF8.self) == "photos,uploads/b.jpg,1\n")
  }

  @Test func sampleIsSpreadAndRepeats() throws {
    let keys = (0..<500).map { (key: "uploads/\($0).jpg", version: String?.none) }
    let first = try run([Self.listing(keys)], sample: 20).outcome.sample
    let second = try run([Self.listing(keys)], sample: 20).outcome.sample
    #expect(first == second)
    #expect(Set(first).count == 20)
    #expect(first.contains { (Int($0.key.filter(\.isNumber)) ?? 0) > 250 })
  }

  @Test func sameObjectsMakeTheSameManifest() throws {
    let one = try run([Self.listing([("uploads/a.jpg", nil)])]).outcome.manifest
    let other = try run([Self.listing([("uploads/b.jpg", nil)])]).outcome.manifest
    #expect(try one.name == run([Self.listing([("uploads/a.jpg", nil)])]).outcome.manifest.name)
    #expect(one.name != other.name)
  }
}
