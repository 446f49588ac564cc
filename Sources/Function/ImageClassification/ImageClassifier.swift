import AWSClient
import HTTPClient
import JSON
import LambdaEvents
import LambdaRuntime
import Platform
import S3
import SageMakerRuntime
import SigV4

/// The function: an event in, the probability of every class of every image out.
///
/// The shape of the event decides what a failure becomes (README, "What it answers"): an event that a
/// service sent fails as a whole or names what failed, so that it is tried again and handed on; a
/// person's request gets a response with a 4xx or 5xx status.
public final class ImageClassifier: InvocationHandler {
  let configuration: ClassifierConfiguration
  private let environment: Environment
  private let http: HTTPClient
  private let aws: AWSClient
  private let tools: ClassificationTools
  private let clock: Clock

  /// Reads the configuration and makes the clients; nothing is sent yet.
  ///
  /// - Throws: `ConfigurationError` naming the variable that is missing or malformed; `HTTPError`
  ///   when libcurl cannot be initialised.
  public init(environment: Environment, clock: Clock = .system) throws {
    self.environment = environment
    self.clock = clock
    let configuration = try ClassifierConfiguration(environment: environment)
    self.configuration = configuration
    http = try HTTPClient(
      trust: TrustStore(environment: environment),
      proxy: ProxyConfiguration(environment: environment), clock: clock)
    let services = try AWSConfiguration(environment: environment)
    try services.checkEndpoint(of: .s3)
    try services.checkEndpoint(of: .sageMakerRuntime)
    aws = AWSClient(configuration: services, http: http, clock: clock)
    let s3 = S3Client(
      aws: aws, limits: .s3(firstByteMilliseconds: configuration.s3FirstByteMilliseconds))
    let sageMaker = SageMakerRuntimeClient(
      aws: aws,
      limits: .inference(attemptMilliseconds: configuration.endpointTimeoutMilliseconds))
    tools = ClassificationTools(
      configuration: configuration, s3: s3, sageMaker: sageMaker,
      resultStore: configuration.resultLocation.map {
        ResultStore(s3: s3, location: $0, endpointName: configuration.endpointName)
      }, clock: clock)
    if configuration.inputMode == .image,
      let warning = configuration.memory.warning(
        maximumParallel: configuration.maximumParallel,
        maximumImageBytes: configuration.maximumImageBytes)
    {
      Log(environment: environment, clock: clock).warn(warning)
    }
  }

  /// Answers one invocation.
  ///
  /// - Throws: `InvocationError` for an event that is no known one, and for an event of S3, SNS or
  ///   EventBridge with an image that failed.
  public func handle(_ invocation: Invocation, log: Log) throws(InvocationError) -> [UInt8] {
    let event: LambdaEvent
    do {
      event = try LambdaEvent.decode(invocation.event, defaultBucket: configuration.imageBucket)
    } catch {
      guard error.isConsoleRequest else { throw InvocationError(error) }
      return refusal(ClassificationError(error), .console, invocation, log).serialized()
    }
    switch event {
    case .s3(let records): return try answer(records, invocation, log)
    case .s3Test(let test):
      log.info("test event for bucket \(test.bucket): nothing to classify")
      return response([], log).serialized()
    case .sqs(let messages): return answer(messages, invocation, log)
    case .s3Batch(let batch): return answer(batch, invocation, log)
    case .http(let request): return answer(request, invocation, log)
    case .console(let request):
      return answer(ImageSource(request.location), .console, invocation, log).serialized()
    }
  }

  /// Classifies the images of an event at the same time; what is no image keeps its place and error.
  func outcomes(
    _ images: [Result<ImageSource, ClassificationError>], _ invocation: Invocation, _ log: Log
  ) -> [ImageTask.Outcome] {
    var context: CallContext
    do throws(AWSError) {
      context = CallContext(
        credentials: try AWSCredentials(environment: environment), deadline: invocation.deadline,
        reserveMilliseconds: configuration.deadlineMarginMilliseconds,
        traceID: invocation.traceID, log: log)
    } catch {
      return images.map { image in
        image.flatMap { .failure(ClassificationError($0, error)) }
      }
    }
    let environment = environment
    context.otherCredentials = { try? AWSCredentials(environment: environment) }
    let tasks = images.compactMap { image in
      (try? image.get()).map {
        ImageTask($0, tools: tools, context: context, requestID: invocation.requestID)
      }
    }
    let batch = ImageBatch(
      tasks, maximumParallel: configuration.maximumParallel, budget: configuration.memory)
    var classified = batch.run { http.run() }[...]
    let outcomes = images.map { image in
      image.flatMap { _ in classified.popFirst() ?? .failure(ClassificationError.lost) }
    }
    if configuration.emitsMetrics, !outcomes.isEmpty {
      log.writeLine(
        Metrics(outcomes, retryCount: aws.takeRetryCount(), configuration.endpointName)
          .line(unixMilliseconds: clock.unixMilliseconds()))
    }
    return outcomes
  }

  /// Who gets an answer with a status.
  enum Audience {
    /// Someone with the permission to invoke the function.
    case console
    /// Anyone: gets no advice on roles and keys.
    case http
  }

  /// How long a client should wait after 503.
  private static let retryAfterSeconds = 5

  /// The answer to a request for one image.
  ///
  /// - Parameter isEmbedded: see `response`.
  func answer(
    _ source: ImageSource, _ audience: Audience, _ invocation: Invocation, _ log: Log,
    isEmbedded: Bool = true
  ) -> ProxyResponse {
    switch outcomes([.success(source)], invocation, log).first {
    case .success(let classification)?:
      response([classification], log, isEmbedded: isEmbedded)
    case .failure(let error)?: refusal(error, audience, invocation, log)
    case nil: response([], log)
    }
  }

  func refusal(
    _ error: ClassificationError, _ audience: Audience, _ invocation: Invocation, _ log: Log
  ) -> ProxyResponse {
    log.error("\(error.errorType): \(error.message)", error.logFields)
    let message = audience == .http ? error.messageForAnyone : error.message
    var response = ProxyResponse(
      statusCode: error.httpStatus, errorType: error.errorType,
      message: log.redaction.applied(to: message), requestID: invocation.requestID)
    if error.httpStatus == 503 {
      response.headers.append(.init("Retry-After", "\(Self.retryAfterSeconds)"))
    }
    return response
  }

  /// - Parameter isEmbedded: the document is written escaped, as it will stand in the response; false for one that
  ///   may be compressed instead.
  func response(
    _ classifications: [Classification], _ log: Log, isEmbedded: Bool = true
  ) -> ProxyResponse {
    // Some 70 bytes for each class.
    let classCount = classifications.reduce(0) { $0 + $1.ranking.count }
    var writer = JSONWriter(reservingCapacity: 256 + 80 * classCount, isEmbedded: isEmbedded)
    writer.beginObject()
    writer.key("endpoint")
    writer.string(configuration.endpointName)
    if let variant = classifications.lazy.compactMap(\.variant).first {
      writer.key("variant")
      writer.string(variant)
    }
    writer.key("results")
    writer.beginArray()
    for classification in classifications {
      writer.beginObject()
      classification.writeMembers(to: &writer, classLimit: configuration.classLimit)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
    // With a presigned URL the container gets a secret, and may repeat it.
    let body =
      configuration.inputMode == .presignedURL
      ? log.redaction.applied(to: writer.bytes) : writer.bytes
    var response = ProxyResponse(statusCode: 200, body: body)
    response.isEmbedded = isEmbedded
    return response
  }
}

@available(*, unavailable)
extension ImageClassifier: Sendable {}
