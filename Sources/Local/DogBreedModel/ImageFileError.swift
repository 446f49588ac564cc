/// Why bytes are not an image that can be classified.
package enum ImageFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There are no bytes at all.
  case empty
  /// The bytes do not begin as a file of the expected formats does; these are the first four.
  case unknownFormat(firstBytes: [UInt8])
  /// A file that is cut short or damaged, or of a kind that is not decoded; the decoder's reason.
  case corrupt(reason: String)
  /// More than `RGBImage.maximumPixelCount` pixels.
  case tooLarge(width: Int, height: Int)
  /// One side more than `RGBImage.maximumAspectRatio` times the other.
  case tooThin(width: Int, height: Int)

  /// The reason in a sentence for people.
  package var description: String {
    switch self {
    case .empty:
      return "the image is empty (0 bytes)"
    case .unknownFormat(let bytes):
      let hexadecimal = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
      return
        "the image is neither a JPEG nor a PNG file as its type says: it begins with the bytes \(hexadecimal.joined(separator: " "))"
    case .corrupt(let reason):
      return "the image cannot be decoded: \(reason)"
    case .tooLarge(let width, let height):
      return "the image has \(width)×\(height) pixels; the maximum is \(RGBImage.maximumPixelCount)"
    case .tooThin(let width, let height):
      return
        "the image has \(width)×\(height) pixels; the longer side must be at most \(RGBImage.maximumAspectRatio) times the shorter"
    }
  }
}

extension RGBImage {
  /// Decodes a JPEG or PNG file, whichever the bytes are.
  package init(file bytes: [UInt8]) throws(ImageFileError) {
    self = Self.isPNG(bytes) ? try RGBImage(png: bytes) : try RGBImage(jpeg: bytes)
  }

  /// Checks the limits of preprocessing.py, before memory is taken for the pixels.
  static func checkSize(width: Int, height: Int) throws(ImageFileError) {
    guard width >= 1, height >= 1 else { throw .corrupt(reason: "it has no pixels") }
    guard width <= maximumPixelCount / height else { throw .tooLarge(width: width, height: height) }
    guard max(width, height) <= maximumAspectRatio * min(width, height) else {
      throw .tooThin(width: width, height: height)
    }
  }
}
