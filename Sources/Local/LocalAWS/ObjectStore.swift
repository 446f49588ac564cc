import Foundation

/// The objects of a folder, `BUCKET/KEY` by exact key, and those that were put over them. Nothing
/// outside the folder can be read, whatever the key; nothing in it is ever written.
struct ObjectStore: Sendable {
  /// An object's bytes and what S3 tells of it.
  struct Object: Sendable {
    let bytes: [UInt8]
    let modified: Date
    /// Quoted.
    let eTag: String
    let headers: [(name: String, value: String)]
    /// As it was computed at the upload; nil for an object of the folder.
    let checksum: (header: String, value: String)?
  }

  /// Nil: nothing can be put.
  let overlay: ObjectOverlay?
  private let folder: URL
  private let writableBuckets: Set<String>
  private let denied: Set<String>

  init(configuration: LocalAWS.Configuration) {
    folder = configuration.objectsFolder.standardizedFileURL.resolvingSymlinksInPath()
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

  /// Stores an object in the overlay when its condition holds.
  func write(_ upload: ObjectOverlay.Upload, if condition: WriteCondition) throws(S3Error) {
    try check(bucket: upload.bucket)
    guard let overlay else { throw .accessDenied }
    if denied.contains("\(upload.bucket)/\(upload.key)") { throw .accessDenied }
    try overlay.write(upload, if: condition) {
      try? readFolder(upload.bucket, upload.key).eTag
    }
  }

  /// A bucket is a folder, or named by the configuration.
  private func check(bucket: String) throws(S3Error) {
    if writableBuckets.contains(bucket) { return }
    guard let bucketFolder = locate(folder, bucket), isDirectory(bucketFolder) else {
      throw .noSuchBucket(bucket)
    }
  }

  private func readFolder(_ bucket: String, _ key: String) throws(S3Error) -> Object {
    guard let bucketFolder = locate(folder, bucket), let file = locate(bucketFolder, key),
      FileManager.default.fileExists(atPath: file.path), !isDirectory(file)
    else { throw .noSuchKey(key) }
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

  /// The path below `parent`, or nil when a key is no such path: an empty, `.` or `..` part (S3
  /// allows them in keys, a folder cannot hold them), a NUL, or a link that leads out of the
  /// folder.
  private func locate(_ parent: URL, _ name: String) -> URL? {
    // Bytes, not characters: a slash with a combining accent behind it is still a slash to the file
    // system.
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
