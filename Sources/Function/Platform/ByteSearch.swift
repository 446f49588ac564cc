import Glibc

extension UnsafeRawBufferPointer {
  /// Several times faster than `firstIndex(of:)`, which compares byte after byte.
  public func firstIndex(ofByte byte: UInt8) -> Int? {
    guard let start = baseAddress, let found = unsafe memchr(start, Int32(byte), count) else {
      return nil
    }
    return unsafe UnsafeRawPointer(found) - start
  }
}
