/// A convolution of each channel with a small square of its own, ReLU6 after it.
struct DepthwiseConvolution: Sendable {
  typealias Block = FeatureMap.Block

  private let kernelSide: Int
  private let step: Int
  private let blockCount: Int
  /// By row, column, block.
  private let weights: [Block]
  private let bias: [Block]

  /// Weights as row, column, channel; `step` (the stride) is 1 or 2; a multiple of eight channels.
  init(weights: [Float], bias: [Float], kernelSide: Int, step: Int) {
    self.kernelSide = kernelSide
    self.step = step
    blockCount = bias.count / 8
    self.weights = Self.blocks(of: weights)
    self.bias = Self.blocks(of: bias)
  }

  private static func blocks(of values: [Float]) -> [Block] {
    stride(from: 0, to: values.count, by: 8).map { Block(values[$0..<$0 + 8]) }
  }

  func callAsFunction(_ input: FeatureMap) -> FeatureMap {
    let padding = SamePadding(inputSide: input.side, kernelSide: kernelSide, step: step)
    return FeatureMap(side: padding.outputSide, blockCount: blockCount) { output in
      input.blocks.withUnsafeBufferPointer { input in
        weights.withUnsafeBufferPointer { weights in
          var target = output
          for y in 0..<padding.outputSide {
            let rows = padding.taps(at: y)
            for x in 0..<padding.outputSide {
              convolve(
                input, rows: rows, columns: padding.taps(at: x),
                first: (y * step - padding.before) * padding.inputSide + x * step - padding.before,
                rowLength: padding.inputSide, weights, into: target)
              target += blockCount
            }
          }
        }
      }
    }
  }

  /// One output pixel. `first` is the input pixel under the kernel's corner, which may lie outside the image;
  /// `rows` and `columns` are the parts of the kernel that do not.
  private func convolve(
    _ input: UnsafeBufferPointer<Block>, rows: Range<Int>, columns: Range<Int>, first: Int,
    rowLength: Int, _ weights: UnsafeBufferPointer<Block>, into output: UnsafeMutablePointer<Block>
  ) {
    for block in 0..<blockCount {
      var sum = bias[block]
      for row in rows {
        let inputRow = (first + row * rowLength) * blockCount + block
        let weightRow = row * kernelSide * blockCount + block
        for column in columns {
          sum += input[inputRow + column * blockCount] * weights[weightRow + column * blockCount]
        }
      }
      output[block] = Activation.relu6(sum)
    }
  }
}

/// TensorFlow's "SAME" padding of one axis: zeros around the input, so that there is an output for each `step`
/// inputs; when their number is odd, the extra one is behind.
struct SamePadding {
  let inputSide: Int
  let outputSide: Int
  let before: Int
  private let kernelSide: Int
  private let step: Int

  init(inputSide: Int, kernelSide: Int, step: Int) {
    self.inputSide = inputSide
    self.kernelSide = kernelSide
    self.step = step
    outputSide = (inputSide + step - 1) / step
    before = max((outputSide - 1) * step + kernelSide - inputSide, 0) / 2
  }

  /// Which of the kernel's positions lie within the input for an output position.
  func taps(at output: Int) -> Range<Int> {
    let corner = output * step - before
    return max(0, -corner)..<min(kernelSide, inputSide - corner)
  }
}
