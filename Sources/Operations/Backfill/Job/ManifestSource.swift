import AWSControl
import Archives
import Foundation
import JSON

/// The rows of a manifest in S3: our own CSV, or an S3 Inventory.
package struct ManifestSource {
  /// A file of an inventory is in memory as a whole, compressed.
  private static let maximumFileBytes = 512 << 20

  private let manifest: CreateJob.Manifest
  private let client: ControlClient

  package init(_ manifest: CreateJob.Manifest, with client: ControlClient) {
    self.manifest = manifest
    self.client = client
  }

  /// - Parameter take: returns false to stop.
  /// - Throws: `AWSError`; `Refusal` for an inventory of another form, or a file that is too large.
  package func read(_ take: (ManifestRow) throws -> Bool) throws {
    switch manifest.format {
    case .csv: try readCSV(take)
    case .inventory:
      try Inventory.read(manifest.location, with: client).rows(
        maximumFileBytes: Self.maximumFileBytes, with: client, take)
    }
  }

  private struct Stopped: Error {}

  private func readCSV(_ take: (ManifestRow) throws -> Bool) throws {
    var lines = LineSplitter()
    func row(_ line: [UInt8]) throws {
      guard !line.isEmpty else { return }
      let fields = LenientCSV.fields(line)
      guard fields.count >= 2 else {
        throw Refusal("\(manifest.location): a line has no key")
      }
      let found = ManifestRow(
        bucket: fields[0], encodedKey: fields[1], versionID: fields.count > 2 ? fields[2] : nil)
      guard try take(found) else { throw Stopped() }
    }
    do {
      try client.readObject(manifest.location) { try lines.add($0, each: row) }
      try lines.end(each: row)
    } catch is Stopped {}
  }
}

/// The `manifest.json` of an S3 Inventory.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
package struct Inventory: Sendable {
  package let sourceBucket: String
  package let files: [File]
  /// `Bucket`, `Key`, `VersionId`, …
  package let columns: [String]
  package let eTag: String
  private let bucket: String

  package struct File: Sendable {
    package let key: String
    package let size: Int
  }

  package static func read(
    _ location: S3Location, with client: ControlClient
  ) throws -> Inventory {
    var bytes: [UInt8] = []
    let eTag = try client.readObject(location) { bytes += $0 }
    guard let json = try? JSONValue(parsing: bytes), let files = json["files"]?.arrayValue,
      let schema = json["fileSchema"]?.stringValue
    else { throw Refusal("\(location) is not the manifest.json of an S3 Inventory") }
    guard json["fileFormat"]?.stringValue == "CSV" else {
      throw Refusal(
        "\(location): the inventory's format is \(json["fileFormat"]?.stringValue ?? "missing"), and S3 Batch Operations "
          + "reads only CSV", advice: "Configure an inventory with the format CSV")
    }
    let columns = schema.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    guard columns.contains("Bucket"), columns.contains("Key") else {
      throw Refusal("\(location): the inventory has no column Bucket or no column Key")
    }
    return Inventory(
      sourceBucket: json["sourceBucket"]?.stringValue ?? "",
      files: files.compactMap { file in
        file["key"]?.stringValue.map {
          File(key: $0, size: file["size"]?.int64Value.map { Int(clamping: $0) } ?? 0)
        }
      }, columns: columns, eTag: eTag.filter { $0 != "\"" }, bucket: location.bucket)
  }

  package var hasVersions: Bool { columns.contains("VersionId") }

  func rows(
    maximumFileBytes: Int, with client: ControlClient, _ take: (ManifestRow) throws -> Bool
  ) throws {
    let bucketColumn = columns.firstIndex(of: "Bucket") ?? 0
    let keyColumn = columns.firstIndex(of: "Key") ?? 1
    let versionColumn = columns.firstIndex(of: "VersionId")
    for file in files {
      let location = S3Location(bucket: bucket, key: file.key)
      let bytes = try client.readObject(location, maximumBytes: maximumFileBytes)
      var lines = LineSplitter()
      var isStopped = false
      func row(_ line: [UInt8]) throws {
        guard !isStopped, !line.isEmpty else { return }
        let fields = LenientCSV.fields(line)
        guard fields.count > max(bucketColumn, keyColumn) else {
          throw Refusal("\(location): a line has no key")
        }
        let version = versionColumn.flatMap { $0 < fields.count ? fields[$0] : nil }
        isStopped =
          try !take(
            ManifestRow(
              bucket: fields[bucketColumn], encodedKey: fields[keyColumn], versionID: version))
      }
      do {
        try Gzip.decompress(bytes) { piece in
          try lines.add(piece, each: row)
          return !isStopped
        }
      } catch let error as ArchiveError {
        throw Refusal("\(location) cannot be read: \(error.problem)")
      }
      try lines.end(each: row)
      if isStopped { return }
    }
  }
}
