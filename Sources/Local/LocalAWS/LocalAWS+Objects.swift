import Foundation

/// Objects from outside: uploads of a person, and pictures to show.
extension LocalAWS {
  /// Stores an object in the overlay, whatever was there before.
  ///
  /// - Returns: its ETag, without quotes, and the number of the write.
  /// - Throws: an error in S3's words if the bucket does not exist or there is no overlay.
  package func store(
    bucket: String, key: String, bytes: [UInt8], contentType: String
  ) throws -> (eTag: String, sequence: Int) {
    try objectStore.store(bucket: bucket, key: key, bytes: bytes, contentType: contentType)
  }

  /// The bytes of an object; nil if there is none.
  package func object(bucket: String, key: String) -> [UInt8]? {
    try? objectStore.read(bucket: bucket, key: key).bytes
  }
}
