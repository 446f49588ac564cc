import AWSClient
import LambdaEvents
import S3
import SageMakerRuntime

/// What comes back from an asynchronous endpoint. None of it is ever submitted again.
extension ImageTask {
  /// As much of an error reply as is quoted.
  private static let excerptBytes = 1_024

  func receive(_ report: InferenceReport, _ completion: @escaping Completion) {
    if let problem = report.problem {
      return fail("Event.UntraceableOutput", problem, 400, isRejection: false, completion)
    }
    if let reason = report.failureReason { return fail(report, reason, completion) }
    if let reply = report.reply { return interpret(reply, report.contentType, report, completion) }
    guard let output = report.output else { return fail(.lost, completion) }
    if report.isFailure { return readFailure(output, report, completion) }
    tools.s3.getObject(
      bucket: output.bucket, key: output.key, versionID: nil,
      maximumBytes: SageMakerRuntimeClient.maximumResponseBytes, in: context
    ) { result in
      switch result {
      case .failure(let error): self.fail(.storing(self.source, error), completion)
      case .success(let reply):
        self.interpret(reply.bytes, reply.contentType, report, completion)
      }
    }
  }

  private func fail(_ report: InferenceReport, _ reason: String, _ completion: Completion) {
    let id = report.inferenceID.map { " \($0)" } ?? ""
    fail(
      "Endpoint.AsyncFailed", "the asynchronous inference\(id) failed: \(reason)", 502,
      isRejection: false, completion)
  }

  private func readFailure(
    _ object: S3ObjectReference, _ report: InferenceReport, _ completion: @escaping Completion
  ) {
    let place = object.url
    tools.s3.getStart(
      bucket: object.bucket, key: object.key, byteCount: Self.excerptBytes, in: context
    ) { result in
      switch result {
      case .success(let start):
        let text = ReplyError.excerpt(String(decoding: start.bytes, as: UTF8.self))
        self.fail(report, "the container's reply in \(place) is: \(text)", completion)
      case .failure(let error):
        self.fail(
          report, "the container's reply in \(place) cannot be read: \(error.message)", completion)
      }
    }
  }

  private func interpret(
    _ reply: [UInt8], _ contentType: String?, _ report: InferenceReport,
    _ completion: @escaping Completion
  ) {
    let submitted = report.object.map { ImageSource.object($0) } ?? source
    switch interpret(reply, contentType, variant: nil, submitted: submitted) {
    case .failure(let error): fail(error, completion)
    case .success(let classification):
      guard let object = report.object, let eTag = object.eTag else {
        return keep(.success(classification), completion)
      }
      compare(object, eTag, classification, completion)
    }
  }

  /// Notices an object that was overwritten since it was submitted: the endpoint may have read the newer one. An object
  /// that is gone was read before.
  private func compare(
    _ object: S3ObjectReference, _ eTag: String, _ classification: Classification,
    _ completion: @escaping Completion
  ) {
    tools.s3.getStart(bucket: object.bucket, key: object.key, byteCount: 1, in: context) { result in
      var classification = classification
      switch result {
      case .success(let start):
        classification.isOverwritten = start.eTag.map { $0.withoutQuotes != eTag } ?? false
      case .failure(let error) where error.status == 416: classification.isOverwritten = true
      case .failure(let error) where error.code == .noSuchKey: break
      case .failure(let error):
        self.context.log.warn(
          "\(self.source.name): whether it was overwritten while its inference waited is not known: \(error.message)",
          error.logFields)
      }
      if classification.isOverwritten {
        self.context.log.warn(
          "\(self.source.name) was overwritten while its inference waited; the result may be that of the newer object",
          self.source.logFields)
      }
      self.keep(.success(classification), completion)
    }
  }
}
