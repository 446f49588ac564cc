/// Kinds of image files, by their first bytes: the `Content-Type` of an S3 object may be anything.
///
/// Sources: https://mimesniff.spec.whatwg.org/#image-type-pattern-matching-algorithm,
/// ISO/IEC 23008-12 (brands of HEIC), https://aomediacodec.github.io/av1-avif/
public enum ImageFormat {
  /// The type of bytes that no known kind begins with.
  static let unknownType = "application/x-image"

  /// `image/jpeg`, `image/png`, `image/gif`, `image/webp`, `image/bmp`, `image/tiff`, `image/heic`, or `image/avif`;
  /// nil for anything else.
  public static func mediaType(of bytes: [UInt8]) -> String? {
    func begins(_ text: StaticString, at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: text.description.utf8)
    }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "image/png" }
    if begins("GIF87a") || begins("GIF89a") { return "image/gif" }
    if begins("RIFF"), begins("WEBP", at: 8) { return "image/webp" }
    if begins("BM") { return "image/bmp" }
    if begins("II*\0") || begins("MM\0*") { return "image/tiff" }
    guard begins("ftyp", at: 4) else { return nil }
    if begins("avif", at: 8) || begins("avis", at: 8) { return "image/avif" }
    let brands: [StaticString] = [
      "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1",
    ]
    return brands.contains { begins($0, at: 8) } ? "image/heic" : nil
  }
}
