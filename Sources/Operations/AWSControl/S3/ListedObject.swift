import AWSClient
import Foundation

/// An object, an older version of one, or a delete marker, as a listing shows it.
package struct ListedObject: Sendable, Equatable {
  package let key: String
  /// The size in bytes.
  package let size: Int
  /// When it was written, in milliseconds since 1970; 0 when the listing does not say.
  package let lastModifiedUnixMilliseconds: Int64
  /// With its quotation marks.
  package let eTag: String?
  /// For example `GLACIER`; nil counts as `STANDARD`.
  package let storageClass: String?
  /// `null` for an object from before the bucket had versions; nil in a listing without versions.
  package let versionID: String?
  /// Whether it is what a GET without version reads.
  package let isLatest: Bool
  package let isDeleteMarker: Bool

  package init(
    key: String, size: Int, lastModifiedUnixMilliseconds: Int64 = 0, eTag: String? = nil,
    storageClass: String? = nil, versionID: String? = nil, isLatest: Bool = true,
    isDeleteMarker: Bool = false
  ) {
    self.key = key
    self.size = size
    self.lastModifiedUnixMilliseconds = lastModifiedUnixMilliseconds
    self.eTag = eTag
    self.storageClass = storageClass
    self.versionID = versionID
    self.isLatest = isLatest
    self.isDeleteMarker = isDeleteMarker
  }
}

/// One page of a listing.
package struct ObjectPage: Sendable, Equatable {
  /// At most 1,000 in UTF-8 order of their keys; versions of one key with the newest first.
  package let objects: [ListedObject]
  /// With a delimiter: the beginnings of keys up to it, which stand for all objects below them.
  package let commonPrefixes: [String]
}

extension ObjectPage {
  /// Reads ListObjectsV2's or ListObjectVersions' response.
  ///
  /// Keys are form-encoded where the response says so (`EncodingType`): S3 does that on demand, because XML
  /// cannot contain control characters.
  init(_ body: XMLElement) throws(MalformedResponse) {
    let decode = Self.decoder(of: body)
    var objects: [ListedObject] = []
    for (name, element) in body.elements("Contents", "Version", "DeleteMarker") {
      let isMarker = name == "DeleteMarker"
      guard let key = element.text("Key").flatMap(decode),
        let size = isMarker ? 0 : element.text("Size").flatMap({ Int($0) })
      else { throw MalformedResponse(field: name, problem: "has no Key or no Size") }
      objects.append(
        ListedObject(
          key: key, size: size,
          lastModifiedUnixMilliseconds: element.text("LastModified")
            .flatMap { ISOTime.unixMilliseconds($0) } ?? 0,
          eTag: element.text("ETag"), storageClass: element.text("StorageClass"),
          versionID: element.text("VersionId"),
          isLatest: element.text("IsLatest").map { $0 == "true" } ?? true,
          isDeleteMarker: isMarker))
    }
    self.objects = objects
    commonPrefixes = body.elements("CommonPrefixes").compactMap {
      $0.element.text("Prefix").flatMap(decode)
    }
  }

  /// What a key or marker of this response means.
  static func decoder(of body: XMLElement) -> (String) -> String? {
    guard body.text("EncodingType") == "url" else { return { $0 } }
    return { text in
      guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") })
      else { return text }
      return text.replacing("+", with: " ").removingPercentEncoding
    }
  }
}
