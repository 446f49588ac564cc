import Foundation

/// The objects of a folder, `BUCKET/KEY` by exact key, and uploaded objects that hide them. No key
/// can read outside the folder; the folder is never written.
struct ObjectStore: Sendable {
  /// An object's bytes and metadata.
  struct Object: Sendable {
    let bytes: [UInt8]
    let modified: Date
    /// Quoted.
    let eTag: String
    let headers: [(name: String, value: String)]
    /// Computed on upload; nil for an object of the folder.
    let checksum: (header: String, value: String)?
  }

  /// Nil refuses uploads.
  let overlay: ObjectOverlay?
  private let folder: URL
  /// The folder as the configuration names it, for messages.
  private let shownFolder: String
  private let writableBuckets: Set<String>
  private let denied: Set<String>

  init(configuration: LocalAWS.Configuration) {
    folder = configuration.objectsFolder.standardizedFileURL.resolvingSymlinksInPath()
    shownFolder = configuration.objectsFolder.relativePath
    overlay = configuration.overlayFolder.map { ObjectOverlay(folder: $0) }
    writableBuckets = overlay == nil ? [] : configuration.writableBuckets
    denied = configuration.deniedObjects
  }

  func read(bucket: String, key: String) throws(S3Error) -> Object {
    try check(bucket: bucket)
    if denied.contains("\(bucket)/\(key)") { throw .accessDenied }
    if let stored = try overlay?.read(bucket: bucket, key: key) {
      return Object(
        bytes: stored.bytes, modified: stored.modified, eTag: stored.eTag,
        headers: stored.headers, checksum: stored.checksum)
    }
    return try readFolder(bucket, key)
  }

  /// Stores an object in the overlay if its condition holds.
  /// - Returns: the number of the write.
  @discardableResult
  func write(
    _ upload: ObjectOverlay.Upload, if condition: WriteCondition
  ) throws(S3Error) -> Int {
    try check(bucket: upload.bucket)
    guard let overlay else { throw .accessDenied }
    if denied.contains("\(upload.bucket)/\(upload.key)") { throw .accessDenied }
    return try overlay.write(upload, if: condition) {
      try? readFolder(upload.bucket, upload.key).eTag
    }
  }

  /// Stores an object that no client uploads.
  /// - Returns: its ETag, without quotes, and the number of the write.
  func store(
    bucket: String, key: String, bytes: [UInt8], contentType: String
  ) throws(S3Error) -> (eTag: String, sequence: Int) {
    let checksum = ChecksumAlgorithm.crc64nvme
    let eTag = md5Hex(bytes)
    let sequence = try write(
      ObjectOverlay.Upload(
        bucket: bucket, key: key, bytes: bytes, eTag: "\"\(eTag)\"",
        headers: [(name: "Content-Type", value: contentType)],
        checksum: (header: checksum.header, value: checksum.base64(bytes))), if: .always)
    return (eTag, sequence)
  }

  /// A bucket is a folder or listed in the configuration.
  private func check(bucket: String) throws(S3Error) {
    if writableBuckets.contains(bucket) { return }
    guard let bucketFolder = locate(folder, bucket), isDirectory(bucketFolder) else {
      throw .noSuchBucket(bucket, in: shownFolder)
    }
  }

  private func readFolder(_ bucket: String, _ key: String) throws(S3Error) -> Object {
    guard let bucketFolder = locate(folder, bucket), let file = locate(bucketFolder, key),
      FileManager.default.fileExists(atPath: file.path), !isDirectory(file)
    else { throw .noSuchKey(key, in: "\(shownFolder)/\(bucket)") }
    let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
    guard let data = try? Data(contentsOf: file) else { throw .accessDenied }
    let bytes = Array(data)
    return Object(
      bytes: bytes, modified: attributes?[.modificationDate] as? Date ?? Date(),
      eTag: "\"\(md5Hex(bytes))\"", headers: [("Content-Type", contentType(of: key))],
      checksum: nil)
  }

  private func contentType(of key: String) -> String {
    switch key.split(separator: ".").last?.lowercased() {
    case "jpg", "jpeg": "image/jpeg"
    case "png": "image/png"
    case "json": "application/json"
    default: "binary/octet-stream"
    }
  }

  /// The path below `parent`, or nil for a key that is not such a path: an empty, `.`, or `..`
  /// component (allowed in S3 keys, but not in a file system), a NUL, or a link that leads out of
  /// the folder.
  private func locate(_ parent: URL, _ name: String) -> URL? {
    // Works on bytes: for the file system, a slash followed by a combining accent is still a slash.
    let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let isPath = parts.allSatisfy {
      !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
    }
    guard isPath, !name.utf8.contains(0) else { return nil }
    let file = URL(fileURLWithPath: "\(parent.path)/\(name)").resolvingSymlinksInPath()
    return file.path.utf8.starts(with: "\(parent.path)/".utf8) ? file : nil
  }

  private func isDirectory(_ url: URL) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory)
      && isDirectory.boolValue
  }
}
