/// A convolution of one pixel by one: the product of each pixel's channels with a matrix, plus the bias.
///
/// Nine tenths of the network's 400 million multiply-adds happen here.
struct PointwiseConvolution: Sendable {
  typealias Block = FeatureMap.Block

  private let inputBlockCount: Int
  private let outputBlockCount: Int
  /// By output block, then input channel: what the innermost loop reads lies in a row.
  private let weights: [Block]
  private let bias: [Block]
  private let activation: Activation

  /// Weights as input channel by output channel. Both counts are filled up with zeros to whole blocks.
  init(
    weights values: [Float], bias biasValues: [Float], inputChannels: Int, outputChannels: Int,
    activation: Activation
  ) {
    inputBlockCount = (inputChannels + 7) / 8
    outputBlockCount = (outputChannels + 7) / 8
    var weights = [Block](repeating: .zero, count: outputBlockCount * inputBlockCount * 8)
    for input in 0..<inputChannels {
      for block in 0..<outputBlockCount {
        weights[block * inputBlockCount * 8 + input] =
          Self.block(block, of: values[input * outputChannels..<(input + 1) * outputChannels])
      }
    }
    let bias = (0..<outputBlockCount).map { Self.block($0, of: biasValues[...]) }
    (self.weights, self.bias, self.activation) = (weights, bias, activation)
  }

  /// The block of this index in a row of channels, with zeros beyond its end.
  private static func block(_ index: Int, of row: ArraySlice<Float>) -> Block {
    var block = Block.zero
    let start = row.startIndex + index * 8
    for position in start..<min(start + 8, row.endIndex) { block[position - start] = row[position] }
    return block
  }

  /// The product, and `residual` added to it if given.
  func callAsFunction(_ input: FeatureMap, adding residual: FeatureMap? = nil) -> FeatureMap {
    FeatureMap(side: input.side, blockCount: outputBlockCount) { output in
      input.blocks.withUnsafeBytes { input in
        multiply(input.assumingMemoryBound(to: Float.self), into: output)
      }
      if let residual {
        for index in residual.blocks.indices { output[index] += residual.blocks[index] }
      }
    }
  }

  /// Takes as many pixels at once as stay in the processor's first cache while all output blocks use them.
  private func multiply(
    _ input: UnsafeBufferPointer<Float>, into output: UnsafeMutablePointer<Block>
  ) {
    guard let input = input.baseAddress.map({ ($0, input.count) }) else { return }
    let inputChannels = inputBlockCount * 8
    let pixelCount = input.1 / inputChannels
    let tile = max(4, 8192 / inputChannels / 4 * 4)
    weights.withUnsafeBufferPointer { weights in
      for tileStart in stride(from: 0, to: pixelCount, by: tile) {
        let tileEnd = min(tileStart + tile, pixelCount)
        for block in 0..<outputBlockCount {
          multiplyTile(
            input.0, pixels: tileStart..<tileEnd,
            weights: weights.baseAddress.unsafelyUnwrapped + block * inputChannels,
            block: block, into: output)
        }
      }
    }
  }

  /// One block of output channels for a range of pixels, four at a time: eight running sums and
  /// their operands fit the 16 vector registers of any x86-64 processor.
  private func multiplyTile(
    _ input: UnsafePointer<Float>, pixels: Range<Int>, weights: UnsafePointer<Block>, block: Int,
    into output: UnsafeMutablePointer<Block>
  ) {
    let channels = inputBlockCount * 8
    var pixel = pixels.lowerBound
    while pixel + 4 <= pixels.upperBound {
      let first = input + pixel * channels
      var (sum0, sum1, sum2, sum3) = (bias[block], bias[block], bias[block], bias[block])
      for channel in 0..<channels {
        let weight = weights[channel]
        sum0 += first[channel] * weight
        sum1 += first[channel + channels] * weight
        sum2 += first[channel + 2 * channels] * weight
        sum3 += first[channel + 3 * channels] * weight
      }
      let target = output + pixel * outputBlockCount + block
      target[0] = activation(sum0)
      target[outputBlockCount] = activation(sum1)
      target[2 * outputBlockCount] = activation(sum2)
      target[3 * outputBlockCount] = activation(sum3)
      pixel += 4
    }
    while pixel < pixels.upperBound {
      var sum = bias[block]
      for channel in 0..<channels {
        sum += input[pixel * channels + channel] * weights[channel]
      }
      output[pixel * outputBlockCount + block] = activation(sum)
      pixel += 1
    }
  }
}
