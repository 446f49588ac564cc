import Foundation
import LoopbackServer

/// An object that was uploaded during this run.
package struct StoredObject: Sendable {
  package let bucket: String
  package let key: String
  package let bytes: [UInt8]
  /// Quoted, as in the header.
  package let eTag: String
  package let modified: Date
  /// Further response headers: content type, encryption, and the client's metadata.
  package let headers: [(name: String, value: String)]
  /// The number of this write in the run, from 1.
  package let sequence: Int
  let checksum: (header: String, value: String)
}

/// The uploaded objects, in an overlay folder that hides given objects of the same key.
///
/// A file is named by the number of its write, so that a key cannot lead out of the folder, exceed
/// the length limit of file names, or conflict with a folder.
final class ObjectOverlay: Sendable {
  /// The contents of an upload.
  struct Upload: Sendable {
    let bucket: String
    let key: String
    let bytes: [UInt8]
    let eTag: String
    let headers: [(name: String, value: String)]
    let checksum: (header: String, value: String)
  }

  private struct State {
    /// Keyed by the bytes of bucket and key: S3 does not treat Unicode-equivalent keys as equal.
    var entries: [[UInt8]: Entry] = [:]
    var writeCount = 0
    var isClosed = false
  }

  private struct Entry {
    let upload: Upload
    let modified: Date
    let sequence: Int
  }

  private let folder: URL
  private let state = Locked(State())

  /// - Parameter folder: an existing folder, which its creator removes.
  init(folder: URL) {
    self.folder = folder
  }

  /// Stores an object if its condition holds. Uploads are serialized.
  /// - Parameter given: the ETag of the hidden object.
  /// - Returns: the number of the write; see ``StoredObject/sequence``.
  func write(
    _ upload: Upload, if condition: WriteCondition, given: () -> String?
  ) throws(S3Error) -> Int {
    try state.withLock { state -> Result<Int, S3Error> in
      Result { () throws(S3Error) in try write(upload, condition, given, &state) }
    }.get()
  }

  private func write(
    _ upload: Upload, _ condition: WriteCondition, _ given: () -> String?, _ state: inout State
  ) throws(S3Error) -> Int {
    let name = Self.name(upload.bucket, upload.key)
    let previous = state.entries[name]
    if condition != .always {
      try condition.check(current: previous?.upload.eTag ?? given(), key: upload.key)
    }
    if state.isClosed { throw .internalError }
    state.writeCount += 1
    do {
      try Data(upload.bytes).write(to: file(state.writeCount), options: .withoutOverwriting)
    } catch {
      throw .internalError
    }
    state.entries[name] = Entry(
      upload: upload.withoutBytes, modified: Date(), sequence: state.writeCount)
    // A file that cannot be removed is removed with the folder.
    if let previous { try? FileManager.default.removeItem(at: file(previous.sequence)) }
    return state.writeCount
  }

  /// Refuses all further writes.
  func close() {
    state.withLock { $0.isClosed = true }
  }

  /// The object of a key, if it was uploaded.
  func read(bucket: String, key: String) throws(S3Error) -> StoredObject? {
    // Read under the lock, so that the file is not replaced in the meantime.
    try state.withLock { state -> Result<StoredObject?, S3Error> in
      guard let entry = state.entries[Self.name(bucket, key)] else { return .success(nil) }
      return load(entry).map { .success($0) } ?? .failure(.internalError)
    }.get()
  }

  /// All objects written after a given write, in order.
  func objects(writtenAfter sequence: Int) -> [StoredObject] {
    state.withLock { state in
      state.entries.values.filter { $0.sequence > sequence }
        .sorted { $0.sequence < $1.sequence }.compactMap(load)
    }
  }

  /// Nil when the folder is gone.
  private func load(_ entry: Entry) -> StoredObject? {
    guard let data = try? Data(contentsOf: file(entry.sequence)) else { return nil }
    let upload = entry.upload
    return StoredObject(
      bucket: upload.bucket, key: upload.key, bytes: Array(data), eTag: upload.eTag,
      modified: entry.modified, headers: upload.headers, sequence: entry.sequence,
      checksum: upload.checksum)
  }

  private func file(_ number: Int) -> URL {
    folder.appendingPathComponent(String(number))
  }

  /// Unambiguous, because bucket names do not contain slashes.
  private static func name(_ bucket: String, _ key: String) -> [UInt8] {
    Array("\(bucket)/\(key)".utf8)
  }
}

extension ObjectOverlay.Upload {
  fileprivate var withoutBytes: ObjectOverlay.Upload {
    ObjectOverlay.Upload(
      bucket: bucket, key: key, bytes: [], eTag: eTag, headers: headers, checksum: checksum)
  }
}
