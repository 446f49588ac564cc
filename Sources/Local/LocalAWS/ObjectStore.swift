import Foundation

/// The objects of a folder: `BUCKET/KEY` by exact key. Nothing outside the folder can be read,
/// whatever the key.
struct ObjectStore: Sendable {
  /// Why there is no object.
  enum Failure: Error, Equatable {
    case noSuchBucket
    case noSuchKey
    case accessDenied
  }

  /// An object's bytes and what S3 tells of it.
  struct Object: Sendable {
    let bytes: [UInt8]
    let modified: Date
  }

  private let folder: URL
  private let denied: Set<String>

  init(folder: URL, denied: Set<String>) {
    self.folder = folder.standardizedFileURL.resolvingSymlinksInPath()
    self.denied = denied
  }

  func read(bucket: String, key: String) throws(Failure) -> Object {
    guard let bucketFolder = locate(folder, bucket), isDirectory(bucketFolder) else {
      throw .noSuchBucket
    }
    if denied.contains("\(bucket)/\(key)") { throw .accessDenied }
    guard let file = locate(bucketFolder, key), FileManager.default.fileExists(atPath: file.path),
      !isDirectory(file)
    else { throw .noSuchKey }
    let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
    guard let data = try? Data(contentsOf: file) else { throw .accessDenied }
    return Object(bytes: Array(data), modified: attributes?[.modificationDate] as? Date ?? Date())
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
