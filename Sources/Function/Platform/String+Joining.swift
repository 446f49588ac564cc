extension String {
  /// The parts behind one another. An interpolation takes several times as long, because it grows its text part
  /// by part.
  public init(joining parts: String...) {
    unsafe self.init(unsafeUninitializedCapacity: parts.reduce(0) { $0 + $1.utf8.count }) {
      buffer in
      var end = 0
      for part in parts {
        unsafe part.utf8.span.withUnsafeBufferPointer { bytes in
          _ = unsafe UnsafeMutableBufferPointer(rebasing: buffer[end..<end + bytes.count])
            .update(fromContentsOf: bytes)
          end += bytes.count
        }
      }
      return end
    }
  }
}
