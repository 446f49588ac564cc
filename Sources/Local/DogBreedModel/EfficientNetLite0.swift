/// The network: a convolution, 16 inverted residual blocks, a wider convolution, the mean over all pixels and a
/// matrix. The Lite variant has ReLU6 for swish, no squeeze-and-excite, and a stem and head of fixed width.
///
/// Sources: https://arxiv.org/abs/1905.11946 (table 1) and
/// https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite
struct EfficientNetLite0: Sendable {
  private let stem: PointwiseConvolution
  private let residuals: [InvertedResidual]
  private let head: PointwiseConvolution
  private let classifier: PointwiseConvolution
  private let classCount: Int

  private static let stages: [(repeats: Int, kernelSide: Int, step: Int, channels: Int)] = [
    (1, 3, 1, 16), (2, 3, 2, 24), (2, 5, 2, 40), (3, 3, 2, 80), (3, 5, 1, 112), (4, 5, 2, 192),
    (1, 3, 1, 320),
  ]
  private static let (stemChannels, headChannels) = (32, 1280)

  init(weights: WeightFile, classCount: Int) throws(ModelResourceError) {
    self.classCount = classCount
    let patch = Stem.kernelSide * Stem.kernelSide * 3
    stem = PointwiseConvolution(
      weights: try weights.values(
        of: "stem.weight", shape: [Stem.kernelSide, Stem.kernelSide, 3, Self.stemChannels]),
      bias: try weights.values(of: "stem.bias", shape: [Self.stemChannels]),
      inputChannels: patch, outputChannels: Self.stemChannels, activation: .relu6)
    var channels = Self.stemChannels
    var residuals = [InvertedResidual]()
    for stage in Self.stages {
      for index in 0..<stage.repeats {
        residuals.append(
          try InvertedResidual(
            weights, name: "blocks.\(residuals.count)", inputChannels: channels,
            outputChannels: stage.channels, expansion: residuals.isEmpty ? 1 : 6,
            kernelSide: stage.kernelSide, step: index == 0 ? stage.step : 1))
        channels = stage.channels
      }
    }
    self.residuals = residuals
    head = try weights.pointwise("head", from: channels, to: Self.headChannels, .relu6)
    classifier = try weights.pointwise("classifier", from: Self.headChannels, to: classCount, .none)
  }

  /// The logits of a 224×224 image.
  func logits(of image: RGBImage) -> [Float] {
    var map = stem(Stem.patches(of: image))
    for residual in residuals { map = residual(map) }
    map = classifier(Self.mean(head(map)))
    return (0..<classCount).map { map.blocks[$0 / 8][$0 % 8] }
  }

  /// The mean of each channel over all pixels.
  private static func mean(_ map: FeatureMap) -> FeatureMap {
    FeatureMap(side: 1, blockCount: map.blockCount) { output in
      let pixelCount = map.side * map.side
      for block in 0..<map.blockCount {
        var sum = FeatureMap.Block.zero
        for pixel in 0..<pixelCount { sum += map.blocks[pixel * map.blockCount + block] }
        output[block] = sum / Float(pixelCount)
      }
    }
  }
}

/// The first convolution, 3×3 with stride 2 on three channels, as a matrix product over patches of 27 numbers.
enum Stem {
  static let kernelSide = 3
  private static let step = 2
  private static let blockCount = 4  // 27 numbers filled up to 32

  /// Each output pixel's patch of the image, as (x - 127) / 128. Beyond the edge there is 0, not black.
  static func patches(of image: RGBImage) -> FeatureMap {
    let padding = SamePadding(inputSide: image.width, kernelSide: kernelSide, step: step)
    let side = padding.outputSide
    return FeatureMap(side: side, blockCount: blockCount) { output in
      output.initialize(repeating: .zero, count: side * side * blockCount)
      for y in 0..<side {
        for x in 0..<side {
          let patch = (y * side + x) * blockCount
          for row in padding.taps(at: y) {
            for column in padding.taps(at: x) {
              let pixel =
                (y * step - padding.before + row) * image.width + x * step - padding.before + column
              for channel in 0..<3 {
                let index = (row * kernelSide + column) * 3 + channel
                output[patch + index / 8][index % 8] =
                  (Float(image.pixels[3 * pixel + channel]) - 127) / 128
              }
            }
          }
        }
      }
    }
  }
}

/// Expand the channels, convolve each by itself, project to fewer; add the input where nothing changed its shape.
private struct InvertedResidual: Sendable {
  private let expand: PointwiseConvolution?
  private let depthwise: DepthwiseConvolution
  private let project: PointwiseConvolution
  private let isResidual: Bool

  init(
    _ weights: WeightFile, name: String, inputChannels: Int, outputChannels: Int, expansion: Int,
    kernelSide: Int, step: Int
  ) throws(ModelResourceError) {
    let inner = inputChannels * expansion
    expand =
      expansion == 1
      ? nil : try weights.pointwise("\(name).expand", from: inputChannels, to: inner, .relu6)
    depthwise = DepthwiseConvolution(
      weights: try weights.values(
        of: "\(name).depthwise.weight", shape: [kernelSide, kernelSide, inner]),
      bias: try weights.values(of: "\(name).depthwise.bias", shape: [inner]),
      kernelSide: kernelSide, step: step)
    project = try weights.pointwise("\(name).project", from: inner, to: outputChannels, .none)
    isResidual = step == 1 && inputChannels == outputChannels
  }

  func callAsFunction(_ input: FeatureMap) -> FeatureMap {
    let expanded = expand.map { $0(input) } ?? input
    return project(depthwise(expanded), adding: isResidual ? input : nil)
  }
}

extension WeightFile {
  fileprivate func pointwise(
    _ name: String, from inputChannels: Int, to outputChannels: Int, _ activation: Activation
  ) throws(ModelResourceError) -> PointwiseConvolution {
    PointwiseConvolution(
      weights: try values(of: "\(name).weight", shape: [inputChannels, outputChannels]),
      bias: try values(of: "\(name).bias", shape: [outputChannels]),
      inputChannels: inputChannels, outputChannels: outputChannels, activation: activation)
  }
}
