extension RGBImage {
  /// The image in another size by Pillow's `resize((width, height), BICUBIC)`, to the bit.
  ///
  /// Networks are sensitive to how their training images were resized; this one was trained on
  /// antialiased bicubic images. As in Pillow, each axis is a pass of its own, horizontal first, in
  /// fixed point, with an 8-bit image in between.
  /// Source: https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c
  ///
  /// - Returns: nil unless the result has at least one pixel, and neither it nor the image between
  ///   the passes more than `maximumPixelCount`.
  package func resized(width newWidth: Int, height newHeight: Int) -> RGBImage? {
    let sides = 1...Self.maximumPixelCount
    guard sides.contains(newWidth), sides.contains(newHeight),
      newWidth <= Self.maximumPixelCount / max(newHeight, height)
    else { return nil }
    return resized(
      width: newWidth, height: newHeight, columns: 0..<newWidth, rows: 0..<newHeight)
  }

  /// Part of the resized image. Nothing else of it is computed: of a banner of 20,000×1 pixels the whole
  /// would not fit in memory.
  func resized(
    width newWidth: Int, height newHeight: Int, columns: Range<Int>, rows: Range<Int>
  ) -> RGBImage {
    let horizontal = BicubicFilter(from: width, to: newWidth, outputs: columns)
    let vertical = BicubicFilter(from: height, to: newHeight, outputs: rows)
    return resizedHorizontally(by: horizontal, rows: vertical.inputs)
      .resizedVertically(by: vertical)
  }

  /// Columns by `filter`; of the rows only these, so that the first of them becomes row 0.
  private func resizedHorizontally(by filter: BicubicFilter, rows: Range<Int>) -> RGBImage {
    let newWidth = filter.outputCount
    var result = [UInt8](repeating: 0, count: newWidth * rows.count * 3)
    pixels.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { target in
        for y in rows {
          for x in 0..<newWidth {
            filter.apply(
              to: source, at: 3 * (y * width + filter.starts[x]), step: 3, output: x,
              into: target, at: 3 * ((y - rows.lowerBound) * newWidth + x))
          }
        }
      }
    }
    return RGBImage(width: newWidth, height: rows.count, trusted: result)
  }

  /// Rows by `filter`, whose first input row is this image's row 0.
  private func resizedVertically(by filter: BicubicFilter) -> RGBImage {
    let newHeight = filter.outputCount
    var result = [UInt8](repeating: 0, count: width * newHeight * 3)
    pixels.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { target in
        for y in 0..<newHeight {
          let row = filter.starts[y] - filter.inputs.lowerBound
          for x in 0..<width {
            filter.apply(
              to: source, at: 3 * (row * width + x), step: 3 * width, output: y,
              into: target, at: 3 * (y * width + x))
          }
        }
      }
    }
    return RGBImage(width: width, height: newHeight, trusted: result)
  }
}

/// For each wanted output position of one axis: the first input position that counts, and the weights of it
/// and its successors in fixed point. They sum to one, up to rounding.
private struct BicubicFilter {
  /// 32 bits, less 8 for the pixel, less 2 for sums that overshoot.
  private static let fractionBits: Int32 = 32 - 8 - 2

  /// All input positions that any of the outputs needs.
  let inputs: Range<Int>
  let starts: [Int]
  var outputCount: Int { starts.count }
  private let counts: [Int]
  private let weights: [Int32]
  private let stride: Int

  init(from inputSize: Int, to outputSize: Int, outputs: Range<Int>) {
    let scale = Double(inputSize) / Double(outputSize)
    let spread = max(scale, 1)  // a smaller image averages over more pixels; a larger one does not
    let support = 2 * spread
    stride = Int(support.rounded(.up)) * 2 + 1
    var (starts, counts) = ([Int](), [Int]())
    var weights = [Int32](repeating: 0, count: outputs.count * stride)
    for output in outputs {
      let center = (Double(output) + 0.5) * scale
      let start = Int(max(center - support + 0.5, 0))
      let count = Int(min(center + support + 0.5, Double(inputSize))) - start
      var taps = (0..<count).map {
        Self.bicubic((Double(start + $0) - center + 0.5) * (1 / spread))
      }
      let sum = taps.reduce(0, +)
      if sum != 0 { taps = taps.map { $0 / sum } }
      for (index, tap) in taps.enumerated() {
        // C's conversion truncates: half a unit away from zero first makes it round.
        let scaled = tap * Double(1 << Self.fractionBits)
        weights[starts.count * stride + index] = Int32(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
      }
      starts.append(start)
      counts.append(count)
    }
    // Both ends of the window move forward with the output.
    inputs = (starts.first ?? 0)..<(zip(starts, counts).map(+).last ?? 0)
    (self.starts, self.counts, self.weights) = (starts, counts, weights)
  }

  /// Keys' cubic convolution with a = -0.5.
  private static func bicubic(_ position: Double) -> Double {
    let a = -0.5
    let x = abs(position)
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
    return 0
  }

  /// One output pixel from the input pixels that begin at `offset` and lie `step` bytes apart.
  @inline(__always)
  func apply(
    to source: UnsafeBufferPointer<UInt8>, at offset: Int, step: Int, output: Int,
    into target: UnsafeMutableBufferPointer<UInt8>, at targetOffset: Int
  ) {
    let half: Int32 = 1 << (Self.fractionBits - 1)
    var (red, green, blue) = (half, half, half)
    var position = offset
    weights.withUnsafeBufferPointer { weights in
      for index in output * stride..<output * stride + counts[output] {
        red &+= Int32(source[position]) &* weights[index]
        green &+= Int32(source[position + 1]) &* weights[index]
        blue &+= Int32(source[position + 2]) &* weights[index]
        position += step
      }
    }
    target[targetOffset] = UInt8(clamping: red >> Self.fractionBits)
    target[targetOffset + 1] = UInt8(clamping: green >> Self.fractionBits)
    target[targetOffset + 2] = UInt8(clamping: blue >> Self.fractionBits)
  }
}
