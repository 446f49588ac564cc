import Foundation

/// A file that is gone when the last one who holds it is.
package final class TemporaryFile: Sendable {
  /// Where it is.
  package let path: String

  /// A file with some text.
  package init(_ text: String) throws {
    let folder = FileManager.default.temporaryDirectory
    path = folder.appendingPathComponent("test-\(UUID().uuidString)").path
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  deinit {
    // A file that somebody else removed is gone as well.
    try? FileManager.default.removeItem(atPath: path)
  }
}
