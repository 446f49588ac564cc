import CZlib
import DogBreedModel
import Foundation
import TestSupport
import Testing

@Suite struct PNGDecodingTests {
  /// A PNG file of these rows of bytes, without filters.
  private static func png(
    width: Int, rows: [[UInt8]], color: UInt8, depth: UInt8 = 8, more: [(String, [UInt8])] = []
  ) -> [UInt8] {
    let raw: [UInt8] = rows.flatMap { row -> [UInt8] in [0] + row }
    var packed = [UInt8](repeating: 0, count: Int(compressBound(UInt(raw.count))))
    var count = UInt(packed.count)
    #expect(compress(&packed, &count, raw, UInt(raw.count)) == Z_OK)
    let header = bytes(width) + bytes(rows.count) + [depth, color, 0, 0, 0]
    let chunks =
      [("IHDR", header)] + more + [("IDAT", Array(packed.prefix(Int(count)))), ("IEND", [])]
    return chunks.reduce([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { file, chunk in
      let body = Array(chunk.0.utf8) + chunk.1
      let checksum = body.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
      return file + bytes(chunk.1.count) + body + bytes(Int(checksum))
    }
  }

  private static func bytes(_ number: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  private func refusal(_ file: [UInt8]) -> ImageFileError? {
    #expect(throws: ImageFileError.self) { try RGBImage(file: file) }
  }

  @Test func redGreenAndBlueStayAsTheyAre() throws {
    let file = Self.png(width: 2, rows: [[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]], color: 2)
    let image = try RGBImage(file: file)
    #expect((image.width, image.height) == (2, 2))
    #expect(image.pixels == Array(1...12))
  }

  @Test func greyPaletteAndSixteenBitsBecomeRGB() throws {
    #expect(
      try RGBImage(png: Self.png(width: 2, rows: [[7, 200]], color: 0)).pixels == [
        7, 7, 7, 200, 200, 200,
      ])
    let palette: [UInt8] = [9, 8, 7, 200, 30, 10]
    let indexed = Self.png(width: 2, rows: [[1, 0]], color: 3, more: [("PLTE", palette)])
    #expect(try RGBImage(png: indexed).pixels == [200, 30, 10, 9, 8, 7])
    let deep = Self.png(width: 1, rows: [[0x80, 0xFF]], color: 0, depth: 16)
    #expect(try RGBImage(png: deep).pixels == [0x80, 0x80, 0x80])
  }

  @Test func transparencyIsFlattenedToWhite() throws {
    let file = Self.png(width: 3, rows: [[10, 20, 30, 0, 10, 20, 30, 255, 0, 0, 0, 128]], color: 6)
    #expect(try RGBImage(png: file).pixels == [255, 255, 255, 10, 20, 30, 127, 127, 127])
  }

  @Test func exifOrientationIsHonored() throws {
    // One entry, orientation 6: rotated by 90 degrees.
    let exif =
      Array("MM\0*".utf8) + [
        0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
      ]
    let file = Self.png(width: 2, rows: [[1, 2]], color: 0, more: [("eXIf", exif)])
    let image = try RGBImage(png: file)
    #expect((image.width, image.height) == (1, 2))
  }

  @Test(arguments: [0, 7, 8, 30, 60])
  func aFileThatIsCutShortIsRefused(count: Int) {
    let file = Self.png(width: 2, rows: [[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]], color: 2)
    _ = refusal(Array(file.prefix(count)))
    #expect(refusal(Array(file.dropLast(20))) != nil)
  }

  @Test func damagedFilesAreRefusedOrDecodedWithoutACrash() {
    let file = Self.png(width: 4, rows: [[1, 2, 3, 4], [5, 6, 7, 8]], color: 0)
    for index in file.indices {
      for value: UInt8 in [0, 255, file[index] ^ 1] {
        var damaged = file
        damaged[index] = value
        _ = try? RGBImage(png: damaged)
      }
    }
  }

  @Test func aThinImageIsRefusedBeforeItIsDecoded() throws {
    let file = Self.png(width: 1, rows: Array(repeating: [0], count: 51), color: 0)
    #expect(refusal(file) == .tooThin(width: 1, height: 51))
    #expect(
      try RGBImage(file: Self.png(width: 1, rows: Array(repeating: [0], count: 50), color: 0))
        .height == 50)
    #expect(refusal(try Fixtures.jpeg(width: 510, height: 10)) == .tooThin(width: 510, height: 10))
  }
}
