import CTurboJPEG

extension RGBImage {
  /// Decodes a JPEG file, baseline or progressive, in gray, YCbCr, RGB, CMYK, or YCCK, and rotates it
  /// by its EXIF orientation.
  ///
  /// - Throws: `ImageFileError`; also for a truncated file, which many viewers show half gray.
  package init(jpeg bytes: [UInt8]) throws(ImageFileError) {
    guard !bytes.isEmpty else { throw .empty }
    guard bytes.starts(with: [0xFF, 0xD8]) else {
      throw .unknownFormat(firstBytes: Array(bytes.prefix(4)))
    }
    let decoder = try TurboJPEGDecoder()
    let header = try decoder.header(of: bytes)
    let (width, height) = (header.width, header.height)
    try Self.checkSize(width: width, height: height)
    let isCMYK = header.colorspace == TJCS_CMYK.rawValue || header.colorspace == TJCS_YCCK.rawValue
    let decoded = try decoder.pixels(
      of: bytes, width: width, height: height, format: isCMYK ? TJPF_CMYK : TJPF_RGB)
    let image = RGBImage(
      width: width, height: height, trusted: isCMYK ? Self.rgb(invertedCMYK: decoded) : decoded)
    self = image.turned(upright: EXIFOrientation(jpeg: bytes))
  }

  /// Print colors as Pillow converts them. JPEG files contain them inverted (255: no ink), as Adobe does.
  private static func rgb(invertedCMYK pixels: [UInt8]) -> [UInt8] {
    var rgb = [UInt8](repeating: 0, count: pixels.count / 4 * 3)
    for pixel in 0..<pixels.count / 4 {
      let light = Int(pixels[4 * pixel + 3])
      for channel in 0..<3 {
        let product = (255 - Int(pixels[4 * pixel + channel])) * light + 128
        let ink = ((product >> 8) + product) >> 8  // product / 255, rounded
        rgb[3 * pixel + channel] = UInt8(clamping: light - ink)
      }
    }
    return rgb
  }
}

/// One TurboJPEG handle. Errors come back as return values: no setjmp.
private final class TurboJPEGDecoder {
  private let handle: tjhandle

  init() throws(ImageFileError) {
    guard let handle = tjInitDecompress() else {
      throw .corrupt(reason: String(cString: tjGetErrorStr2(nil)))
    }
    self.handle = handle
  }

  deinit {
    tjDestroy(handle)
  }

  func header(
    of bytes: [UInt8]
  ) throws(ImageFileError) -> (width: Int, height: Int, colorspace: UInt32) {
    var (width, height, subsampling, colorspace): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    let status = bytes.withUnsafeBufferPointer {
      tjDecompressHeader3(
        handle, $0.baseAddress, UInt($0.count), &width, &height, &subsampling, &colorspace)
    }
    try check(status, bytes)
    return (Int(width), Int(height), UInt32(bitPattern: colorspace))
  }

  func pixels(
    of bytes: [UInt8], width: Int, height: Int, format: TJPF
  ) throws(ImageFileError) -> [UInt8] {
    let bytesPerPixel = format == TJPF_CMYK ? 4 : 3
    // The scan limit stops a progressive file of a few megabytes that would take minutes.
    let flags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS
    var status: Int32 = -1
    let pixels = [UInt8](unsafeUninitializedCapacity: width * height * bytesPerPixel) {
      output, count in
      // A damaged file leaves rows unwritten, and uninitialized memory must not be read.
      output.initialize(repeating: 0)
      status = bytes.withUnsafeBufferPointer {
        tjDecompress2(
          handle, $0.baseAddress, UInt($0.count), output.baseAddress, Int32(width),
          Int32(width * bytesPerPixel), Int32(height), Int32(format.rawValue), flags)
      }
      count = output.count
    }
    try check(status, bytes)
    return pixels
  }

  /// Warnings that leave the picture whole: cameras and editors write such files.
  private static let harmlessWarnings = [
    "extraneous bytes before marker", "Adobe color transform", "JFIF revision", "ICC marker",
    "SOS parameters",
  ]

  private func check(_ status: Int32, _ bytes: [UInt8]) throws(ImageFileError) {
    guard status != 0 else { return }
    let reason = String(cString: tjGetErrorStr2(handle))
    guard tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue),
      Self.harmlessWarnings.contains(where: reason.contains)
    else { throw .corrupt(reason: reason) }
    // The library reports only the first warning; a harmless one may hide a missing end.
    guard Self.hasEnd(bytes) else { throw .corrupt(reason: "Premature end of JPEG file") }
  }

  /// Whether an end-of-image marker follows the last start-of-scan marker.
  private static func hasEnd(_ bytes: [UInt8]) -> Bool {
    let (endOfImage, startOfScan): (UInt8, UInt8) = (0xD9, 0xDA)
    for index in bytes.indices.dropLast().reversed() where bytes[index] == 0xFF {
      if bytes[index + 1] == endOfImage { return true }
      if bytes[index + 1] == startOfScan { return false }
    }
    return false
  }
}
