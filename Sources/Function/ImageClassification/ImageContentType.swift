/// The content type of an image by its first bytes, because the type stored in S3 may be wrong.
///
/// Source: https://mimesniff.spec.whatwg.org/#image-type-pattern-matching-algorithm
func imageContentType(_ bytes: [UInt8]) -> String {
  if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
  if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "image/png" }
  return "application/x-image"
}
