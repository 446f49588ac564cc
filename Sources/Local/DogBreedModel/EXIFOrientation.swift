/// How a camera was held: which transformation turns the stored pixels upright.
///
/// Raw values and meanings: tag 0x0112 of the TIFF 6.0 specification, which EXIF embeds.
enum EXIFOrientation: UInt16 {
  case upright = 1
  case mirrored, rotated180, flipped, transposed, rotated90, transversed, rotated270

  private static let tag: UInt16 = 0x0112
  private static let shortType: UInt16 = 3

  /// The orientation in the EXIF segment of a JPEG file; upright if it is missing or invalid, because
  /// invalid metadata must not make a photograph unusable.
  init(jpeg: [UInt8]) {
    self = Self.exifSegment(of: jpeg).flatMap(Self.read(tiff:)) ?? .upright
  }

  /// The orientation in the eXIf chunk of a PNG file; upright if there is none or it makes no sense.
  init(png: [UInt8]) {
    self = Self.exifChunk(of: png).flatMap(Self.read(tiff:)) ?? .upright
  }

  /// The contents of a PNG file's eXIf chunk, which may stand before or behind the pixels.
  private static func exifChunk(of png: [UInt8]) -> ArraySlice<UInt8>? {
    var offset = 8
    while offset + 12 <= png.count {
      let length = png[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      let start = offset + 8
      guard length <= png.count - start - 4 else { return nil }
      if png[offset + 4..<start].elementsEqual("eXIf".utf8) { return png[start..<start + length] }
      offset = start + length + 4
    }
    return nil
  }

  /// The TIFF structure within the first APP1 segment marked `Exif`.
  private static func exifSegment(of jpeg: [UInt8]) -> ArraySlice<UInt8>? {
    let (app1, startOfScan, signature): (UInt8, UInt8, [UInt8]) = (
      0xE1, 0xDA, Array("Exif\0\0".utf8)
    )
    var offset = 2
    while offset + 4 <= jpeg.count, jpeg[offset] == 0xFF, jpeg[offset + 1] != startOfScan {
      if jpeg[offset + 1] == 0xFF {  // a fill byte before the marker
        offset += 1
        continue
      }
      let length = Int(jpeg[offset + 2]) << 8 | Int(jpeg[offset + 3])
      let end = offset + 2 + length
      guard length >= 2, end <= jpeg.count else { return nil }
      let payload = jpeg[offset + 4..<end]
      if jpeg[offset + 1] == app1, payload.starts(with: signature) {
        return payload.dropFirst(signature.count)
      }
      offset = end
    }
    return nil
  }

  private static func read(tiff: ArraySlice<UInt8>) -> EXIFOrientation? {
    let isLittleEndian = tiff.starts(with: [0x49, 0x49, 42, 0])
    guard isLittleEndian || tiff.starts(with: [0x4D, 0x4D, 0, 42]) else { return nil }

    /// `count` bytes as a number; nil outside the segment.
    func integer(at offset: Int, count: Int) -> Int? {
      guard offset >= 0, offset + count <= tiff.count else { return nil }
      let bytes = tiff.dropFirst(offset).prefix(count)
      return (isLittleEndian ? Array(bytes.reversed()) : Array(bytes)).reduce(0) {
        $0 << 8 | Int($1)
      }
    }

    guard let directory = integer(at: 4, count: 4),
      let entryCount = integer(at: directory, count: 2)
    else { return nil }
    for entry in 0..<entryCount {
      let offset = directory + 2 + 12 * entry
      guard let entryTag = integer(at: offset, count: 2) else { return nil }
      guard entryTag == Int(tag) else { continue }
      guard integer(at: offset + 2, count: 2) == Int(shortType),
        let value = integer(at: offset + 8, count: 2)
      else { return nil }
      return EXIFOrientation(rawValue: UInt16(value))
    }
    return nil
  }
}

extension RGBImage {
  /// The image as its camera's holder saw it.
  func turned(upright orientation: EXIFOrientation) -> RGBImage {
    guard orientation != .upright else { return self }
    let (right, bottom) = (width - 1, height - 1)
    // The pixel that comes first, and how many pixels further the next column's and next row's lie.
    let (first, column, row): (Int, Int, Int) =
      switch orientation {
      case .upright: (0, 1, width)
      case .mirrored: (right, -1, width)
      case .rotated180: (bottom * width + right, -1, -width)
      case .flipped: (bottom * width, 1, -width)
      case .transposed: (0, width, 1)
      case .rotated90: (bottom * width, -width, 1)
      case .transversed: (bottom * width + right, -width, -1)
      case .rotated270: (right, width, -1)
      }
    let swapsSides = orientation.rawValue >= EXIFOrientation.transposed.rawValue
    let (newWidth, newHeight) = swapsSides ? (height, width) : (width, height)
    let turned = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, count in
      for y in 0..<newHeight {
        for x in 0..<newWidth {
          let source = 3 * (first + x * column + y * row)
          for channel in 0..<3 { target[count + channel] = pixels[source + channel] }
          count += 3
        }
      }
    }
    return RGBImage(width: newWidth, height: newHeight, trusted: turned)
  }
}
