/// The output of one layer and input of the next: a square of pixels, each with channels in blocks
/// of eight.
///
/// Height, width, channel: the channels of a pixel are adjacent, so eight of them fill a vector
/// register or two. Every channel count of EfficientNet-Lite0 is a multiple of eight.
struct FeatureMap {
  /// Eight adjacent channels.
  typealias Block = SIMD8<Float>

  let side: Int
  let blockCount: Int
  /// `side` × `side` × `blockCount`.
  let blocks: [Block]

  /// A map whose blocks `fill` writes, every one of them.
  init(side: Int, blockCount: Int, fill: (UnsafeMutablePointer<Block>) -> Void) {
    self.side = side
    self.blockCount = blockCount
    let count = side * side * blockCount
    blocks = [Block](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      if let start = buffer.baseAddress { fill(start) }
      initializedCount = count
    }
  }
}

/// What follows a convolution.
enum Activation {
  case none
  /// Values below 0 become 0, values above 6 become 6.
  case relu6

  @inline(__always)
  func callAsFunction(_ block: FeatureMap.Block) -> FeatureMap.Block {
    switch self {
    case .none: block
    case .relu6:
      block.replacing(with: 0, where: block .< 0).replacing(with: 6, where: block .> 6)
    }
  }
}
