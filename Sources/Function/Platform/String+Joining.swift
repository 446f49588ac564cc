extension String {
  /// The parts behind one another. An interpolation takes several times as long, because it grows its text part
  /// by part.
  public init(joining parts: String...) {
    let count = parts.reduce(0) { $0 + $1.utf8.count }
    unsafe self.init(unsafeUninitializedCapacity: count) { buffer in
      var end = 0
      for part in parts {
        unsafe part.utf8.span.withUnsafeBufferPointer {
          let place = unsafe UnsafeMutableBufferPointer(rebasing: buffer[end..<end + $0.count])
          end += unsafe place.initialize(fromContentsOf: $0)
        }
      }
      return end
    }
  }
}
