import AWSControl

/// Which objects of a listing are tasks: those that the function can classify.
package struct SelectionRules: Sendable {
  /// Extensions of image files, without regard to case. Keys without an extension are taken.
  private static let imageExtensions: Set<String> = [
    "jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "bmp", "tif", "tiff", "heic", "heif",
    "avif",
  ]
  /// Cannot be read before they are restored.
  private static let archives: Set<String> = ["GLACIER", "DEEP_ARCHIVE"]

  package var bucket: String
  /// Ends of keys, compared as S3 does: with regard to case. Empty takes keys with an image's extension, or with none.
  package var suffixes: [String] = []
  /// Times of the last modification, in milliseconds since 1970.
  package var createdAfter: Int64?
  package var createdBefore: Int64?
  /// `MAX_IMAGE_BYTES` of the function.
  package var maximumImageBytes: Int
  /// Where the function stores results; nil where it stores none.
  package var results: S3Location?
  /// Where manifests and reports are; nil for a local run.
  package var store: S3Location?

  package init(bucket: String, maximumImageBytes: Int) {
    self.bucket = bucket
    self.maximumImageBytes = maximumImageBytes
  }

  /// Why an object is left out; nil for a task.
  func reasonToLeaveOut(_ object: ListedObject) -> LeftOutKind? {
    if !object.isLatest { return .olderVersion }
    if object.isDeleteMarker { return .deleted }
    if isInside(results, object.key), object.key.hasSuffix(".json") { return .result }
    if isInside(store, object.key) { return .backfillFile }
    if object.key.hasSuffix("/"), object.size == 0 { return .folder }
    if !suffixes.isEmpty {
      guard suffixes.contains(where: { object.key.utf8.hasSuffix($0.utf8) }) else {
        return .otherSuffix
      }
    } else if !hasImageExtension(object.key) {
      return .otherType
    }
    if let createdAfter, object.lastModifiedUnixMilliseconds < createdAfter { return .outsideTime }
    if let createdBefore, object.lastModifiedUnixMilliseconds >= createdBefore {
      return .outsideTime
    }
    if object.size == 0 { return .empty }
    if object.size > maximumImageBytes { return .tooLarge }
    if object.storageClass.map(Self.archives.contains) == true { return .archived }
    return nil
  }

  private func isInside(_ location: S3Location?, _ key: String) -> Bool {
    guard let location, location.bucket == bucket else { return false }
    return key.utf8.starts(with: location.key.utf8)
  }

  private func hasImageExtension(_ key: String) -> Bool {
    let name = key.utf8.split(separator: UInt8(ascii: "/")).last ?? key.utf8[...]
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else {
      return true
    }
    let ending = name[name.index(after: dot)...]
    return Self.imageExtensions.contains(String(decoding: ending, as: UTF8.self).lowercased())
  }
}

extension String.UTF8View {
  /// Compared by bytes: S3 has no canonical equivalence.
  func hasSuffix(_ suffix: String.UTF8View) -> Bool {
    count >= suffix.count && self.suffix(suffix.count).elementsEqual(suffix)
  }
}
