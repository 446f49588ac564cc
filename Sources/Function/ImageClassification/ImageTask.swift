import AWSClient
import JSON
import LambdaEvents
import Platform
import S3
import SageMakerRuntime

/// One image: reads it, sends it to the endpoint, makes probabilities of the reply, and stores the result
/// if results are stored.
final class ImageTask {
  typealias Outcome = Result<ProcessedImage, ClassificationError>
  typealias Completion = (Progress) -> Void

  /// How far a start has led.
  enum Progress {
    case done(Outcome)
    /// The object is larger than its event said: to be started again when `memoryBytes` are free.
    case needsMoreMemory
  }

  let source: ImageSource
  let tools: ClassificationTools
  let context: CallContext
  let requestID: String
  /// What the object was when it was read; never its bytes, which are released as soon as they are sent.
  var eTag: String?
  var versionID: String?
  /// The size with which the image is admitted, in bytes.
  var expectedBytes: Int
  var measurements = Classification.Measurements()
  private var stepStartMilliseconds: Int64 = 0

  init(
    _ source: ImageSource, tools: ClassificationTools, context: CallContext, requestID: String
  ) {
    self.source = source
    self.tools = tools
    self.context = context
    self.requestID = requestID
    expectedBytes = Self.expectedBytes(of: source, tools)
  }

  /// What the image takes in memory while it is in flight.
  var memoryBytes: Int { tools.configuration.memory.cost(ofImageBytes: expectedBytes) }

  /// The size in the event, or the largest one that is allowed.
  private static func expectedBytes(of source: ImageSource, _ tools: ClassificationTools) -> Int {
    let size: Int
    switch source {
    case .inference(let report): size = report.replyBytes
    case .object(let object)
    where tools.configuration.inputMode == .image && tools.configuration.asynchronous == nil:
      size = object.sizeBytes.flatMap { $0 > 0 ? Int(clamping: $0) : nil } ?? .max
    default: return 0
    }
    return min(
      size, tools.configuration.maximumImageBytes, tools.configuration.memory.maximumImageBytes)
  }

  func start(then completion: @escaping Completion) {
    stepStartMilliseconds = tools.clock.monotonicMilliseconds()
    if case .object(let object) = source,
      let problem = tools.configuration.resultLocation?.problem(with: object)
    {
      return fail("Result.KeyTooLong", problem, 400, completion)
    }
    switch source {
    case .inference(let report): receive(report, completion)
    case .object(let object) where tools.configuration.asynchronous != nil:
      submit(object, completion)
    case .object(let object) where tools.configuration.inputMode == .presignedURL:
      forward(presignedURL(for: object), completion)
    case .object(let object): read(object, completion)
    case .url(let url):
      if let problem = URLInput.problem(with: url) {
        return fail("Image.ForbiddenURL", "the URL \(problem)", 400, completion)
      }
      forward(url, completion)
    case .upload(let bytes, let mediaType):
      guard bytes.count <= tools.configuration.maximumImageBytes else {
        return fail(
          "Image.TooLarge",
          "the image is \(bytes.count) bytes, larger than the limit of "
            + "\(tools.configuration.maximumImageBytes)\(sizeRule)", 413, completion)
      }
      measurements.imageBytes = bytes.count
      classify(image: bytes, declaredType: mediaType, completion)
    }
  }

  /// The end of a message about a size.
  private var sizeRule: String {
    let rule = tools.configuration.kind.sizeRule
    return rule.isEmpty ? "" : ". \(rule)"
  }

  /// Names the kind of the endpoint where its limit is what refused a body.
  func explained(_ error: AWSError) -> AWSError {
    let kind = tools.configuration.kind
    guard kind == .serverless, error.code == .bodyTooLarge else { return error }
    return error.with(advice: kind.sizeRule)
  }

  func classify(_ image: ReceivedBody, _ completion: @escaping Completion) {
    do throws(EndpointRequestFormat.Unreadable) {
      let type = try tools.configuration.requestFormat.type(
        forImage: unsafe Array(image.buffer.bytes.prefix(16)), declaredType: nil)
      classify([], received: image, type, completion)
    } catch {
      fail("Image.UnsupportedFormat", error.message, 415, completion)
    }
  }

  func classify(
    image: [UInt8], declaredType: String?, _ completion: @escaping Completion
  ) {
    do throws(EndpointRequestFormat.Unreadable) {
      let (body, type) = try tools.configuration.requestFormat.request(
        for: image, declaredType: declaredType)
      classify(body, type, completion)
    } catch {
      fail("Image.UnsupportedFormat", error.message, 415, completion)
    }
  }

  /// - Parameter received: the image, instead of `body`.
  func classify(
    _ body: [UInt8], received: ReceivedBody? = nil, _ contentType: String,
    _ completion: @escaping Completion
  ) {
    let configuration = tools.configuration
    let byteCount = received?.buffer.count ?? body.count
    if let problem = configuration.kind.problem(withRequestBytes: byteCount) {
      return fail("Image.TooLarge", problem, 413, completion)
    }
    if let asynchronous = configuration.asynchronous {
      return submit(inline: body, contentType, asynchronous, completion)
    }
    var request = InvokeEndpointRequest(endpointName: configuration.endpointName, body: body)
    request.receivedBody = received
    request.contentType = contentType
    request.accept = configuration.accept
    request.customAttributes = configuration.customAttributes
    request.targetModel = configuration.targetModel
    request.targetVariant = configuration.endpointVariant
    request.inferenceComponentName = configuration.inferenceComponent
    tools.sageMaker.invokeEndpoint(request, in: context) { result in
      self.measurements.endpointMilliseconds = self.lap()
      switch result {
      case .failure(let error):
        self.fail(
          .classifying(self.source, self.explained(error), sentType: contentType), completion)
      case .success(let response):
        self.keep(
          self.interpret(
            response.body, response.contentType, variant: response.invokedProductionVariant),
          completion)
      }
    }
  }

  /// - Parameter submitted: the image, where this is the reply of an asynchronous inference.
  func interpret(
    _ reply: [UInt8], _ contentType: String?, variant: String?, submitted: ImageSource? = nil
  ) -> Result<Classification, ClassificationError> {
    let configuration = tools.configuration
    do throws(ReplyError) {
      let reply = try ReplyReader.read(
        reply, contentType: contentType, rules: configuration.replyRules)
      let interpretation = try configuration.modelOutput.interpret(reply)
      if let doubt = interpretation.doubt { tools.warnings.warn(doubt, to: context.log) }
      return .success(
        try Classification(
          interpretation, of: reply, labels: configuration.labels,
          limit: tools.resultStore == nil ? configuration.classLimit : .max,
          source: submitted ?? source, eTag: eTag?.withoutQuotes, versionID: versionID,
          variant: variant, measurements: submitted == nil ? measurements : nil))
    } catch {
      return .failure(ClassificationError(source, error))
    }
  }

  func keep(
    _ outcome: Result<Classification, ClassificationError>, _ completion: @escaping Completion
  ) {
    let classification: Classification
    switch outcome {
    case .success(let success): classification = success
    case .failure(let error): return fail(error, completion)
    }
    // The answer has fewer than a stored result, and may have those of many images.
    var answered = classification
    answered.keepFirst(tools.configuration.classLimit)
    guard let store = tools.resultStore, case .object(let object) = classification.source else {
      return completion(.done(.success(ProcessedImage(classification: answered))))
    }
    store.keep(classification, of: object, requestID: requestID, in: context) { result in
      switch result {
      case .success(let key):
        answered.resultKey = key
        completion(.done(.success(ProcessedImage(classification: answered))))
      case .failure(let error): self.fail(.storing(self.source, error), completion)
      }
    }
  }

  func fail(
    _ type: String, _ message: String, _ status: Int, isRejection: Bool = true,
    _ completion: Completion
  ) {
    fail(
      ClassificationError(
        source, errorType: type, message, httpStatus: status, isRejection: isRejection),
      completion)
  }

  func fail(_ error: ClassificationError, _ completion: Completion) {
    completion(.done(.failure(error)))
  }

  /// The milliseconds since the last step began.
  func lap() -> Int64 {
    let now = tools.clock.monotonicMilliseconds()
    defer { stepStartMilliseconds = now }
    return now - stepStartMilliseconds
  }
}
