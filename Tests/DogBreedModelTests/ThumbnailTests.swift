import Testing

@testable import DogBreedModel

@Suite struct ThumbnailTests {
  @Test func pictureKeepsItsProportions() throws {
    let image = try #require(
      RGBImage(width: 400, height: 100, pixels: [UInt8](repeating: 7, count: 120_000)))
    let small = image.fitted(within: 240)
    #expect((small.width, small.height) == (240, 60))
    #expect(image.fitted(within: 400) == image)
    let thin = try #require(
      RGBImage(width: 500, height: 10, pixels: [UInt8](repeating: 7, count: 15_000)))
    #expect(thin.fitted(within: 24).height == 1)
  }

  @Test func pictureIsAJPEGFileWithoutMetadata() throws {
    var pixels: [UInt8] = []
    for y in 0..<48 { for x in 0..<64 { pixels += [UInt8(4 * x), UInt8(5 * y), 90] } }
    let image = try #require(RGBImage(width: 64, height: 48, pixels: pixels))
    let bytes = try #require(image.jpeg(quality: 90))
    let read = try RGBImage(jpeg: bytes)
    #expect((read.width, read.height) == (64, 48))
    let differences = zip(read.pixels, pixels).map { one, other -> Int in abs(Int(one) - Int(other))
    }
    let difference = differences.max() ?? 255
    #expect(difference < 24)
    #expect(!String(decoding: bytes, as: UTF8.self).contains("Exif"))
  }
}
