import ArgumentParser
import AWSControl
import Endpoints
import Foundation

/// How a model is checked before it is hosted and after it is InService.
struct ModelCheckOptions: ParsableArguments {
  @Flag(
    help: "Do not require model.pth and code/inference.py in the archive, for another container.")
  var noArchiveCheck = false

  @Flag(help: "Do not invoke the endpoint before success is reported.")
  var noProbe = false

  @Option(
    help: ArgumentHelp(
      "Photograph to invoke the endpoint with, at most 6 MB (default: a built-in JPEG).",
      valueName: "file"))
  var photograph: String?

  @Option(
    help: ArgumentHelp(
      "Content type of that invocation, for example application/x-image.", valueName: "type"))
  var photographType = "image/jpeg"

  var check: ModelCheck {
    ModelCheck(
      checksArchive: !noArchiveCheck, probes: !noProbe, photograph: photograph,
      contentType: photographType)
  }
}

/// The check of a model before it is hosted, and the invocation after.
struct ModelCheck {
  /// The toolkit's variable with the name of the script.
  static let programVariable = "SAGEMAKER_PROGRAM"
  private static let maximumPhotographBytes = 6_291_456

  var checksArchive = true
  var probes = true
  var photograph: String?
  var contentType = "image/jpeg"

  /// Reads the archive once: whether it can serve, and its classes.
  ///
  /// - Parameters:
  ///   - program: the script's name; nil is train.py's `inference.py`.
  ///   - isOwnImage: whether the container is the user's, whose archive may hold anything.
  /// - Returns: nil without labels.
  /// - Throws: `Refusal` when it could not serve, or has no labels.
  func archive(
    _ location: S3Location, program: String?, isOwnImage: Bool, needsLabels: Bool,
    with client: ControlClient
  ) throws -> ModelLabels? {
    let isChecked = checksArchive && !isOwnImage
    // Read before anything is created: also that a file given for the probe can be read.
    _ = try photographBytes()
    guard isChecked || needsLabels else { return nil }
    let archive = try ModelArchive(location, with: client)
    if isChecked { try archive.requireServable(program: program ?? "inference.py") }
    return needsLabels ? try archive.modelLabels() : nil
  }

  /// Invokes the endpoint once.
  ///
  /// - Throws: `Refusal` when the model does not answer as a classifier; `AWSError`.
  func invoke(
    _ endpointName: String, variant: String?, classes: ModelLabels?, in session: Session
  ) throws {
    guard probes else { return }
    var probe = EndpointProbe(
      endpointName: endpointName, variant: variant, classCount: classes?.names.count)
    if let bytes = try photographBytes() { probe.image = bytes }
    probe.contentType = contentType
    try probe.run(with: session.client())
    session.note("The model answered to a photograph")
  }

  private func photographBytes() throws -> [UInt8]? {
    guard let photograph else { return nil }
    guard let data = FileManager.default.contents(atPath: photograph), !data.isEmpty else {
      throw Refusal("--photograph \(photograph) cannot be read, or is empty")
    }
    guard data.count <= Self.maximumPhotographBytes else {
      throw Refusal(
        "--photograph \(photograph) has \(data.count) bytes; SageMaker accepts \(Self.maximumPhotographBytes)"
      )
    }
    return [UInt8](data)
  }
}
