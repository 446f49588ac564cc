/// Bytes at an address that does not change, so that libcurl can send the body of a response from where it was
/// received.
///
/// `@unchecked`: only its receiver adds bytes, before anyone else has it.
@safe public final class BodyBuffer: @unchecked Sendable {
  private var memory = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
  public private(set) var count = 0

  public init() {}

  deinit { unsafe BodyMemory.free(memory) }

  /// Forgets all bytes and makes room for as many as are expected.
  public func begin(expectedBytes: Int) {
    count = 0
    if unsafe memory.count < expectedBytes { grow(to: expectedBytes) }
  }

  /// Where the next bytes can be received before they are appended.
  public func place(forBytes byteCount: Int) -> UnsafeMutableRawPointer? {
    if unsafe memory.count - count < byteCount {
      unsafe grow(to: max(2 * memory.count, count + byteCount))
    }
    return unsafe memory.baseAddress.map { unsafe $0 + count }
  }

  /// Copies the bytes, unless they are in their place.
  public func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, let place = unsafe place(forBytes: bytes.count) else {
      return
    }
    if unsafe source != place { unsafe place.copyMemory(from: source, byteCount: bytes.count) }
    count += bytes.count
  }

  private func grow(to byteCount: Int) {
    let larger = unsafe BodyMemory.allocate(byteCount: byteCount)
    unsafe larger.copyMemory(from: bytes)
    unsafe BodyMemory.free(memory)
    unsafe memory = larger
  }

  /// Valid as long as the buffer is kept and nothing is added.
  public var bytes: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: memory[..<count])
  }
}
