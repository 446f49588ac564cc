import DogBreedModel
import Testing

@Suite struct JPEGDecodingTests {
  @Test func colourIsDecoded() throws {
    let image = try RGBImage(jpeg: Fixtures.jpeg(width: 5, height: 3, color: [200, 100, 50]))
    #expect(image.width == 5 && image.height == 3)
    #expect(Self.isNear(image, [200, 100, 50]))
  }

  @Test func greyImageHasThreeEqualChannels() throws {
    let image = try RGBImage(jpeg: Fixtures.jpeg(color: [90, 90, 90], grey: true))
    #expect(image.pixels.allSatisfy { $0 == image.pixels[0] })
    #expect(Self.isNear(image, [90, 90, 90]))
  }

  @Test(
    arguments: [
      ([255, 255, 255, 255], [255, 255, 255]), ([0, 255, 255, 255], [0, 255, 255]),
      ([255, 255, 0, 128], [128, 128, 0]), ([255, 255, 255, 0], [0, 0, 0]),
    ] as [([UInt8], [Int])])
  func printColoursBecomeRGB(ink: [UInt8], expected: [Int]) throws {
    #expect(Self.isNear(try RGBImage(jpeg: Fixtures.jpeg(color: ink)), expected))
  }

  @Test func imageOfOnePixelIsDecoded() throws {
    let image = try RGBImage(jpeg: Fixtures.jpeg(width: 1, height: 1))
    #expect(image.pixels.count == 3)
  }

  @Test func bytesBehindTheEndAreIgnored() throws {
    let jpeg = try Fixtures.jpeg()
    #expect(try RGBImage(jpeg: jpeg + [0xFF, 0xD8, 1, 2, 3]) == RGBImage(jpeg: jpeg))
  }

  @Test func strayBytesBeforeAMarkerAreForgiven() throws {
    let jpeg = try Fixtures.jpeg()
    #expect(try RGBImage(jpeg: Self.withStrayBytes(jpeg)) == RGBImage(jpeg: jpeg))
  }

  @Test func imageOfAnotherSizeThanItsPixelsIsNil() {
    #expect(RGBImage(width: 2, height: 2, pixels: [0, 0, 0]) == nil)
    #expect(RGBImage(width: 0, height: 0, pixels: []) == nil)
  }

  /// Whether every pixel is within three steps of the color: JPEG loses a little.
  private static func isNear(_ image: RGBImage, _ color: [Int]) -> Bool {
    image.pixels.indices.allSatisfy { abs(Int(image.pixels[$0]) - color[$0 % 3]) <= 3 }
  }

  /// Four bytes that belong nowhere, between the first quantisation table and the segment behind it.
  static func withStrayBytes(_ jpeg: [UInt8]) -> [UInt8] {
    let table = jpeg.indices.first { jpeg[$0...].starts(with: [0xFF, 0xDB]) } ?? 2
    let end = table + 2 + Int(jpeg[table + 2]) << 8 + Int(jpeg[table + 3])
    return Array(jpeg[..<end]) + [1, 2, 3, 4] + Array(jpeg[end...])
  }
}

@Suite struct UnusableImageTests {
  private func error(_ bytes: [UInt8]) -> ImageFileError? {
    #expect(throws: ImageFileError.self) { try RGBImage(jpeg: bytes) }
  }

  @Test func emptyBodyIsRefused() {
    #expect(error([]) == .empty)
    #expect(ImageFileError.empty.description == "the image is empty (0 bytes)")
  }

  @Test func otherFileIsRefusedWithItsFirstBytes() {
    let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    #expect(error(png) == .unknownFormat(firstBytes: [0x89, 0x50, 0x4E, 0x47]))
    #expect(
      error(png)?.description
        == "the image is neither a JPEG nor a PNG file as its type says: it begins with the bytes 89 50 4e 47"
    )
  }

  @Test func photographCutInHalfIsRefused() throws {
    let jpeg = try Fixtures.photograph("mixed-breed.jpg")
    #expect(
      error(Array(jpeg.prefix(jpeg.count / 2)))?.description
        == "the image cannot be decoded: Premature end of JPEG file")
  }

  @Test func everyBeginningOfAFileIsRefused() throws {
    let jpeg = try Fixtures.jpeg()
    for count in 0..<jpeg.count {
      #expect(throws: ImageFileError.self, "\(count) bytes") {
        try RGBImage(jpeg: Array(jpeg.prefix(count)))
      }
    }
  }

  @Test func harmlessWarningDoesNotHideAMissingEnd() throws {
    let jpeg = JPEGDecodingTests.withStrayBytes(try Fixtures.jpeg()).dropLast(2)
    #expect(error(Array(jpeg)) != nil)
  }

  @Test func imageThatClaimsBillionsOfPixelsIsRefused() throws {
    var jpeg = try Fixtures.jpeg()
    let frame = try #require(jpeg.indices.first { jpeg[$0...].starts(with: [0xFF, 0xC0]) })
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
    #expect(error(jpeg) == .tooLarge(width: 65_500, height: 65_500))
  }

  @Test func damagedBytesNeverDoMoreThanThrow() throws {
    let jpeg = try Fixtures.jpeg(try #require(Fixtures.pattern(width: 24, height: 17)))
    var generator = LinearCongruentialGenerator(state: 20_180_507)
    for _ in 0..<2_000 {
      var damaged = jpeg
      for _ in 0..<3 {
        damaged[Int(generator.next() % UInt64(jpeg.count))] = UInt8(
          truncatingIfNeeded: generator.next())
      }
      guard let image = try? RGBImage(jpeg: damaged) else { continue }
      #expect(image.pixels.count == image.width * image.height * 3)
    }
  }
}

/// The same numbers in every run.
private struct LinearCongruentialGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
}
