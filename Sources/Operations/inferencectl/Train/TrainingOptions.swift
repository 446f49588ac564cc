import ArgumentParser
import AWSControl
import Training

extension Hyperparameters.Architecture: ExpressibleByArgument {}

/// The network and how long it learns.
struct NetworkOptions: ParsableArguments {
  @Option(help: "The network.")
  var architecture = Hyperparameters.Architecture.resnet50

  @Flag(help: "Train the head alone, on features that are computed once.")
  var freezeBackbone = false

  @Option(help: "Passes over the training photographs.")
  var epochs = 20

  @Option(help: "Stop after so many epochs without a lower validation loss; 0: never (default: 5).")
  var patience: Int?

  @Option(help: "Makes the run repeatable (default: 0).")
  var seed: Int?

  func validate() throws {
    guard (1...10_000).contains(epochs) else {
      throw ValidationError("--epochs wants 1 to 10000, not \(epochs).")
    }
    for (name, value) in [("--patience", patience), ("--seed", seed)] {
      if let value, value < 0 { throw ValidationError("\(name) wants 0 or more, not \(value).") }
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

/// The step of the optimiser; a search finds these by itself.
struct StepOptions: ParsableArguments {
  @Option(help: "Photographs a step (default: 32).")
  var batchSize: Int?

  @Option(help: "Of the first epoch; falls to 0 along a cosine (default: 0.01).")
  var learningRate: Double?

  func validate() throws {
    if let batchSize, !(1...4096).contains(batchSize) {
      throw ValidationError("--batch-size wants 1 to 4096, not \(batchSize).")
    }
    if let learningRate, !(learningRate > 0 && learningRate <= 10) {
      throw ValidationError("--learning-rate wants a number above 0 and at most 10.")
    }
  }

  func apply(to values: Hyperparameters) -> Hyperparameters {
    var values = values
    values.batchSize = batchSize
    values.learningRate = learningRate
    return values
  }
}

/// A job of SageMaker's: data, place, machine, limits.
struct JobOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The photographs, a folder for each class.", valueName: "s3://bucket/prefix")
  )
  var data: String

  @Option(
    name: .customLong("output-uri"),
    help: ArgumentHelp(
      "Where code, models and checkpoints go.", valueName: "s3://bucket/prefix"))
  var outputURI: S3Location

  @Option(
    help: ArgumentHelp("Validation photographs of their own.", valueName: "s3://bucket/prefix"))
  var validationData: S3Location?

  @Option(help: ArgumentHelp("Test photographs of their own.", valueName: "s3://bucket/prefix"))
  var testData: S3Location?

  @Option(
    help: ArgumentHelp(
      "Pretrained weights, for containers without internet; or none.",
      valueName: "s3://bucket/key"))
  var weights: String?

  @Option(help: ArgumentHelp("The training instance.", valueName: "type"))
  var instanceType = "ml.g4dn.xlarge"

  @Option(
    name: .customLong("volume-gb"),
    help: ArgumentHelp(
      "The disk (default: 20 GB and twice the data, 30 at least).", valueName: "gb"))
  var volumeGigabytes: Int?

  @Option(help: ArgumentHelp("The job is ended after so long.", valueName: "minutes"))
  var maxRuntimeMinutes = 1440

  @Flag(help: "Managed spot: cheaper, may be interrupted; checkpoints make it go on.")
  var spot = false

  @Option(
    help: ArgumentHelp(
      "With --spot: the limit with the waits for capacity (default: twice the run time).",
      valueName: "minutes"))
  var maxWaitMinutes: Int?

  @Option(help: ArgumentHelp("Encrypts code and model in S3.", valueName: "key"))
  var kmsKey: String?

  @Option(
    help: ArgumentHelp(
      "Encrypts the disk; not for types with disks of their own (ml.g4dn).", valueName: "key"))
  var volumeKmsKey: String?

  @OptionGroup var placement: PlacementOptions

  func validate() throws {
    guard S3Location(data) != nil else {
      throw ValidationError(
        "--data wants s3://bucket/prefix, not \(data). Upload a folder with "
          + "`aws s3 sync FOLDER s3://bucket/prefix`, or use `train local`.")
    }
    guard (1...40_320).contains(maxRuntimeMinutes) else {
      throw ValidationError("--max-runtime-minutes wants 1 to 40320 (28 days).")
    }
    if let maxWaitMinutes {
      guard spot else { throw ValidationError("--max-wait-minutes goes with --spot.") }
      guard maxWaitMinutes >= maxRuntimeMinutes else {
        throw ValidationError("--max-wait-minutes must not be less than --max-runtime-minutes.")
      }
    }
    if let volumeGigabytes, !(1...16_384).contains(volumeGigabytes) {
      throw ValidationError("--volume-gb wants 1 to 16384.")
    }
    if let weights, weights != "none", S3Location(weights) == nil {
      throw ValidationError("--weights wants s3://bucket/key or none, not \(weights).")
    }
    guard instanceType.hasPrefix("ml.") else {
      throw ValidationError("--instance-type wants a SageMaker type, as ml.g4dn.xlarge.")
    }
  }

  func settings(_ hyperparameters: Hyperparameters) throws -> JobSettings {
    let role = try placement.requiredRole()
    guard let location = S3Location(data) else { throw ValidationError("--data is no s3://…") }
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

/// A Python of this machine.
struct LocalOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A folder of photographs for each class.", valueName: "dir"))
  var data: String

  @Option(help: ArgumentHelp("Where the results go.", valueName: "dir"))
  var outputDir = "training"

  @Option(help: "Where it computes: auto, cpu or gpu.")
  var device = "auto"

  @Option(
    help: ArgumentHelp(
      "An interpreter with torch, instead of a virtual environment.", valueName: "path"))
  var python: String?

  @Option(
    help: ArgumentHelp(
      "The virtual environment (default: inferencectl/training-venv of the user's cache).",
      valueName: "dir"))
  var environment: String?

  @Option(
    help: ArgumentHelp("A file of pretrained weights; none: begin at random.", valueName: "file"))
  var weights: String?

  func validate() throws {
    guard ["auto", "cpu", "gpu"].contains(device) else {
      throw ValidationError("--device wants auto, cpu or gpu, not \(device).")
    }
  }
}
