/// An image of 8-bit red, green and blue, row by row from the top left, without padding.
package struct RGBImage: Sendable, Equatable {
  /// Pixels a row, at least 1.
  package let width: Int
  /// Rows, at least 1.
  package let height: Int
  /// `height` × `width` × 3 bytes.
  package let pixels: [UInt8]

  /// The largest image that is decoded: 51 million pixels, 153 MB, and up to 500 MB while a progressive
  /// file of that size is read. Telephones' cameras make up to 50 million (8192×6144); a file of a few
  /// kilobytes can claim 4,000 million.
  package static let maximumPixelCount = 51_000_000

  /// How many times the shorter side the longer one may be: the shorter one is resized to 256 pixels, and the longer
  /// one with it.
  package static let maximumAspectRatio = 50

  /// An image of the given pixels; nil unless there are exactly `width` × `height` × 3 bytes.
  package init?(width: Int, height: Int, pixels: [UInt8]) {
    guard (1...Self.maximumPixelCount).contains(width),
      (1...Self.maximumPixelCount).contains(height),
      pixels.count == width * height * 3
    else { return nil }
    self.init(width: width, height: height, trusted: pixels)
  }

  /// For callers in this module that made the pixels of exactly this size themselves.
  init(width: Int, height: Int, trusted pixels: [UInt8]) {
    self.width = width
    self.height = height
    self.pixels = pixels
  }
}
