import AWSControl

/// An image whose result is kept. Keys are compared byte by byte, as in S3: two keys that Unicode considers equal are
/// two images.
package struct ImageReference: Sendable, Hashable, CustomStringConvertible {
  package let bucket: String
  package let key: String
  /// Nil for an image in a bucket without versions.
  package let versionID: String?

  package init(bucket: String, key: String, versionID: String? = nil) {
    (self.bucket, self.key, self.versionID) = (bucket, key, versionID)
  }

  package static func == (left: ImageReference, right: ImageReference) -> Bool {
    left.bucket == right.bucket && left.versionID == right.versionID
      && left.key.utf8.elementsEqual(right.key.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(bucket)
    hasher.combine(versionID)
    var key = key
    key.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }

  /// `s3://photos/rex.jpg`, `s3://photos/rex.jpg version 3sL4`.
  package var description: String {
    "s3://\(bucket)/\(key)" + (versionID.map { " version \($0)" } ?? "")
  }
}

/// The keys of the documents that the function writes (`RESULT_BUCKET`, `RESULT_PREFIX`), as its
/// `ResultLocation` makes them; `ResultKeyTests` compares the two.
package struct ResultKeys: Sendable, Equatable {
  package let bucket: String
  /// Empty, or ends with a slash.
  package let prefix: String

  /// - Parameter location: `s3://RESULT_BUCKET/RESULT_PREFIX`; slashes around the prefix do not matter.
  package init(_ location: S3Location) {
    bucket = location.bucket
    let trimmed = location.key.drop { $0 == "/" }.reversed().drop { $0 == "/" }.reversed()
    prefix = trimmed.isEmpty ? "" : String(trimmed) + "/"
  }

  /// All of them.
  package var location: S3Location { S3Location(bucket: bucket, key: prefix) }

  /// `PREFIX/BUCKET/KEY.json`, or `PREFIX/BUCKET@versions/KEY/VERSION.json`.
  package func key(for image: ImageReference) -> String {
    guard let version = image.versionID else { return "\(prefix)\(image.bucket)/\(image.key).json" }
    return "\(prefix)\(image.bucket)\(Self.versions)/\(image.key)/\(version).json"
  }

  /// The image of a document; nil when the key is not that of a document.
  package func image(ofKey key: String) -> ImageReference? {
    let (bytes, slash) = (Array(key.utf8)[...], UInt8(ascii: "/"))
    guard bytes.starts(with: prefix.utf8), bytes.suffix(5).elementsEqual(".json".utf8) else {
      return nil
    }
    let path = bytes.dropFirst(prefix.utf8.count).dropLast(5)
    guard let end = path.firstIndex(of: slash), end > path.startIndex, end + 1 < path.endIndex
    else { return nil }
    let (bucket, rest) = (path[..<end], path[(end + 1)...])
    guard bucket.suffix(Self.versions.utf8.count).elementsEqual(Self.versions.utf8) else {
      return ImageReference(bucket: Self.text(bucket), key: Self.text(rest))
    }
    let name = bucket.dropLast(Self.versions.utf8.count)
    guard !name.isEmpty, let last = rest.lastIndex(of: slash), last > rest.startIndex,
      last + 1 < rest.endIndex
    else { return nil }
    return ImageReference(
      bucket: Self.text(name), key: Self.text(rest[..<last]),
      versionID: Self.text(rest[(last + 1)...]))
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// Where the documents of the images below `s3://BUCKET/PREFIX` are; without and with versions.
  package func locations(ofImagesBelow images: S3Location?) -> [S3Location] {
    guard let images else { return [location] }
    return ["", Self.versions].map {
      S3Location(bucket: bucket, key: "\(prefix)\(images.bucket)\($0)/\(images.key)")
    }
  }

  /// Behind a bucket's name, of which an at sign is never a part.
  private static let versions = "@versions"
}
