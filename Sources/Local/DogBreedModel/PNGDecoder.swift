import CPNG

extension RGBImage {
  private static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Whether the bytes begin as a PNG file does.
  static func isPNG(_ bytes: [UInt8]) -> Bool { bytes.starts(with: pngSignature) }

  /// Decodes a PNG file of any color type and depth, to the pixel as Pillow and the training scripts do: transparency
  /// is flattened to white, 16 bits lose their lower 8, gamma is not applied. Of an animation the default image is
  /// read.
  ///
  /// - Throws: `ImageFileError`; also for a file that is cut short.
  package init(png bytes: [UInt8]) throws(ImageFileError) {
    guard !bytes.isEmpty else { throw .empty }
    guard Self.isPNG(bytes) else { throw .unknownFormat(firstBytes: Array(bytes.prefix(4))) }
    var failure: ImageFileError?
    let image = bytes.withUnsafeBufferPointer { buffer -> RGBImage? in
      do throws(ImageFileError) {
        return try Self.decode(png: buffer)
      } catch {
        failure = error
        return nil
      }
    }
    guard let image else { throw failure ?? .corrupt(reason: "it cannot be read") }
    self = image.turned(upright: EXIFOrientation(png: bytes))
  }

  private static func decode(
    png bytes: UnsafeBufferPointer<UInt8>
  ) throws(ImageFileError) -> RGBImage {
    var header = cpng_header()
    var reason = [CChar](repeating: 0, count: 128)
    guard let reader = cpng_open(bytes.baseAddress, bytes.count, &header, &reason) else {
      throw .corrupt(reason: text(reason))
    }
    defer { cpng_close(reader) }
    let (width, height) = (Int(header.width), Int(header.height))
    try checkSize(width: width, height: height)
    var isWhole = false
    var pixels = [UInt8](unsafeUninitializedCapacity: width * height * Int(header.channels)) {
      output, count in
      // A damaged file leaves rows unwritten, and uninitialized memory must not be read.
      output.initialize(repeating: 0)
      isWhole = cpng_read(reader, output.baseAddress, &reason) != 0
      count = output.count
    }
    guard isWhole else { throw .corrupt(reason: text(reason)) }
    if header.channels == 4 { flatten(&pixels) }
    return RGBImage(width: width, height: height, trusted: pixels)
  }

  private static func text(_ reason: [CChar]) -> String {
    String(decoding: reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Red, green, blue, and alpha over white, in place.
  ///
  /// Source: https://github.com/python-pillow/Pillow/blob/main/src/libImaging/AlphaComposite.c
  private static func flatten(_ pixels: inout [UInt8]) {
    let count = pixels.count / 4
    pixels.withUnsafeMutableBufferPointer { pixels in
      for pixel in 0..<count {
        let alpha = Int(pixels[4 * pixel + 3])
        for channel in 0..<3 {
          let sum = (Int(pixels[4 * pixel + channel]) * alpha + 255 * (255 - alpha)) << 7
          let rounded = sum + (0x80 << 7)
          pixels[3 * pixel + channel] = UInt8((((rounded >> 8) + rounded) >> 8) >> 7)
        }
      }
    }
    pixels.removeLast(count)
  }
}
