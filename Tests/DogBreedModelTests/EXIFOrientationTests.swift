import Testing

@testable import DogBreedModel

@Suite struct EXIFOrientationTests {
  /// Gray values of the 3×2 image 1 2 3 / 4 5 6 after Pillow 13.0.0's `ImageOps.exif_transpose`.
  private static let turned: [(width: Int, values: [UInt8])] = [
    (3, [1, 2, 3, 4, 5, 6]), (3, [3, 2, 1, 6, 5, 4]), (3, [6, 5, 4, 3, 2, 1]),
    (3, [4, 5, 6, 1, 2, 3]), (2, [1, 4, 2, 5, 3, 6]), (2, [4, 1, 5, 2, 6, 3]),
    (2, [6, 3, 5, 2, 4, 1]), (2, [3, 6, 2, 5, 1, 4]),
  ]

  @Test(arguments: 1...8) func imageIsTurnedAsPillowTurnsIt(orientation: UInt16) throws {
    let stored = try #require(
      RGBImage(width: 3, height: 2, pixels: (1...6).flatMap { [UInt8](repeating: $0, count: 3) }))
    let upright = stored.turned(upright: try #require(EXIFOrientation(rawValue: orientation)))
    let expected = Self.turned[Int(orientation) - 1]
    #expect(upright.width == expected.width && upright.height == 6 / expected.width)
    #expect(upright.pixels == expected.values.flatMap { [$0, $0, $0] })
  }

  @Test(arguments: [UInt8(1), 2, 3, 4, 5, 6, 7, 8], [false, true])
  func orientationIsReadInEitherByteOrder(orientation: UInt8, bigEndian: Bool) throws {
    let tiff = Fixtures.tiff(orientation: orientation, bigEndian: bigEndian)
    let jpeg = Fixtures.jpeg(try Fixtures.jpeg(), exif: tiff)
    #expect(EXIFOrientation(jpeg: jpeg).rawValue == UInt16(orientation))
  }

  @Test func decodedImageStandsUpright() throws {
    let jpeg = try Fixtures.jpeg(width: 32, height: 16)
    let tiff = Fixtures.tiff(orientation: 6, bigEndian: true)
    let image = try RGBImage(jpeg: Fixtures.jpeg(jpeg, exif: tiff))
    #expect(image.width == 16 && image.height == 32)
  }

  @Test func fileWithoutEXIFIsUpright() throws {
    #expect(EXIFOrientation(jpeg: try Fixtures.jpeg()) == .upright)
  }

  @Test(arguments: [0, 9, 255] as [UInt8]) func unknownOrientationIsUpright(value: UInt8) throws {
    let tiff = Fixtures.tiff(orientation: value, bigEndian: false)
    #expect(EXIFOrientation(jpeg: Fixtures.jpeg(try Fixtures.jpeg(), exif: tiff)) == .upright)
  }

  @Test func brokenEXIFIsUpright() throws {
    let jpeg = try Fixtures.jpeg()
    let whole = Fixtures.tiff(orientation: 6, bigEndian: true)
    // The directory's offset beyond the segment; 65,535 entries; the segment cut at any place.
    var farDirectory = whole
    farDirectory.replaceSubrange(4..<8, with: [0xFF, 0xFF, 0xFF, 0xFF])
    var manyEntries = whole
    manyEntries.replaceSubrange(8..<12, with: [0xFF, 0xFF, 0, 0])
    for tiff in [farDirectory, manyEntries] + (0..<20).map({ Array(whole.prefix($0)) }) {
      #expect(EXIFOrientation(jpeg: Fixtures.jpeg(jpeg, exif: tiff)) == .upright)
    }
  }
}
