import ArgumentParser
import AWSControl
import Training

extension Hyperparameters.Architecture: ExpressibleByArgument {}

/// The network and its training.
struct NetworkOptions: ParsableArguments {
  @Option(help: "Network architecture.")
  var architecture = Hyperparameters.Architecture.resnet50

  @Flag(help: "Train only the head, on features that are computed once.")
  var freezeBackbone = false

  @Option(help: "Number of passes over the training photographs, 1 to 10000.")
  var epochs = 20

  @Option(
    help:
      "Epochs without a lower validation loss before training stops; 0 to never stop (default: 5).")
  var patience: Int?

  @Option(help: "Seed of the random numbers, for repeatable runs (default: 0).")
  var seed: Int?

  func validate() throws {
    guard (1...10_000).contains(epochs) else {
      throw ValidationError("--epochs must be 1 to 10000, not \(epochs).")
    }
    for (name, value) in [("--patience", patience), ("--seed", seed)] {
      if let value, value < 0 { throw ValidationError("\(name) must be at least 0, not \(value).") }
    }
  }

  var hyperparameters: Hyperparameters {
    var values = Hyperparameters()
    values.architecture = architecture
    values.freezesBackbone = freezeBackbone
    values.epochs = epochs
    values.patience = patience
    values.seed = seed
    return values
  }
}

/// The optimizer's step, which a search determines itself.
struct StepOptions: ParsableArguments {
  @Option(help: "Number of photographs in a step, 1 to 4096 (default: 32).")
  var batchSize: Int?

  @Option(
    help:
      "Learning rate of the first epoch, above 0 and at most 10; decays to 0 along a cosine (default: 0.01)."
  )
  var learningRate: Double?

  func validate() throws {
    if let batchSize, !(1...4096).contains(batchSize) {
      throw ValidationError("--batch-size must be 1 to 4096, not \(batchSize).")
    }
    if let learningRate, !(learningRate > 0 && learningRate <= 10) {
      throw ValidationError("--learning-rate must be above 0 and at most 10.")
    }
  }

  func apply(to values: Hyperparameters) -> Hyperparameters {
    var values = values
    values.batchSize = batchSize
    values.learningRate = learningRate
    return values
  }
}

/// A SageMaker job: data, output, machine, limits.
struct JobOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Photographs, a folder for each class.", valueName: "s3://bucket/prefix")
  )
  var data: String

  @Option(
    name: .customLong("output-uri"),
    help: ArgumentHelp(
      "Destination of code, models and checkpoints.", valueName: "s3://bucket/prefix"))
  var outputURI: S3Location

  @Option(
    help: ArgumentHelp(
      "Separate validation photographs (default: a part of --data).",
      valueName: "s3://bucket/prefix"))
  var validationData: S3Location?

  @Option(
    help: ArgumentHelp(
      "Separate test photographs (default: a part of --data).", valueName: "s3://bucket/prefix"))
  var testData: S3Location?

  @Option(
    help: ArgumentHelp(
      "Pretrained weights for containers without internet access, or none.",
      valueName: "s3://bucket/key"))
  var weights: String?

  @Option(help: ArgumentHelp("Instance type, for example ml.g4dn.xlarge.", valueName: "type"))
  var instanceType = "ml.g4dn.xlarge"

  @Option(
    name: .customLong("volume-gb"),
    help: ArgumentHelp(
      "Disk size in GB, 1 to 16384 (default: 20 GB plus twice the data, at least 30).",
      valueName: "gb"))
  var volumeGigabytes: Int?

  @Option(help: ArgumentHelp("Time limit of the job in minutes, 1 to 40320.", valueName: "minutes"))
  var maxRuntimeMinutes = 1440

  @Flag(help: "Use managed spot: cheaper, may be interrupted, resumes from checkpoints.")
  var spot = false

  @Option(
    help: ArgumentHelp(
      "With --spot: time limit including waits for capacity (default: twice the run time).",
      valueName: "minutes"))
  var maxWaitMinutes: Int?

  @Option(help: ArgumentHelp("KMS key of code and model in S3.", valueName: "key"))
  var kmsKey: String?

  @Option(
    help: ArgumentHelp(
      "KMS key of the disk; not for types with local disks (ml.g4dn).", valueName: "key"))
  var volumeKmsKey: String?

  @OptionGroup var placement: PlacementOptions

  func validate() throws {
    guard S3Location(data) != nil else {
      throw ValidationError(
        "--data must be s3://bucket/prefix, not \(data). Upload a folder with "
          + "`aws s3 sync FOLDER s3://bucket/prefix`, or use `train local`.")
    }
    try refuseOutput(
      outputURI,
      inside: [
        ("--data", S3Location(data)), ("--validation-data", validationData),
        ("--test-data", testData),
      ])
    guard (1...40_320).contains(maxRuntimeMinutes) else {
      throw ValidationError("--max-runtime-minutes must be 1 to 40320 (28 days).")
    }
    if let maxWaitMinutes {
      guard spot else { throw ValidationError("--max-wait-minutes requires --spot.") }
      guard maxWaitMinutes >= maxRuntimeMinutes else {
        throw ValidationError("--max-wait-minutes must be at least --max-runtime-minutes.")
      }
    }
    if let volumeGigabytes, !(1...16_384).contains(volumeGigabytes) {
      throw ValidationError("--volume-gb must be 1 to 16384.")
    }
    if let weights, weights != "none", S3Location(weights) == nil {
      throw ValidationError("--weights must be s3://bucket/key or none, not \(weights).")
    }
    guard instanceType.hasPrefix("ml.") else {
      throw ValidationError("--instance-type must be a SageMaker type such as ml.g4dn.xlarge.")
    }
  }

  func settings(_ hyperparameters: Hyperparameters) throws -> JobSettings {
    let role = try placement.requiredRole()
    guard let location = S3Location(data) else {
      throw ValidationError("--data must be s3://bucket/prefix.")
    }
    var settings = JobSettings(data: location, output: outputURI, roleARN: role)
    settings.validation = validationData
    settings.test = testData
    settings.weights = weights.flatMap { S3Location($0) }
    settings.hyperparameters = hyperparameters
    if weights == "none" { settings.hyperparameters.weights = "none" }
    settings.instanceType = instanceType
    settings.image = placement.image
    settings.volumeGigabytes = volumeGigabytes
    settings.maximumRuntimeSeconds = maxRuntimeMinutes * 60
    settings.maximumWaitSeconds = spot ? (maxWaitMinutes ?? 2 * maxRuntimeMinutes) * 60 : nil
    settings.network = placement.network
    settings.isNetworkIsolated = placement.networkIsolation
    settings.kmsKeyID = kmsKey
    settings.volumeKMSKeyID = volumeKmsKey
    settings.tags = placement.tags
    return settings
  }
}

/// Code and checkpoints below the photographs are downloaded with them, and are a class without photographs to
/// train.py.
func refuseOutput(_ output: S3Location, inside inputs: [(name: String, location: S3Location?)])
  throws
{
  for case (let name, let location?) in inputs where location.contains(output) {
    throw ValidationError(
      "--output-uri \(output) is inside \(name) \(location): the job would read its own files as a class. Use a prefix beside it."
    )
  }
}

/// Options of a run on this machine.
struct LocalOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Photographs: a folder for each class, such folders in train, valid and test, or a CSV of file and label.",
      valueName: "dir"))
  var data: String

  @Option(help: ArgumentHelp("Folder for the results.", valueName: "dir"))
  var outputDir = "training"

  @Option(help: "Device: auto, cpu or gpu.")
  var device = "auto"

  @Option(
    help: ArgumentHelp(
      "Python interpreter with torch, instead of the first that can train.", valueName: "path"))
  var python: String?

  @Option(
    help: ArgumentHelp(
      "Folder of the virtual environment (default: inferencectl/training-venv in the user's cache).",
      valueName: "dir"))
  var environment: String?

  @Option(
    help: ArgumentHelp(
      "Index of torch and torchvision, should they have to be installed (default: PyTorch's for processors, "
        + "or pip's own with an NVIDIA GPU).", valueName: "url"))
  var torchIndex: String?

  @Option(
    help: ArgumentHelp(
      "File of pretrained weights, or none to start with random weights.", valueName: "file"))
  var weights: String?

  func validate() throws {
    guard ["auto", "cpu", "gpu"].contains(device) else {
      throw ValidationError("--device must be auto, cpu or gpu, not \(device).")
    }
  }
}
