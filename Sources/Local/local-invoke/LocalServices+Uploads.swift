import Foundation
import LocalAWS

/// The photographs of the command line and of the page.
extension LocalServices {
  /// Puts a photograph into the local S3 for the length of the run.
  ///
  /// - Parameters:
  ///   - name: of the file.
  ///   - keepsFolder: whether a folder in front of the name becomes a part of the key.
  /// - Throws: `PageError` if there is no local S3, or it refuses the object.
  func upload(
    _ bytes: [UInt8], name: String, contentType: String, keepsFolder: Bool = false
  ) throws -> UploadedObject {
    guard let local else {
      throw PageError(
        400, "With --aws there is no bucket of this machine. Deliver the photograph by HTTP.")
    }
    let file =
      keepsFolder
      ? name : name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init)
    let key = "\(environment["IMAGE_PREFIX"] ?? "uploads/")\(file ?? "photograph.jpg")"
    guard key.utf8.count <= 1024 else {
      throw PageError(400, "The name is too long: a key in S3 has at most 1,024 bytes.")
    }
    do {
      let stored = try local.store(
        bucket: uploadBucket, key: key, bytes: bytes, contentType: contentType)
      uploads.withLock { _ = $0.insert(stored.sequence) }
      return UploadedObject(
        bucket: uploadBucket, key: key, bytes: bytes.count, eTag: stored.eTag)
    } catch {
      throw PageError(500, "The photograph could not be stored: \(error)")
    }
  }

  /// The bucket of uploads.
  var uploadBucket: String { environment["IMAGE_BUCKET"] ?? Self.defaultUploadBucket }

  /// An object of the local S3; nil if there is none.
  func object(bucket: String, key: String) -> [UInt8]? {
    local?.object(bucket: bucket, key: key)
  }
}
