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
/// The shape of the event decides what a failure becomes (DESIGN.md, "The response"): an event of S3
/// fails as a whole, so that Lambda tries it again and hands it on; a person's request gets a response
/// with a 4xx or 5xx status.
public final class ImageClassifier: InvocationHandler {
  private let environment: Environment
  private let configuration: ClassifierConfiguration
  private let http: HTTPClient
  private let s3: S3Client
  private let sageMaker: SageMakerRuntimeClient

  /// Reads the configuration and makes the clients; nothing is sent yet.
  ///
  /// - Throws: `ConfigurationError` naming the variable that is missing or malformed; `HTTPError`
  ///   when libcurl cannot be initialised.
  public init(environment: Environment, clock: Clock = .system) throws {
    self.environment = environment
    configuration = try ClassifierConfiguration(environment: environment)
    http = try HTTPClient(
      trust: TrustStore(environment: environment),
      proxy: ProxyConfiguration(environment: environment), clock: clock)
    let aws = AWSClient(
      configuration: try AWSConfiguration(environment: environment), http: http, clock: clock)
    s3 = S3Client(aws: aws)
    sageMaker = SageMakerRuntimeClient(aws: aws)
  }

  /// Answers one invocation.
  ///
  /// - Throws: `InvocationError` for an event that is no known one, and for an event of S3 with an
  ///   image that failed.
  public func handle(_ invocation: Invocation, log: Log) throws(InvocationError) -> [UInt8] {
    let event: LambdaEvent
    do {
      event = try LambdaEvent.decode(invocation.event, defaultBucket: configuration.imageBucket)
    } catch {
      guard error.isConsoleRequest else { throw InvocationError(error) }
      return refuse(error, status: 400, invocation, log)
    }
    switch event {
    case .s3(let records): return try classify(records, invocation, log)
    case .s3Test(let test):
      log.info("test event for bucket \(test.bucket): nothing to classify")
      return response([])
    case .console(let request): return answer(request, invocation, log)
    }
  }

  private func classify(
    _ records: [S3Record], _ invocation: Invocation, _ log: Log
  ) throws(InvocationError) -> [UInt8] {
    for record in records where !record.isCreation {
      log.info("\(record.eventName) of s3://\(record.object.bucket)/\(record.object.key) skipped")
    }
    let locations = records.filter(\.isCreation).map { ImageLocation.object($0.object) }
    var classified: [Classification] = []
    var failures: [ClassificationError] = []
    for outcome in outcomes(locations, invocation, log) {
      switch outcome {
      case .success(let classification): classified.append(classification)
      case .failure(let error): failures.append(error)
      }
    }
    guard failures.isEmpty else {
      throw InvocationError(failures, ofImages: locations.count)
    }
    return response(classified)
  }

  private func answer(_ request: ConsoleRequest, _ invocation: Invocation, _ log: Log) -> [UInt8] {
    switch outcomes([request.location], invocation, log).first {
    case .success(let classification)?: return response([classification])
    case .failure(let error)?: return refuse(error, status: error.httpStatus, invocation, log)
    case nil: return response([])
    }
  }

  private func outcomes(
    _ locations: [ImageLocation], _ invocation: Invocation, _ log: Log
  ) -> [ImageTask.Outcome] {
    let context: CallContext
    do throws(AWSError) {
      context = CallContext(
        credentials: try AWSCredentials(environment: environment), deadline: invocation.deadline,
        reserveMilliseconds: configuration.deadlineMarginMilliseconds,
        traceID: invocation.traceID, log: log)
    } catch {
      return locations.map { .failure(ClassificationError($0, error)) }
    }
    let tasks = locations.map {
      ImageTask(
        location: $0, configuration: configuration, s3: s3, sageMaker: sageMaker, context: context)
    }
    return ImageBatch(tasks).run { http.run() }
  }

  private func refuse(
    _ error: any ReportableError, status: Int, _ invocation: Invocation, _ log: Log
  ) -> [UInt8] {
    log.error("\(error.errorType): \(error.message)")
    return ProxyResponse(statusCode: status, error: error, requestID: invocation.requestID)
      .serialized()
  }

  private func response(_ classifications: [Classification]) -> [UInt8] {
    // Some 60 bytes for each class.
    let classCount = classifications.reduce(0) { $0 + $1.ranking.count }
    var writer = JSONWriter(reservingCapacity: 256 + 64 * classCount)
    writer.beginObject()
    writer.key("endpoint")
    writer.string(configuration.endpointName)
    if let variant = classifications.lazy.compactMap(\.variant).first {
      writer.key("variant")
      writer.string(variant)
    }
    writer.key("results")
    writer.beginArray()
    for classification in classifications { classification.write(to: &writer) }
    writer.endArray()
    writer.endObject()
    return ProxyResponse(statusCode: 200, body: writer.bytes).serialized()
  }
}

@available(*, unavailable)
extension ImageClassifier: Sendable {}
