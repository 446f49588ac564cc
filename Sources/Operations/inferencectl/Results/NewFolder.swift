import AWSControl
import Foundation

/// A folder that is new or empty, for files that only their owner can read.
struct NewFolder {
  private let path: String

  /// - Throws: `Refusal` for a folder with something in it; `CocoaError`.
  init(_ path: String) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard try FileManager.default.contentsOfDirectory(atPath: path).isEmpty else {
      throw Refusal("\(path) is not empty", advice: "Choose a new or empty folder")
    }
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    let file = "\(path)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: file), options: .atomic)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
  }
}
