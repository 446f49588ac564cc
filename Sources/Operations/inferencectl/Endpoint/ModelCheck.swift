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
      "Photograph to invoke the endpoint with, at most 6 MB, 4 MB if serverless (default: a built-in JPEG).",
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
  private static let maximumServerlessBytes = 4_194_304

  var checksArchive = true
  var probes = true
  var photograph: String?
  var contentType = "image/jpeg"

  /// Reads the archive once: whether it can serve, and its classes.
  ///
  /// - Parameters:
  ///   - program: the script's name; nil is train.py's `inference.py`.
  ///   - isOwnImage: whether the container is the user's, whose archive may hold anything.
  ///   - serverless: nil for an endpoint of instances.
  /// - Returns: the labels, nil without, and warnings.
  /// - Throws: `Refusal` when it could not serve, or has no labels.
  func archive(
    _ location: S3Location, program: String?, isOwnImage: Bool, needsLabels: Bool,
    serverless: ServerlessConfiguration?, with client: ControlClient
  ) throws -> (ModelLabels?, warnings: [String]) {
    let isChecked = checksArchive && !isOwnImage
    // Read before anything is created: also that a file given for the probe can be read.
    _ = try photographBytes(isServerless: serverless != nil)
    guard isChecked || needsLabels else { return (nil, []) }
    let archive = try ModelArchive(location, with: client)
    if isChecked { try archive.requireServable(program: program ?? "inference.py") }
    return (
      needsLabels ? try archive.modelLabels() : nil,
      serverless.map { archive.serverlessWarnings(memoryMegabytes: $0.memoryMegabytes) } ?? []
    )
  }

  /// Invokes the endpoint once. An asynchronous one is not: it takes no other requests, and the
  /// function would get an answer that is not its own.
  ///
  /// - Throws: `Refusal` when the model does not answer as a classifier; `AWSError`.
  func invoke(
    _ endpointName: String, variant: String?, kind: EndpointKind, classes: ModelLabels?,
    in session: Session
  ) throws {
    guard probes else { return }
    guard kind != .asynchronous else {
      return session.note(
        "Not invoked: an asynchronous endpoint answers through S3. To check its model, upload a photograph"
      )
    }
    var probe = EndpointProbe(
      endpointName: endpointName, variant: variant, classCount: classes?.names.count)
    if let bytes = try photographBytes(isServerless: kind == .serverless) { probe.image = bytes }
    // A cold start, and the model behind it.
    if kind == .serverless { probe.attemptMilliseconds = 250_000 }
    probe.contentType = contentType
    try probe.run(with: session.client())
    session.note("The model answered to a photograph")
  }

  private func photographBytes(isServerless: Bool) throws -> [UInt8]? {
    guard let photograph else { return nil }
    guard let data = FileManager.default.contents(atPath: photograph), !data.isEmpty else {
      throw Refusal("--photograph \(photograph) cannot be read, or is empty")
    }
    let limit = isServerless ? Self.maximumServerlessBytes : Self.maximumPhotographBytes
    guard data.count <= limit else {
      throw Refusal(
        "--photograph \(photograph) has \(data.count) bytes; "
          + "\(isServerless ? "a serverless endpoint" : "SageMaker") accepts \(limit)")
    }
    return [UInt8](data)
  }
}
