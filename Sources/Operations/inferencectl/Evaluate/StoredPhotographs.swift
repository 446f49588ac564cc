import AWSClient
import AWSControl
import Evaluation
import Foundation
import Results

/// Photographs in S3, for the pictures of a page.
struct StoredPhotographs {
  private static let maximumBytes = 32 << 20

  let session: Session

  /// Reads photographs and makes small pictures of them; what cannot be read or pictured is left out.
  ///
  /// - Parameter images: each with the key of its picture.
  /// - Returns: `data:` addresses by key.
  /// - Throws: `CocoaError` when there is no room for them.
  func thumbnails(of images: [(key: String, image: ImageReference)]) throws -> [String: String] {
    guard !images.isEmpty else { return [:] }
    guard let program = try? LocalInvokeProgram.path(nil, session) else {
      session.note(
        "Note: the page has no pictures, because local-invoke is not beside this program.")
      return [:]
    }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("photographs-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    // What is left of a temporary folder does no harm.
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var files: [(key: String, path: String)] = []
    var notes: [String] = []
    for (index, (key, image)) in images.enumerated() {
      let bytes = try session.client().attempt(image.description, notes: &notes) {
        try session.client().readObject(
          S3Location(bucket: image.bucket, key: image.key), versionID: image.versionID,
          maximumBytes: Self.maximumBytes)
      }
      guard let bytes else { continue }
      let path = "\(folder)/\(index)"
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      files.append((key, path))
    }
    if let first = notes.first {
      session.note("Note: the page lacks \(notes.count) pictures. \(first).")
    }
    return ThumbnailProgram(path: program, environment: session.environment).thumbnails(of: files)
  }
}
