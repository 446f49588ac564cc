import Platform

/// The input of the endpoint (`INPUT_MODE`).
enum InputMode: String {
  case image
  /// A presigned `{"url": …}`, from which the container reads the object.
  case presignedURL = "presigned-url"
}

/// The configuration of the function, read once from environment variables at startup.
///
/// A class, as `ClassificationTools`: each image keeps it, and copying its strings takes code.
final class ClassifierConfiguration {
  let kind: EndpointKind
  /// Nil for the other kinds.
  let asynchronous: AsynchronousInference?
  let endpointName: String
  let endpointVariant: String?
  let inferenceComponent: String?
  let targetModel: String?
  let requestFormat: EndpointRequestFormat
  let accept: String
  let customAttributes: String?
  let modelOutput: ModelOutput
  let replyRules: ReplyRules
  let inputMode: InputMode
  /// The bucket of console requests without one.
  let imageBucket: String?
  let maximumImageBytes: Int
  /// Images of one event that are processed concurrently.
  let maximumParallel: Int
  /// Classes in the response; a stored result has all of them.
  let classLimit: Int
  /// Whether an HTTP request may contain a URL for the container to fetch.
  let allowsURLInput: Bool
  /// Whether an authenticated HTTP request may name an object, which is read, and its result written, with the
  /// permissions of the function and not of the caller.
  let allowsObjectInput: Bool
  let emitsMetrics: Bool
  let metricOrigin: Metrics.Origin
  /// Whether each classified image is logged.
  let logsResults: Bool
  /// Work stops this long before the invocation's deadline, to leave time for the report.
  let deadlineMarginMilliseconds: Int64
  /// Nil when results are not stored.
  let resultLocation: ResultLocation?
  let labels: ClassLabels
  /// What may be in memory at the same time.
  let memory: MemoryBudget
  /// Until the first byte of a response of S3; twice that for later attempts.
  let s3FirstByteMilliseconds: Int64
  /// How long one InvokeEndpoint may take: the model's own time and what SageMaker adds. Of an asynchronous endpoint:
  /// how long the submission may take.
  let endpointTimeoutMilliseconds: Int64

  /// - Throws: `ConfigurationError` with the name of a missing or malformed variable.
  init(environment: Environment) throws(ConfigurationError) {
    guard let name = environment["ENDPOINT_NAME"] else {
      throw ConfigurationError(
        variable: "ENDPOINT_NAME",
        problem: "is not set. Set it to the name of the SageMaker endpoint")
    }
    endpointName = name
    try Self.checkName(name, "ENDPOINT_NAME")
    kind = try EndpointKind(environment: environment)
    endpointVariant = try Self.name("ENDPOINT_VARIANT", environment)
    inferenceComponent = try Self.name("INFERENCE_COMPONENT", environment)
    targetModel = try Self.headerValue("TARGET_MODEL", environment)
    requestFormat = try EndpointRequestFormat(
      environment: environment,
      contentType: Self.headerValue("ENDPOINT_CONTENT_TYPE", environment))
    accept = try Self.headerValue("ENDPOINT_ACCEPT", environment) ?? "application/json"
    customAttributes = try Self.headerValue("CUSTOM_ATTRIBUTES", environment)
    modelOutput = try ModelOutput(environment: environment)
    replyRules = try ReplyRules(environment: environment, modelOutput)
    inputMode = try Self.inputMode(environment)
    if inputMode == .presignedURL, requestFormat.body != .image {
      throw ConfigurationError(
        variable: "ENDPOINT_REQUEST",
        problem:
          "is \(requestFormat.body.rawValue), which sends bytes; INPUT_MODE=presigned-url sends a URL"
      )
    }
    imageBucket = environment["IMAGE_BUCKET"]
    maximumImageBytes = try kind.imageBytes(environment)
    maximumParallel = try environment.integer("MAX_PARALLEL", in: 1...64) ?? 8
    classLimit = try environment.integer("TOP_K", in: 1...100_000) ?? .max
    allowsURLInput = try environment.flag("ALLOW_URL_INPUT") ?? false
    allowsObjectInput = try environment.flag("ALLOW_OBJECT_INPUT") ?? false
    deadlineMarginMilliseconds = Int64(
      try environment.integer("DEADLINE_MARGIN_MS", in: 0...10_000) ?? 50)
    emitsMetrics = try environment.flag("METRICS", on: "on", off: "off") ?? true
    metricOrigin = Metrics.Origin(endpointName: name, environment: environment)
    logsResults = try environment.flag("LOG_RESULTS", on: "on", off: "off") ?? true
    resultLocation = try ResultLocation(environment: environment)
    asynchronous =
      kind == .asynchronous
      ? try AsynchronousInference(environment: environment, results: resultLocation) : nil
    labels = try ClassLabels(environment: environment)
    memory = try MemoryBudget(
      environment: environment, sendsBase64: requestFormat.body != .image)
    s3FirstByteMilliseconds = Int64(
      try environment.integer("S3_FIRST_BYTE_MS", in: 100...60_000) ?? 2_000)
    endpointTimeoutMilliseconds = Int64(
      try environment.integer("ENDPOINT_TIMEOUT_MS", in: 100...900_000)
        ?? kind.defaultTimeoutMilliseconds)
    if kind == .asynchronous { try checkAsynchronous() }
  }

  private func checkAsynchronous() throws(ConfigurationError) {
    let refused: String? =
      if inputMode == .presignedURL {
        "INPUT_MODE"
      } else if requestFormat.body == .tensorFlow {
        "ENDPOINT_REQUEST"
      } else if endpointVariant != nil {
        "ENDPOINT_VARIANT"
      } else if inferenceComponent != nil {
        "INFERENCE_COMPONENT"
      } else if targetModel != nil {
        "TARGET_MODEL"
      } else {
        nil
      }
    guard let refused else { return }
    throw ConfigurationError(
      variable: refused,
      problem: """
        has a value that is not possible with an asynchronous endpoint: a request has the location of an object, which \
        the endpoint reads as it is, and names neither a variant nor a model
        """)
  }

  private static func inputMode(
    _ environment: Environment
  ) throws(ConfigurationError) -> InputMode {
    guard let name = environment["INPUT_MODE"] else { return .image }
    guard let mode = InputMode(rawValue: name) else {
      throw ConfigurationError(
        variable: "INPUT_MODE", problem: "is \(name); it must be image or presigned-url")
    }
    return mode
  }

  private static func name(
    _ variable: String, _ environment: Environment
  ) throws(ConfigurationError) -> String? {
    guard let name = environment[variable] else { return nil }
    try checkName(name, variable)
    return name
  }

  /// SageMaker's rule for names: `[a-zA-Z0-9](-*[a-zA-Z0-9])*`, at most 63 characters.
  private static func checkName(_ name: String, _ variable: String) throws(ConfigurationError) {
    let isWellFormed =
      (1...63).contains(name.utf8.count) && !name.hasPrefix("-") && !name.hasSuffix("-")
      && name.utf8.allSatisfy(\.isNameCharacter)
    guard isWellFormed else {
      throw ConfigurationError(
        variable: variable,
        problem: "is \(name); it must be 1 to 63 letters, digits, and hyphens, "
          + "without a hyphen at the beginning or the end")
    }
  }

  /// A header's value: 1 to 1,024 printable ASCII characters.
  private static func headerValue(
    _ variable: String, _ environment: Environment
  ) throws(ConfigurationError) -> String? {
    guard let value = environment[variable] else { return nil }
    guard value.utf8.count <= 1024, value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      throw ConfigurationError(
        variable: variable, problem: "must be at most 1,024 printable ASCII characters")
    }
    return value
  }
}
