import AWSControl
import Archives

/// A model's archive, checked before it becomes an endpoint.
///
/// SageMaker creates an endpoint from an archive without a model or without code, and finds out
/// minutes later, or never (`EndpointProbe`).
package struct ModelArchive: Sendable {
  /// A larger archive is not read.
  package static let maximumBytes = 2 << 30

  package let location: S3Location
  private let contents: Tar.Contents

  /// Reads the archive from S3 into memory, whole.
  ///
  /// - Throws: `AWSError` when it cannot be read; `Refusal` when it is not a `.tar.gz`, or damaged.
  package init(_ location: S3Location, with client: ControlClient) throws {
    self.location = location
    let bytes = try client.readObject(location, maximumBytes: Self.maximumBytes)
    do {
      contents = try Tar.contents(
        ofGzip: bytes, keeping: [Self.labels: ModelLabels.maximumBytes])
    } catch let error as ArchiveError {
      throw Refusal("\(location) is not a model.tar.gz: \(error)")
    }
  }

  private static let labels = "labels.txt"

  /// The classes.
  ///
  /// - Throws: `Refusal` when there are none, or the file is not a list of labels.
  package func modelLabels() throws(Refusal) -> ModelLabels {
    guard let bytes = contents.files[Self.labels] else {
      throw Refusal(
        "\(location) has no labels.txt",
        advice:
          "train.py writes one; with another script use --no-labels and give the function "
          + "the names with ./build-zip.sh --labels FILE")
    }
    return try ModelLabels(bytes: bytes, place: "labels.txt in \(location)")
  }

  /// Checks that AWS's PyTorch container can find the model and the code that loads it.
  ///
  /// - Parameter program: the script below `code/`, `SAGEMAKER_PROGRAM` of the container.
  /// - Throws: `Refusal` that names what is missing, and where it is instead.
  package func requireServable(program: String = "inference.py") throws(Refusal) {
    for name in ["model.pth", "code/\(program)"] {
      guard let size = contents.sizes[name] else { throw missing(name) }
      guard size > 0 else { throw Refusal("\(name) in \(location) is empty") }
    }
  }

  /// What is known to fail when a serverless endpoint loads the model.
  ///
  /// Source: https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
  package func serverlessWarnings(memoryMegabytes: Int) -> [String] {
    var warnings: [String] = []
    let megabytes = contents.sizes.values.reduce(0, +) >> 20
    if megabytes > memoryMegabytes {
      warnings.append(
        "\(location) unpacks to \(megabytes) MB, more than the \(memoryMegabytes) MB of memory")
    }
    if contents.sizes["code/requirements.txt"] ?? 0 > 0 {
      warnings.append(
        "code/requirements.txt in \(location) is installed at each cold start, for which a serverless endpoint may "
          + "have no space (aws/sagemaker-python-sdk#4665): build the packages into an image instead"
      )
    }
    return warnings
  }

  private func missing(_ name: String) -> Refusal {
    // The usual mistake: the folder was packed instead of its contents.
    let elsewhere = contents.sizes.keys.sorted().first { $0.hasSuffix("/\(name)") }
    let found =
      elsewhere.map { "it is at \($0)" }
      ?? "it has \(contents.sizes.isEmpty ? "no files" : contents.sizes.keys.sorted().prefix(8).joined(separator: ", "))"
    return Refusal(
      "\(location) has no \(name) and could not serve: \(found)",
      advice: "Use the model.tar.gz of train.py, or pack the contents of the model's folder: "
        + "tar -C MODEL -czf model.tar.gz . For another container use --no-archive-check")
  }
}
