import Foundation

/// Draws exponential variates of mean 1 by the ziggurat method: 256 layers of equal area under exp(-x), so that
/// 98.9 % of the draws cost one multiplication and one comparison.
///
/// Source: Marsaglia and Tsang, "The ziggurat method for generating random variables", 2000.
struct ExponentialTable: ~Copyable {
  private static let layers = 256
  /// Where the tail begins, and the area of each layer, for 256 layers.
  private static let tail = 7.69711747013104972
  private static let area = 0.0039496598225815571993

  private let widths: Buffer<Double>
  private let heights: Buffer<Double>

  init() {
    var widths = [Self.area / exp(-Self.tail), Self.tail]
    while widths.count < Self.layers {
      let width = widths[widths.count - 1]
      widths.append(-log(Self.area / width + exp(-width)))
    }
    widths.append(0)
    self.widths = Buffer(widths)
    heights = Buffer(widths.map { exp(-$0) })
  }

  @inline(__always)
  func draw(_ random: inout RandomBits) -> Double {
    let bits = random.next()
    let layer = Int(bits & 255)
    let value = Double(bits >> 11) * 0x1p-53 * widths[layer]
    return value < widths[layer + 1] ? value : drawFromEdge(layer, value, &random)
  }

  @inline(never)
  private func drawFromEdge(_ layer: Int, _ value: Double, _ random: inout RandomBits) -> Double {
    // The lowest layer's rest is the tail, which has the shape of the whole.
    if layer == 0 { return Self.tail + draw(&random) }
    let height = heights[layer] + random.nextFraction() * (heights[layer + 1] - heights[layer])
    return height < exp(-value) ? value : draw(&random)
  }
}
