import Archives
import Foundation

/// A file of gzip that is written piece by piece under another name, and gets its name when it is complete.
final class GzipFile {
  /// Behind the name of a file that is not complete.
  static let suffix = ".partial"

  private let path: String
  private let handle: FileHandle
  private let writer: GzipWriter

  /// - Throws: `CocoaError`, for example for a folder that does not exist.
  init(path: String) throws {
    self.path = path
    let partial = path + Self.suffix
    // Readable only by their owner: keys and classes of photographs are not everyone's business.
    guard
      FileManager.default.createFile(
        atPath: partial, contents: nil, attributes: [.posixPermissions: 0o600])
    else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: partial]) }
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: partial))
    self.handle = handle
    writer = try GzipWriter { try handle.write(contentsOf: $0) }
  }

  func append(_ bytes: [UInt8]) throws { try writer.append(bytes) }

  /// Ends the file.
  ///
  /// - Returns: its size in bytes.
  func finish() throws -> Int {
    try writer.finish()
    let size = Int(try handle.offset())
    // Before the rename, so that a name never stands for less than the whole file.
    try handle.synchronize()
    try handle.close()
    guard rename(path + Self.suffix, path) == 0 else {
      throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
    }
    return size
  }
}
