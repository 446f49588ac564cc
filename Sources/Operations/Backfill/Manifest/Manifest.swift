import AWSControl
import SigV4

/// A manifest as S3 Batch Operations reads it: lines `bucket,key[,version]`, no header, no byte order mark, versions
/// in all rows or in none.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/specify-batchjob-manifest.html
package struct Manifest: Sendable {
  static let maximumBytes = 1 << 30

  package let hasVersions: Bool
  package private(set) var count = 0
  package private(set) var bytes: [UInt8] = []

  package init(hasVersions: Bool) { self.hasVersions = hasVersions }

  /// - Throws: `Refusal` at 1 GiB.
  package mutating func append(_ row: ManifestRow) throws(Refusal) {
    bytes += row.line.utf8
    bytes.append(UInt8(ascii: "\n"))
    count += 1
    guard bytes.count <= Self.maximumBytes else {
      throw Refusal(
        "The manifest would have more than 1 GiB, with more than \(count) objects",
        advice: "Use an S3 Inventory with --inventory, or one backfill for each of several prefixes"
      )
    }
  }

  /// A name for its content: the same objects make the same manifest.
  package var name: String { String(SHA256.hexDigest(bytes).prefix(16)) }

  /// Reads the rows of a manifest, quoted or not.
  ///
  /// - Throws: `Refusal` that names a line with too few columns; what `take` throws.
  package static func read(
    _ bytes: [UInt8], from name: String, take: (ManifestRow) throws -> Void
  ) throws {
    var lines = LineSplitter()
    var number = 0
    func read(_ line: [UInt8]) throws {
      number += 1
      guard !line.isEmpty else { return }
      try take(row(LenientCSV.fields(line), "\(name), line \(number)"))
    }
    try lines.add(bytes[...], each: read)
    try lines.end(each: read)
  }

  private static func row(_ fields: [String], _ place: String) throws(Refusal) -> ManifestRow {
    guard fields.count >= 2 else {
      throw Refusal("\(place): a manifest has bucket and key in each line")
    }
    return ManifestRow(
      bucket: fields[0], encodedKey: fields[1], versionID: fields.count > 2 ? fields[2] : nil)
  }
}
