import AWSClient
import JSON
import LambdaEvents
import Platform
import S3
import SageMakerRuntime

/// The way of one image: read it, send it to the endpoint, make probabilities of the reply.
struct ImageTask {
  typealias Outcome = Result<Classification, ClassificationError>

  let location: ImageLocation
  let configuration: ClassifierConfiguration
  let s3: S3Client
  let sageMaker: SageMakerRuntimeClient
  let context: CallContext

  func start(then completion: @escaping (Outcome) -> Void) {
    switch location {
    case .object(let object) where configuration.inputMode == .presignedURL:
      forward(presignedURL(for: object), completion)
    case .object(let object): read(object, completion)
    case .url(let url):
      if let problem = URLInput.problem(with: url) {
        return completion(
          .failure(
            ClassificationError(
              location, errorType: "Image.ForbiddenURL", "the URL \(problem)", httpStatus: 400)))
      }
      forward(url, completion)
    }
  }

  /// Good for 15 minutes, or until the credentials end: longer than any endpoint takes to read it.
  private func presignedURL(for object: S3ObjectReference) -> String {
    s3.presignedGetURL(
      bucket: object.bucket, key: object.key, versionID: object.versionID, expiresInSeconds: 900,
      in: context)
  }

  private func read(_ object: S3ObjectReference, _ completion: @escaping (Outcome) -> Void) {
    s3.getObject(
      bucket: object.bucket, key: object.key, versionID: object.versionID,
      maximumBytes: configuration.maximumImageBytes, in: context
    ) { result in
      switch result {
      case .failure(let error): completion(.failure(ClassificationError(location, error)))
      case .success(let image) where image.bytes.isEmpty:
        completion(
          .failure(
            ClassificationError(
              location, errorType: "Image.Empty", "the object has 0 bytes", httpStatus: 400)))
      case .success(let image):
        classify(
          image.bytes, configuration.contentType ?? imageContentType(image.bytes), image,
          completion)
      }
    }
    sageMaker.connect()
  }

  /// The tutorial's container reads an image by itself when it gets its URL.
  private func forward(_ url: String, _ completion: @escaping (Outcome) -> Void) {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("url")
    writer.string(url)
    writer.endObject()
    classify(writer.bytes, "application/json", nil, completion)
  }

  private func classify(
    _ body: [UInt8], _ contentType: String, _ image: S3Object?,
    _ completion: @escaping (Outcome) -> Void
  ) {
    var request = InvokeEndpointRequest(endpointName: configuration.endpointName, body: body)
    request.contentType = contentType
    request.accept = configuration.accept
    request.customAttributes = configuration.customAttributes
    request.targetModel = configuration.targetModel
    request.targetVariant = configuration.endpointVariant
    request.inferenceComponentName = configuration.inferenceComponent
    sageMaker.invokeEndpoint(request, in: context) { result in
      switch result {
      case .failure(let error): completion(.failure(ClassificationError(location, error)))
      case .success(let response): completion(interpret(response, image))
      }
    }
  }

  private func interpret(_ response: InvokeEndpointResponse, _ image: S3Object?) -> Outcome {
    do throws(ReplyError) {
      let reply = try EndpointReply(response.body, contentType: response.contentType)
      let labels = try configuration.labels.labels(for: reply)
      let probabilities = try configuration.modelOutput.probabilities(from: reply.values)
      return .success(
        Classification(
          location: location, eTag: image?.eTag?.filter { $0 != "\"" },
          versionID: image?.versionID, variant: response.invokedProductionVariant,
          ranking: Classification.rank(labels: labels, probabilities: probabilities)))
    } catch {
      return .failure(ClassificationError(location, error))
    }
  }
}
