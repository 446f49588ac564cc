import AWSClient
import LambdaEvents
import S3
import SageMakerRuntime

/// Images for an asynchronous endpoint, which reads them by itself.
extension ImageTask {
  /// As many bytes as tell the format of an image.
  private static let formatBytes = 16

  /// Submits an object of S3, of which only the first bytes pass through the function.
  func submit(_ object: S3ObjectReference, _ completion: @escaping Completion) {
    guard let asynchronous = tools.configuration.asynchronous else { return }
    let location = "s3://\(object.bucket)/\(object.key)"
    if asynchronous.isOutput(object) {
      return fail(
        "Image.EndpointOutput",
        "it is an output of an asynchronous endpoint, which is never submitted",
        400, completion)
    }
    if let problem = AsynchronousInference.problem(
      withLocation: location, limit: InvokeEndpointAsyncRequest.maximumLocationBytes)
    {
      return fail("Image.UnusableKey", problem, 400, completion)
    }
    tools.s3.getStart(
      bucket: object.bucket, key: object.key, byteCount: Self.formatBytes, in: context
    ) { result in
      self.measurements.s3Milliseconds = self.lap()
      switch result {
      case .failure(let error) where error.status == 416: self.failEmpty(object, completion)
      case .failure(let error): self.fail(.reading(self.source, error), completion)
      case .success(let start) where start.bytes.isEmpty: self.failEmpty(object, completion)
      case .success(let start): self.submit(object, start, asynchronous, completion)
      }
    }
    tools.sageMaker.connect()
  }

  /// - Parameter start: of the object that is there now, which is the one that the endpoint will read.
  private func submit(
    _ object: S3ObjectReference, _ start: S3ObjectStart, _ asynchronous: AsynchronousInference,
    _ completion: @escaping Completion
  ) {
    if let version = object.versionID, let latest = start.versionID, version != latest {
      return failSuperseded(object, version, completion)
    }
    let limit = tools.configuration.maximumImageBytes
    if let size = start.sizeBytes, size > limit {
      return fail(
        "Image.TooLarge", "the image is \(size) bytes, larger than the limit of \(limit)", 413,
        completion)
    }
    measurements.imageBytes = Int(clamping: start.sizeBytes ?? 0)
    var submitted = object
    submitted.eTag = start.eTag?.withoutQuotes ?? object.eTag
    if let eTag = object.eTag, submitted.eTag != eTag {
      context.log.warn(
        "\(source.name) was overwritten after its event; the newer object is submitted",
        source.logFields)
    }
    do throws(EndpointRequestFormat.Unreadable) {
      let type = try tools.configuration.requestFormat.request(
        for: start.bytes, declaredType: nil
      ).contentType
      let request = InvokeEndpointAsyncRequest(
        endpointName: tools.configuration.endpointName, input: .location(source.name))
      request.outputPathExtension = InferenceTrace(of: submitted).pathExtension
      send(
        request, type, as: InferenceID.text(of: submitted, requestID: requestID),
        eTag: submitted.eTag, asynchronous, completion)
    } catch {
      fail("Image.UnsupportedFormat", error.message, 415, completion)
    }
  }

  /// Submits an image that was sent in the request.
  func submit(
    inline body: [UInt8], _ contentType: String, _ asynchronous: AsynchronousInference,
    _ completion: @escaping Completion
  ) {
    let request = InvokeEndpointAsyncRequest(
      endpointName: tools.configuration.endpointName, input: .inline(body))
    let id = InferenceID.text(of: nil, requestID: requestID)
    request.outputPathExtension = InferenceTrace(inferenceID: id).pathExtension
    send(request, contentType, as: id, eTag: nil, asynchronous, completion)
  }

  private func send(
    _ request: InvokeEndpointAsyncRequest, _ contentType: String, as id: String, eTag: String?,
    _ asynchronous: AsynchronousInference, _ completion: @escaping Completion
  ) {
    request.inferenceID = id
    request.contentType = contentType
    request.accept = tools.configuration.accept
    request.customAttributes = tools.configuration.customAttributes
    request.requestTTLSeconds = asynchronous.requestTTLSeconds
    request.invocationTimeoutSeconds = asynchronous.invocationTimeoutSeconds
    tools.sageMaker.invokeEndpointAsync(request, in: context) { result in
      self.measurements.endpointMilliseconds = self.lap()
      switch result {
      case .failure(let error):
        self.fail(.classifying(self.source, error, sentType: contentType), completion)
      case .success(let response):
        if let problem = asynchronous.problem(
          withOutputs: [response.outputLocation, response.failureLocation])
        {
          return self.fail(
            "Endpoint.OutputAmongImages", problem, 500, isRejection: false, completion)
        }
        let submission = Submission(
          source: self.source, eTag: eTag, inferenceID: response.inferenceID ?? id,
          outputLocation: response.outputLocation, measurements: self.measurements)
        completion(.done(.success(ProcessedImage(submission: submission))))
      }
    }
  }

  private func failEmpty(_ object: S3ObjectReference, _ completion: Completion) {
    if object.isFolder(sizeBytes: 0) {
      return fail(
        ClassificationError.folderType, "the object is a folder of the console, not an image", 400,
        completion)
    }
    fail("Image.Empty", "the object has 0 bytes", 400, completion)
  }

  /// The endpoint can read the latest version only. A version that is not the latest any more when its event is
  /// processed has been followed by another event; a request fails.
  private func failSuperseded(
    _ object: S3ObjectReference, _ version: String, _ completion: Completion
  ) {
    let isEvent = object.sequencer != nil
    fail(
      isEvent ? ClassificationError.supersededType : "Image.NotLatestVersion",
      "version \(version) is not the latest, which is the only one that an asynchronous endpoint can read",
      409, completion)
  }
}
