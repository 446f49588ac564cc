import Foundation
import LoopbackServer

/// An object that was put during this run.
package struct StoredObject: Sendable {
  /// Its bucket.
  package let bucket: String
  /// Its key.
  package let key: String
  /// Its bytes.
  package let bytes: [UInt8]
  /// Quoted, as in the header.
  package let eTag: String
  /// When it was put.
  package let modified: Date
  /// What S3 tells of it besides: content type, encryption, the client's own metadata.
  package let headers: [(name: String, value: String)]
  /// Counts the writes of a run, from 1.
  package let sequence: Int
  let checksum: (header: String, value: String)
}

/// The objects that were put, in a folder that lies over that of the given objects and hides those
/// of the same key.
///
/// A file's name is the number of its write: no key can lead out of the folder, be too long for it,
/// or need a folder where another key has a file.
final class ObjectOverlay: Sendable {
  /// An object to be.
  struct Upload: Sendable {
    let bucket: String
    let key: String
    let bytes: [UInt8]
    let eTag: String
    let headers: [(name: String, value: String)]
    let checksum: (header: String, value: String)
  }

  private struct State {
    /// By bucket and key as bytes: to S3, two spellings of one text are two keys.
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

  /// - Parameter folder: exists, and is its owner's to remove.
  init(folder: URL) {
    self.folder = folder
  }

  /// Stores an object when its condition holds; one upload at a time.
  /// - Parameter given: the ETag of the object that lies under this one.
  func write(_ upload: Upload, if condition: WriteCondition, given: () -> String?) throws(S3Error) {
    try state.withLock { state -> Result<Void, S3Error> in
      Result { () throws(S3Error) in try write(upload, condition, given, &state) }
    }.get()
  }

  private func write(
    _ upload: Upload, _ condition: WriteCondition, _ given: () -> String?, _ state: inout State
  ) throws(S3Error) {
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
    // What cannot be removed goes away with the folder.
    if let previous { try? FileManager.default.removeItem(at: file(previous.sequence)) }
  }

  /// Refuses all further writes.
  func close() {
    state.withLock { $0.isClosed = true }
  }

  /// The object of a key, if one was put.
  func read(bucket: String, key: String) throws(S3Error) -> StoredObject? {
    // Under the lock, lest the file be replaced in between.
    try state.withLock { state -> Result<StoredObject?, S3Error> in
      guard let entry = state.entries[Self.name(bucket, key)] else { return .success(nil) }
      return load(entry).map { .success($0) } ?? .failure(.internalError)
    }.get()
  }

  /// All objects written after a write, in the order in which they were.
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

  /// No bucket's name holds a slash.
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
