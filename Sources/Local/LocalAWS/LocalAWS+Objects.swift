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
    let checksum = ChecksumAlgorithm.crc64nvme
    let eTag = md5Hex(bytes)
    try objectStore.write(
      ObjectOverlay.Upload(
        bucket: bucket, key: key, bytes: bytes, eTag: "\"\(eTag)\"",
        headers: [(name: "Content-Type", value: contentType)],
        checksum: (header: checksum.header, value: checksum.base64(bytes))), if: .always)
    let sequence = try objectStore.overlay?.read(bucket: bucket, key: key)?.sequence
    return (eTag, sequence ?? 0)
  }

  /// The bytes of an object; nil if there is none.
  package func object(bucket: String, key: String) -> [UInt8]? {
    try? objectStore.read(bucket: bucket, key: key).bytes
  }
}
