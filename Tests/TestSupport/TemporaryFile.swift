import Foundation

/// A file that is removed when its last reference is released.
package final class TemporaryFile: Sendable {
  package let path: String

  package init(_ text: String) throws {
    let folder = FileManager.default.temporaryDirectory
    path = folder.appendingPathComponent("test-\(UUID().uuidString)").path
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  deinit {
    // The file may already have been removed.
    try? FileManager.default.removeItem(atPath: path)
  }
}
