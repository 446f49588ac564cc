import AWSControl
import Archives
import JSON
import OperationsSupport
import TestSupport
import Testing

@testable import Backfill

/// An S3 Inventory as the objects of a job, from a scripted S3.
@Suite struct InventoryTests {
  private static let place = S3Location(bucket: "lists", key: "2026/manifest.json")

  private func document(
    _ schema: String, format: String = "CSV", files: [String] = ["a.csv.gz"]
  ) -> ScriptedServer.Answer {
    let json: JSONValue = [
      "sourceBucket": "photos", "fileFormat": .string(format), "fileSchema": .string(schema),
      "files": .array(files.map { ["key": .string($0), "size": 100] }),
    ]
    return .init(200, [("ETag", "\"60e4\"")], bytes: json.serialized())
  }

  private func fixture(
    _ schema: String, _ files: [String]
  ) throws -> (fixture: ControlFixture, source: ManifestSource) {
    let names = files.indices.map { "\($0).csv.gz" }
    let fixture = try ControlFixture(
      [document(schema, files: names)]
        + files.map { .init(200, bytes: try Gzip.compress(Array($0.utf8))) })
    let source = ManifestSource(
      .init(format: .inventory, hasVersions: true, location: Self.place, eTag: "60e4"),
      with: fixture.client)
    return (fixture, source)
  }

  @Test func schemaDecidesWhichColumnIsWhich() throws {
    let (fixture, source) = try fixture(
      "VersionId, Size, Bucket, Key",
      [
        "\"3sL4\",\"9\",\"photos\",\"uploads/a%2Cb.jpg\"\n",
        "\"\",\"9\",\"photos\",\"uploads/c+d.jpg\"\n",
      ])
    var rows: [ManifestRow] = []
    try source.read {
      rows.append($0)
      return true
    }
    #expect(
      rows == [
        ManifestRow(bucket: "photos", encodedKey: "uploads/a%2Cb.jpg", versionID: "3sL4"),
        ManifestRow(bucket: "photos", encodedKey: "uploads/c+d.jpg", versionID: ""),
      ])
    #expect(rows.map(\.key) == ["uploads/a,b.jpg", "uploads/c d.jpg"])
    #expect(
      fixture.requests.map(\.path) == [
        "/lists/2026/manifest.json", "/lists/0.csv.gz", "/lists/1.csv.gz",
      ])
  }

  /// A trial needs a hundred of ten million rows.
  @Test func readingEndsWhereItIsStopped() throws {
    let (fixture, source) = try fixture(
      "Bucket, Key", ["photos,a\nphotos,b\nphotos,c\n", "photos,d\n"])
    var keys: [String] = []
    try source.read {
      keys.append($0.key)
      return keys.count < 2
    }
    #expect(keys == ["a", "b"])
    #expect(fixture.requests.count == 2)
  }

  @Test(arguments: [("Bucket, Key", false), ("Bucket, Key, VersionId, Size", true)])
  func versionsAreThoseOfTheSchema(schema: String, hasVersions: Bool) throws {
    let fixture = try ControlFixture([document(schema)])
    let inventory = try Inventory.read(Self.place, with: fixture.client)
    #expect(inventory.hasVersions == hasVersions)
    #expect(inventory.eTag == "60e4")
  }

  @Test(arguments: [("Bucket, Key", "ORC", "ORC"), ("Bucket, Size", "CSV", "no column Key")])
  func inventoryThatNoJobReadsIsRefused(schema: String, format: String, reason: String) throws {
    let fixture = try ControlFixture([document(schema, format: format)])
    let refusal = #expect(throws: Refusal.self) {
      try Inventory.read(Self.place, with: fixture.client)
    }
    #expect(refusal?.reason.contains(reason) == true)
  }
}
