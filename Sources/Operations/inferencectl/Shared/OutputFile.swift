import AWSControl
import Foundation

/// A file that a command writes for its user.
enum OutputFile {
  /// Before a run of hours, not behind it.
  static func requireFolder(of path: String) throws(Refusal) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue
    else { throw Refusal("\(path) cannot be written: the folder \(folder) does not exist") }
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw Refusal("\(path) cannot be written: it is a folder")
    }
  }

  /// Whole or not at all; but a device, a pipe, or a link is written to, not replaced.
  static func write(_ text: String, to path: String) throws(Refusal) {
    var status = stat()
    let isReplaced = lstat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
    do {
      try Data(text.utf8).write(
        to: URL(fileURLWithPath: path), options: isReplaced ? .atomic : [])
    } catch {
      throw Refusal(
        "\(path) cannot be written: \((error as? CocoaError).map(Text.reason) ?? error.localizedDescription)"
      )
    }
  }
}
