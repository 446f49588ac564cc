import ArgumentParser
import DogBreedModel
import Foundation
import LocalAWS
import LoopbackServer
import Platform
import SigV4

/// The services of this run, emulated or AWS itself, and the environment variables that configure
/// the function for them.
///
/// Nothing but what has a lock changes after `waitUntilReady`.
final class LocalServices: @unchecked Sendable {
  private static let localRegion = "us-east-1"
  /// Where the page puts photographs, unless IMAGE_BUCKET is set.
  static let defaultUploadBucket = "dog-photos"
  static let defaultResultBucket = "local-results"
  /// The function's settings, passed on if the caller has set them (docs/configuration.md).
  static let documentedVariables = [
    "ENDPOINT_NAME", "ENDPOINT_VARIANT", "INFERENCE_COMPONENT", "TARGET_MODEL",
    "ENDPOINT_CONTENT_TYPE", "IMAGE_TYPE_MAP", "ENDPOINT_REQUEST", "ENDPOINT_ACCEPT",
    "CUSTOM_ATTRIBUTES", "MODEL_OUTPUT", "REPLY_VALUES", "REPLY_LABELS", "MAX_CLASSES",
    "INPUT_MODE", "IMAGE_BUCKET", "MAX_IMAGE_BYTES", "RESULT_BUCKET", "RESULT_PREFIX",
    "RESULT_KMS_KEY_ID", "TOP_K", "METRICS", "LOG_RESULTS", "ALLOW_OBJECT_INPUT",
    "ALLOW_URL_INPUT", "MAX_PARALLEL", "IMAGE_PREFIX", "DEADLINE_MARGIN_MS", "SIGTERM_HANDLING",
    "S3_FIRST_BYTE_MS", "ENDPOINT_TIMEOUT_MS", "AWS_MAX_ATTEMPTS", "AWS_LAMBDA_LOG_FORMAT",
    "AWS_LAMBDA_LOG_LEVEL", "ENDPOINT_KIND", "ASYNC_OUTPUT_PATH", "ASYNC_FAILURE_PATH",
    "ASYNC_REQUEST_TTL_SECONDS", "ASYNC_INVOCATION_TIMEOUT_SECONDS",
  ]
  /// Network settings for AWS; never used for the emulators.
  static let networkVariables = [
    "AWS_CA_BUNDLE", "SSL_CERT_FILE", "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT",
    "HTTPS_PROXY",
    "https_proxy", "NO_PROXY", "no_proxy", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME",
  ]

  /// The function's environment variables that depend on the services. Set by the initializer only.
  var environment: [String: String] = [:]
  /// The calls of the function to the emulators.
  let calls = CallRecorder()
  /// The folder of the objects; its parent has the example events.
  private(set) var objectsFolder = URL(fileURLWithPath: "events/objects")
  private(set) var local: LocalAWS?
  private let model = BuiltInModel()
  /// Nil with `--aws`, where the model's time cannot be measured.
  private(set) var timedModel: TimedModel?
  private var loading: Thread?
  /// The results of an asynchronous endpoint; nil for other kinds.
  private(set) var notifications: ResultNotifications?
  private var replyPaths: [S3Location] = []
  private let namedTimeoutSeconds: Int?
  private let lastSequence = Locked(0)
  /// The uploads of the page, which are not results.
  let uploads = Locked<Set<Int>>([])
  private let loaded = DispatchSemaphore(value: 0)

  /// Whose account is used, with `--aws`.
  var accountNote = ""

  /// - Parameters:
  ///   - cleanUp: stops the services and removes their stored objects.
  ///   - note: receives what takes some seconds.
  /// - Throws: `ValidationError` for a usage error, `RunError` for a container, a model, or credentials that are not
  ///   available.
  init(
    _ options: LocalInvokeCommand, _ caller: Caller, eventPath: String?, _ cleanUp: CleanUp,
    note: (String) -> Void = { _ in }
  ) throws {
    namedTimeoutSeconds = options.timeout
    for name in Self.documentedVariables where caller[name] != nil {
      environment[name] = caller[name]
    }
    var ownModel: OwnModel?
    if options.services.aws {
      try useAWS(options.services, caller)
      note(accountNote)
    } else {
      ownModel = try OwnModel(options.services, caller, cleanUp, note)
      try startLocal(options, caller, eventPath, ownModel, cleanUp)
    }
    if let labels = options.labels {
      guard FileManager.default.isReadableFile(atPath: labels) else {
        throw ValidationError("Cannot read the label file \(labels).")
      }
      environment["CLASS_LABELS"] = URL(fileURLWithPath: labels).standardizedFileURL.path
    } else if options.services.hasOwnModel {
      environment["CLASS_LABELS"] =
        caller["CLASS_LABELS"].map { URL(fileURLWithPath: $0).standardizedFileURL.path }
        ?? ownModel?.labels
    } else {
      environment["CLASS_LABELS"] = DogBreedModel.classNamesPath
    }
  }

  /// Waits until the built-in model, if used, has loaded its weights.
  func waitUntilReady() throws {
    guard loading != nil else { return }
    loaded.wait()
    try model.load()
  }

  /// The function's timeout. A cold request to a serverless endpoint may take four minutes.
  var timeoutSeconds: Int {
    namedTimeoutSeconds ?? (environment["ENDPOINT_KIND"] == "serverless" ? 300 : 30)
  }

  /// The notifications of an asynchronous endpoint since the last call, when all its requests have
  /// ended; empty for other kinds.
  func takeNotifications() -> [ResultNotifications.Delivery] {
    local?.waitForAsynchronousRequests()
    return notifications?.take() ?? []
  }

  /// How a serverless endpoint served its requests; nil for other kinds.
  var endpointSummary: String? {
    local?.serverlessStatistics.map {
      "Serverless endpoint: requests: \($0.requestCount), cold starts: \($0.coldStartCount), "
        + "throttled: \($0.throttledCount)"
    }
  }

  /// The results stored since the last call, without the replies of an asynchronous endpoint.
  func takeStoredObjects() -> [StoredObject] {
    lastSequence.withLock { sequence in
      let objects = local?.storedObjects(writtenAfter: sequence) ?? []
      sequence = objects.last?.sequence ?? sequence
      return objects.filter { object in
        !uploads.withLock { $0.contains(object.sequence) }
          && !replyPaths.contains { $0.contains(bucket: object.bucket, key: object.key) }
      }
    }
  }

  /// Whether S3 and SageMaker are emulated.
  var isLocal: Bool { local != nil }

  var region: String { environment["AWS_REGION"] ?? Self.localRegion }

  /// Describes the emulators, for debugging while they run.
  var summary: String {
    guard local != nil else {
      return "The function uses S3 and SageMaker of your AWS account. \(accountNote)"
    }
    let names = [
      "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", "AWS_REGION",
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
    ]
    return "Emulators, with the keys of this run:\n"
      + names.map { "  \($0)=\(environment[$0] ?? "")" }.joined(separator: "\n")
  }

  func setRegion(_ region: String) {
    environment["AWS_REGION"] = region
    environment["AWS_DEFAULT_REGION"] = region
  }

  // MARK: Emulators

  private func startLocal(
    _ options: LocalInvokeCommand, _ caller: Caller, _ eventPath: String?, _ ownModel: OwnModel?,
    _ cleanUp: CleanUp
  ) throws {
    objectsFolder = try findObjectsFolder(options, eventPath)
    let keys = Self.freshCredentials()
    let model = TimedModel(ownModel?.container ?? self.model)
    timedModel = model
    var configuration = LocalAWS.Configuration(
      objectsFolder: objectsFolder, credentials: [keys], model: model)
    configuration.region = Self.localRegion
    configuration.ignoresVersions = true
    configuration.web = options.services.offline ? nil : Self.web(caller)
    configuration.containerNote = ownModel?.note ?? Self.builtInModelNote
    if ownModel?.returnsLogits ?? false, environment["MODEL_OUTPUT"] == nil {
      environment["MODEL_OUTPUT"] = "logits"
    }
    configuration.endpointName = caller["ENDPOINT_NAME"] ?? configuration.endpointName
    configureEndpoint(try EmulatedEndpoint(options.endpoint, caller), &configuration)
    if (options.showResults || notifications != nil) && environment["RESULT_BUCKET"] == nil {
      environment["RESULT_BUCKET"] = Self.defaultResultBucket
    }
    // Of photographs, which are uploaded for the length of this run.
    configuration.writableBuckets.insert(uploadBucket)
    if let bucket = environment["RESULT_BUCKET"] { configuration.writableBuckets.insert(bucket) }
    if options.serve != nil {
      configuration.writableBuckets.insert(Self.defaultResultBucket)
      configuration.monitor = calls
    }
    configuration.overlayFolder = try Self.temporaryFolder(cleanUp)
    let local = try LocalAWS(configuration: configuration)
    cleanUp.add { local.stop() }
    self.local = local
    setRegion(Self.localRegion)
    environment["ENDPOINT_NAME"] = configuration.endpointName
    environment["AWS_ENDPOINT_URL_S3"] = local.s3BaseURL
    environment["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"] = local.sageMakerBaseURL
    environment["AWS_ACCESS_KEY_ID"] = keys.accessKeyID
    environment["AWS_SECRET_ACCESS_KEY"] = keys.secretAccessKey
    environment["AWS_SESSION_TOKEN"] = keys.sessionToken
    if ownModel == nil { loadModel() }
  }

  private static let builtInModelNote = "This is the built-in model of local-invoke."

  private static func web(_ caller: Caller) -> WebFetcher {
    var network = WebFetcher.Network()
    network.trustedAuthorities = caller["AWS_CA_BUNDLE"] ?? caller["SSL_CERT_FILE"]
    return WebFetcher(userAgent: "local-invoke/\(Product.version)", network: network)
  }

  private func configureEndpoint(
    _ endpoint: EmulatedEndpoint, _ configuration: inout LocalAWS.Configuration
  ) {
    configuration.endpointKind = endpoint.kind
    configuration.writableBuckets = Set(endpoint.replyPaths.map(\.bucket))
    environment.merge(endpoint.environment) { $1 }
    notifications = endpoint.notifications
    replyPaths = endpoint.replyPaths
  }

  private func loadModel() {
    let thread = Thread { [model, loaded] in
      // waitUntilReady throws the error again on the main thread.
      try? model.load()
      loaded.signal()
    }
    loading = thread
    thread.start()
  }
}
