import AWSClient
import HTTPClient
import JSON
import LambdaEvents
import LambdaRuntime
import Platform
import S3
import SageMakerRuntime
import SigV4
import Synchronization

/// The function: classifies the images of an event and returns the probability of every class.
///
/// The shape of the event determines how a failure is reported (README.md, "What it answers"): an
/// event from a service fails as a whole or lists the failed parts, so that they are retried; a
/// request from the console or over HTTP gets a response with a 4xx or 5xx status.
public final class ImageClassifier: InvocationHandler {
  let configuration: ClassifierConfiguration
  private let environment: Environment
  private let http: HTTPClient
  private let aws: AWSClient
  private let tools: ClassificationTools
  private let clock: Clock
  /// Whether the next invocation is the first of a serverless endpoint's function.
  private var checksDeadline: Bool

  /// Of all loops, because a retry quota is one for an environment.
  private static let sharedHistories = ServiceHistories(sharing: [.s3, .sageMakerRuntime])
  /// Of several loops only the first warns.
  private static let hasWarned = Atomic<Bool>(false)

  /// Reads the configuration and creates the clients. Sends a request only in an environment of provisioned
  /// concurrency, whose start nobody waits for.
  ///
  /// - Throws: `ConfigurationError` with the name of a missing or malformed variable; `HTTPError`
  ///   for a malformed proxy, and when libcurl cannot be initialized.
  public init(environment: Environment, clock: Clock = .system) throws {
    self.environment = environment
    self.clock = clock
    let configuration = try ClassifierConfiguration(environment: environment)
    self.configuration = configuration
    checksDeadline = configuration.kind == .serverless
    http = try HTTPClient(
      trust: TrustStore(environment: environment),
      proxy: ProxyConfiguration(environment: environment), clock: clock)
    let services = try AWSConfiguration(environment: environment)
    try services.checkEndpoint(of: .s3)
    try services.checkEndpoint(of: .sageMakerRuntime)
    aws = AWSClient(
      configuration: services, http: http, clock: clock,
      histories: configuration.memory.loops > 1 ? Self.sharedHistories : ServiceHistories())
    let s3 = S3Client(
      aws: aws, limits: .s3(firstByteMilliseconds: configuration.s3FirstByteMilliseconds))
    let sageMaker = SageMakerRuntimeClient(
      aws: aws,
      limits: .inference(attemptMilliseconds: configuration.endpointTimeoutMilliseconds),
      maximumResponseBytes: configuration.kind.maximumReplyBytes)
    tools = ClassificationTools(
      configuration: configuration, s3: s3, sageMaker: sageMaker,
      resultStore: configuration.resultLocation.map {
        ResultStore(s3: s3, location: $0, endpointName: configuration.endpointName)
      }, clock: clock)
    if configuration.inputMode == .image, configuration.kind != .asynchronous,
      let warning = configuration.memory.warning(
        maximumParallel: configuration.maximumParallel,
        maximumImageBytes: configuration.maximumImageBytes),
      !Self.hasWarned.exchange(true, ordering: .relaxed)
    {
      Log(environment: environment, clock: clock).warn(warning)
    }
    if environment["AWS_LAMBDA_INITIALIZATION_TYPE"] == "provisioned-concurrency" {
      aws.rehearse(for: .sageMakerRuntime)
    }
  }

  /// Returns the response to one invocation.
  ///
  /// - Throws: `InvocationError` for an event of unknown shape, for an event from S3, SNS, or EventBridge with a failed
  ///   image, and for an SQS event all of whose messages failed.
  public func handle(_ invocation: Invocation, log: Log) throws(InvocationError) -> [UInt8] {
    if checksDeadline { checkDeadline(invocation, log) }
    let event: LambdaEvent
    do {
      event = try LambdaEvent.decode(invocation.event, defaultBucket: configuration.imageBucket)
    } catch {
      guard error.isConsoleRequest else { throw InvocationError(error) }
      return errorResponse(ClassificationError(error), .console, invocation, log).serialized()
    }
    switch event {
    case .s3(let records):
      return try respondToNotification(images(in: records, log), invocation, log)
    case .inferences(let notifications):
      if notifications.isEmpty { log.info("SageMaker's test notification: nothing to classify") }
      return try respondToNotification(notifications.map(Self.image), invocation, log)
    case .s3Test(let test):
      log.info("test event for bucket \(test.bucket): nothing to classify")
      return try successResponse([], log).serialized()
    case .sqs(let messages): return try respondToQueueMessages(messages, invocation, log)
    case .s3Batch(let batch): return respondToBatchJob(batch, invocation, log)
    case .http(let request): return respondToHTTPRequest(request, invocation, log)
    case .console(let request):
      return respondToImageRequest(
        ImageSource(request.location), .console, invocation, log
      ).serialized()
    }
  }

  /// A cold call that the deadline ends is repeated by Lambda, and starts the endpoint anew each time.
  private func checkDeadline(_ invocation: Invocation, _ log: Log) {
    checksDeadline = false
    let remaining = invocation.remainingMilliseconds(on: clock)
    let margin = configuration.deadlineMarginMilliseconds
    guard remaining < EndpointKind.coldCallMilliseconds + margin else { return }
    log.warn(
      """
      the invocation has \(remaining / 1_000) s; a call of a serverless endpoint that is cold may take \
      240 s. Set the function's timeout to 300 s or more
      """)
  }

  /// Classifies the images of an event concurrently and logs results and metrics. A failure in `images`
  /// keeps its place in the result.
  func classify(
    _ images: [Result<ImageSource, ClassificationError>], _ invocation: Invocation, _ log: Log
  ) -> [ImageTask.Outcome] {
    let outcomes: [ImageTask.Outcome]
    do throws(AWSError) {
      outcomes = run(images, try callContext(invocation, log), invocation)
    } catch {
      outcomes = images.map { image in
        image.flatMap { .failure(ClassificationError($0, error, isRejection: false)) }
      }
    }
    if !outcomes.isEmpty { report(outcomes, log) }
    return outcomes
  }

  private func report(_ outcomes: [ImageTask.Outcome], _ log: Log) {
    var lines: [UInt8] = []
    if configuration.logsResults {
      for case .success(let processed) in outcomes { lines += processed.line(of: log) }
    }
    lines += line(
      of: Metrics(outcomes, retryCount: aws.takeRetryCount(), configuration.metricOrigin), log)
    log.write(lines: lines)
  }

  /// Empty where metrics are turned off.
  private func line(of metrics: Metrics, _ log: Log) -> [UInt8] {
    guard configuration.emitsMetrics else { return [] }
    return log.unfilteredLine(metrics.object(unixMilliseconds: clock.unixMilliseconds()))
  }

  /// - Throws: when there are no credentials.
  private func callContext(
    _ invocation: Invocation, _ log: Log
  ) throws(AWSError) -> CallContext {
    let context = CallContext(
      credentials: try AWSCredentials(environment: environment), deadline: invocation.deadline,
      reserveMilliseconds: configuration.deadlineMarginMilliseconds,
      traceID: invocation.traceID, log: log)
    let environment = environment
    context.otherCredentials = { try? AWSCredentials(environment: environment) }
    return context
  }

  private func run(
    _ images: [Result<ImageSource, ClassificationError>], _ context: CallContext,
    _ invocation: Invocation
  ) -> [ImageTask.Outcome] {
    let tasks = images.compactMap { image in
      (try? image.get()).map {
        ImageTask($0, tools: tools, context: context, requestID: invocation.requestID)
      }
    }
    let batch = ImageBatch(
      tasks, maximumParallel: configuration.maximumParallel, budget: configuration.memory)
    var classified = batch.run { http.run() }[...]
    return images.map { image in
      image.flatMap { _ in classified.popFirst() ?? .failure(ClassificationError.lost) }
    }
  }

  /// Who gets a response with a status.
  enum Audience {
    /// Someone with the permission to invoke the function.
    case console
    /// Anyone: gets no advice on roles and keys.
    case http
  }

  /// The response to a request for one image.
  ///
  /// - Parameter isEmbedded: see `successResponse`.
  func respondToImageRequest(
    _ source: ImageSource, _ audience: Audience, _ invocation: Invocation, _ log: Log,
    isEmbedded: Bool = true
  ) -> ProxyResponse {
    switch classify([.success(source)], invocation, log).first {
    case .success(let processed)?:
      do throws(InvocationError) {
        return try successResponse([processed], log, isEmbedded: isEmbedded)
      } catch {
        log.error("\(error.errorType): \(error.message)", error.logFields)
        let metrics = Metrics(failureOfResponse: error.errorType, configuration.metricOrigin)
        log.write(lines: line(of: metrics, log))
        return ProxyResponse(
          statusCode: 502, errorType: error.errorType, message: error.message,
          requestID: invocation.requestID)
      }
    case .failure(let error)?: return errorResponse(error, audience, invocation, log)
    case nil: return errorResponse(.lost, audience, invocation, log)
    }
  }
}

@available(*, unavailable)
extension ImageClassifier: Sendable {}
