import Foundation

/// EfficientNet-Lite0, the part that knows the 118 dog breeds of ImageNet-1k (its indices 151...268).
///
/// The model of the local endpoint, instead of a container: it classifies the bytes that it receives.
/// Weights, names, their provenance and licenses: README.md of this folder. A value is immutable, so
/// any number of threads may use one; each call runs on the caller's thread alone.
package struct DogBreedModel: Sendable {
  /// The number of breeds, and so of logits.
  package static let classCount = 118

  /// Width and height of the network's input in pixels.
  package static let inputSide = 224

  /// A file with one name per line, in the order of the logits, as the function's `CLASS_LABELS`.
  package static let classNamesPath = Bundle.module.bundleURL
    .appendingPathComponent("dog-class-names.txt").path

  /// The 118 names in the order of the logits, such as `German shepherd`.
  ///
  /// Empty if the resource cannot be read; `init()` then throws.
  package static let classNames: [String] = {
    guard let text = try? String(contentsOfFile: classNamesPath, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").map(String.init)
  }()

  private let network: EfficientNetLite0

  /// Loads the weights (7 MB of fp16, 14 MB in memory); make one value and keep it.
  ///
  /// - Throws: `ModelResourceError` when a resource is missing or not as the converter wrote it.
  package init() throws(ModelResourceError) {
    guard Self.classNames.count == Self.classCount else {
      throw ModelResourceError("\(Self.classNamesPath) does not hold \(Self.classCount) names")
    }
    let weights = try WeightFile(
      contentsOf: Bundle.module.bundleURL
        .appendingPathComponent("efficientnet-lite0-dogs.safetensors"))
    network = try EfficientNetLite0(weights: weights, classCount: Self.classCount)
  }

  /// The 118 logits (not probabilities) of a JPEG or PNG file, in the order of `classNames`.
  ///
  /// The image is rotated by its EXIF orientation; `networkInput(of:)` selects the part that counts.
  ///
  /// - Throws: `ImageFileError` when the bytes are not a whole image of the sizes that `RGBImage` allows.
  package func logits(file bytes: [UInt8]) throws(ImageFileError) -> [Float] {
    logits(of: try RGBImage(file: bytes))
  }

  /// The 118 logits (not probabilities) of an image of any size, in the order of `classNames`.
  package func logits(of image: RGBImage) -> [Float] {
    network.logits(of: Self.networkInput(of: image))
  }

  /// What the network sees of an image: the shorter side resized to 256 pixels, the longer one in proportion,
  /// and of that the middle 224×224, as ImageNet classifiers are usually evaluated.
  ///
  /// Same sizes and offsets as torchvision's `Resize(256)` and `CenterCrop(224)`.
  package static func networkInput(of image: RGBImage) -> RGBImage {
    let shorter = min(image.width, image.height)
    let (width, height) = (
      resizedShorterSide * image.width / shorter, resizedShorterSide * image.height / shorter
    )
    return image.resized(
      width: width, height: height, columns: middle(of: width), rows: middle(of: height))
  }

  private static let resizedShorterSide = 256

  private static func middle(of size: Int) -> Range<Int> {
    let start = Int((Double(size - inputSide) / 2).rounded(.toNearestOrEven))
    return start..<start + inputSide
  }
}

/// A resource of this module is missing or damaged.
package struct ModelResourceError: Error, Equatable, CustomStringConvertible {
  /// What is wrong with which file or tensor.
  package let description: String

  init(_ description: String) {
    self.description = description
  }
}
