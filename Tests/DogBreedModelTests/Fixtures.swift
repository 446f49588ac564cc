import CTurboJPEG
import DogBreedModel
import Foundation
import TestSupport

enum Fixtures {
  /// One model for all tests: loading it takes longer than a forward pass.
  static let model = Result { try DogBreedModel() }

  static let photographs = Repository.root.appendingPathComponent(
    "events/objects/dog-photos/uploads")

  static func photograph(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: photographs.appendingPathComponent(name)))
  }

  /// An image without symmetry, the same in Python:
  /// `[[[(x*37 + y*101 + c*59 + x*y*13) % 256 for c in range(3)] for x in range(width)] for y in range(height)]`
  static func pattern(width: Int, height: Int) -> RGBImage? {
    var pixels = [UInt8]()
    for y in 0..<height {
      for x in 0..<width {
        for c in 0..<3 { pixels.append(UInt8((x * 37 + y * 101 + c * 59 + x * y * 13) % 256)) }
      }
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  /// A JPEG file of one color: 3 bytes are RGB, 4 are CMYK as JPEG files hold it (255: no ink).
  static func jpeg(
    width: Int = 16, height: Int = 16, color: [UInt8] = [200, 100, 50], grey: Bool = false
  ) throws -> [UInt8] {
    let pixels = (0..<width * height).flatMap { _ in color }
    return try jpeg(
      width: width, height: height, pixels: pixels, format: color.count == 4 ? TJPF_CMYK : TJPF_RGB,
      sampling: grey ? TJSAMP_GRAY : TJSAMP_444)
  }

  static func jpeg(_ image: RGBImage) throws -> [UInt8] {
    try jpeg(
      width: image.width, height: image.height, pixels: image.pixels, format: TJPF_RGB,
      sampling: TJSAMP_444)
  }

  private static func jpeg(
    width: Int, height: Int, pixels: [UInt8], format: TJPF, sampling: TJSAMP
  ) throws -> [UInt8] {
    let handle = tjInitCompress()
    defer { tjDestroy(handle) }
    var output: UnsafeMutablePointer<UInt8>?
    defer { tjFree(output) }
    var count: UInt = 0
    let status = tjCompress2(
      handle, pixels, Int32(width), 0, Int32(height), Int32(format.rawValue), &output, &count,
      Int32(sampling.rawValue), 100, 0)
    guard status == 0 else { throw EncodingError(reason: String(cString: tjGetErrorStr2(handle))) }
    return Array(UnsafeBufferPointer(start: output, count: Int(count)))
  }

  /// A JPEG file with an EXIF segment that holds this TIFF structure, right behind the start of image.
  static func jpeg(_ jpeg: [UInt8], exif tiff: [UInt8]) -> [UInt8] {
    let payload = Array("Exif\0\0".utf8) + tiff
    let length = payload.count + 2
    let segment = [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)] + payload
    return Array(jpeg.prefix(2)) + segment + Array(jpeg.dropFirst(2))
  }

  /// A TIFF structure whose only directory has one entry: the orientation, a SHORT.
  static func tiff(orientation: UInt8, bigEndian: Bool) -> [UInt8] {
    bigEndian
      ? [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]
        + [0, 0, 0, 0]
      : [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]
        + [0, 0, 0, 0]
  }

  struct EncodingError: Error {
    let reason: String
  }
}
