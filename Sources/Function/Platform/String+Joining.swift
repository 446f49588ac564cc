extension String {
  /// The parts behind one another. An interpolation takes several times as long, because it grows its text part
  /// by part.
  public init(joining parts: String...) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(parts.reduce(0) { $0 + $1.utf8.count })
    for part in parts {
      unsafe part.utf8.span.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }
    self.init(decoding: bytes, as: UTF8.self)
  }
}
