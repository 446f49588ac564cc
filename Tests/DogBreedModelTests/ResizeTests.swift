import DogBreedModel
import Testing

@Suite struct ResizeTests {
  struct Golden: Sendable {
    let from: (width: Int, height: Int)
    let to: (width: Int, height: Int)
    let pixels: [UInt8]
  }

  /// Made with Pillow 13.0.0, `pattern` as in Fixtures.pattern:
  /// `list(Image.fromarray(numpy.array(pattern, "uint8")).resize(to, Image.Resampling.BICUBIC).tobytes())`
  private static let golden = [
    Golden(
      from: (7, 5), to: (3, 2),
      pixels: [
        90, 106, 125, 139, 113, 144, 126, 140, 101, 129, 106, 128, 125, 109, 134, 142, 135, 115,
      ]),
    Golden(
      from: (3, 2), to: (5, 4),
      pixels: [
        0, 47, 104, 2, 60, 128, 27, 86, 168, 52, 126, 194, 66, 148, 206, 20, 77, 140, 33, 94, 132,
        61, 120, 126, 88, 113, 151, 104, 108, 168, 77, 135, 210, 94, 163, 142, 127, 186, 42, 161,
        87, 66, 178, 28, 94, 106, 165, 246, 125, 197, 146, 161, 220, 0, 197, 74, 23, 216, 0, 56,
      ]),
    Golden(
      from: (40, 3), to: (2, 3),
      pixels: [
        110, 137, 125, 121, 132, 131, 140, 139, 122, 118, 125, 133, 126, 135, 147, 142, 138, 134,
      ]),
    Golden(from: (1, 1), to: (2, 2), pixels: [0, 59, 118, 0, 59, 118, 0, 59, 118, 0, 59, 118]),
  ]

  @Test(arguments: golden) func pixelsEqualPillowsToTheBit(golden: Golden) throws {
    let image = try #require(
      Fixtures.pattern(width: golden.from.width, height: golden.from.height))
    let resized = try #require(
      image.resized(width: golden.to.width, height: golden.to.height))
    #expect(resized.width == golden.to.width && resized.height == golden.to.height)
    #expect(resized.pixels == golden.pixels)
  }

  @Test func sameSizeLeavesTheImageAsItIs() throws {
    let image = try #require(Fixtures.pattern(width: 9, height: 4))
    #expect(image.resized(width: 9, height: 4) == image)
  }

  @Test(arguments: [(0, 5), (5, -1), (50_000, 50_000), (50_000_000, 1)])
  func sizeOutsideTheLimitsGivesNil(width: Int, height: Int) throws {
    let image = try #require(Fixtures.pattern(width: 2, height: 2))
    #expect(image.resized(width: width, height: height) == nil)
  }

  @Test func networkSeesTheMiddleOfTheResizedImage() throws {
    let image = try #require(Fixtures.pattern(width: 512, height: 300))
    let input = DogBreedModel.networkInput(of: image)
    #expect(input.width == 224 && input.height == 224)
    let whole = try #require(image.resized(width: 436, height: 256))
    // (436 - 224) / 2 = 106 columns and (256 - 224) / 2 = 16 rows are cut off before the middle.
    for row in [0, 100, 223] {
      let start = 3 * ((row + 16) * 436 + 106)
      #expect(
        Array(input.pixels[3 * row * 224..<3 * (row + 1) * 224])
          == Array(whole.pixels[start..<start + 3 * 224]))
    }
  }
}
