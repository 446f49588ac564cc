import CTurboJPEG

extension RGBImage {
  /// The image as a JPEG file without metadata.
  ///
  /// - Parameter quality: 1 to 100.
  /// - Returns: nil when the library has no memory.
  package func jpeg(quality: Int32) -> [UInt8]? {
    guard let handle = tjInitCompress() else { return nil }
    defer { tjDestroy(handle) }
    var buffer: UnsafeMutablePointer<UInt8>?
    var size: UInt = 0
    let status = pixels.withUnsafeBufferPointer {
      tjCompress2(
        handle, $0.baseAddress, Int32(width), 0, Int32(height), Int32(TJPF_RGB.rawValue), &buffer,
        &size, Int32(TJSAMP_420.rawValue), quality, 0)
    }
    defer { tjFree(buffer) }
    guard status == 0, let buffer else { return nil }
    return Array(UnsafeBufferPointer(start: buffer, count: Int(size)))
  }

  /// The whole image, smaller, so that neither side is longer; as it is when it is small already.
  package func fitted(within side: Int) -> RGBImage {
    let longer = max(width, height)
    guard longer > side else { return self }
    return resized(
      width: max(1, width * side / longer), height: max(1, height * side / longer)) ?? self
  }
}
