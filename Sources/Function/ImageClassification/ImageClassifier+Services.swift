import LambdaEvents
import LambdaRuntime
import Platform

/// Responses to events from services: S3 (also through SNS and EventBridge), SQS, S3 Batch Operations, and SageMaker
/// about asynchronous inferences.
extension ImageClassifier {
  /// A notification fails as a whole when one of its images fails, because only then does Lambda
  /// retry it and send it to the failure destination.
  func respondToNotification(
    _ images: [Result<ImageSource, ClassificationError>], _ invocation: Invocation, _ log: Log
  ) throws(InvocationError) -> [UInt8] {
    var processed: [ProcessedImage] = []
    var failures: [ClassificationError] = []
    for outcome in classify(images, invocation, log) {
      switch outcome {
      case .success(let image): processed.append(image)
      case .failure(let error) where error.isSkipped: log.info("\(error.message); skipped")
      case .failure(let error): failures.append(error)
      }
    }
    guard failures.isEmpty else {
      // The report, and so its line in the log, has room for the first ones only.
      if failures.count > 1 {
        for error in failures { log.error("\(error.errorType): \(error.message)", error.logFields) }
      }
      throw InvocationError(failures, ofImages: images.count)
    }
    return try successResponse(processed, log).serialized()
  }

  /// Only failed messages return to the queue, and, in a FIFO queue, the later messages of their
  /// groups, which would otherwise be processed out of order.
  ///
  /// The later messages have already been classified. When they are delivered again, their results
  /// are written again, but never over the result of a newer event.
  /// Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
  ///
  /// - Throws: when every message failed, and none because of its image: an answer with failed messages counts as a
  ///   success, so that neither the metric `Errors` nor a deployment that watches it would notice.
  func respondToQueueMessages(
    _ messages: [SQSMessage], _ invocation: Invocation, _ log: Log
  ) throws(InvocationError) -> [UInt8] {
    let images = messages.map { self.images(in: $0, log) }
    var outcomes = classify(images.flatMap { $0 }, invocation, log)[...]
    var batch = QueueBatch()
    for (message, images) in zip(messages, images) {
      let errors = outcomes.prefix(images.count).compactMap { outcome in
        if case .failure(let error) = outcome, !error.isSkipped { error } else { nil }
      }
      outcomes = outcomes.dropFirst(images.count)
      batch.add(message, errors, log)
    }
    if batch.hasFailedAsAWhole {
      throw InvocationError(batch.failures, ofImages: images.reduce(0) { $0 + $1.count })
    }
    return SQSBatchResponse(failedMessageIDs: batch.failedMessageIDs).serialized()
  }

  /// One result code per task, so that the job's report has a row for each object. A task whose image an asynchronous
  /// endpoint accepted has succeeded: a job does not wait for results. Neither a folder nor a result of this function
  /// is a failure: from 1,000 tasks on, S3 ends a job of which more than half have failed.
  func respondToBatchJob(
    _ batch: S3BatchInvocation, _ invocation: Invocation, _ log: Log
  ) -> [UInt8] {
    let images = batch.tasks.map { image(of: $0) }
    let results = zip(batch.tasks, classify(images, invocation, log)).map { task, outcome in
      switch outcome {
      case .success(let image):
        return S3BatchResponse.TaskResult(
          taskID: task.taskID, code: .succeeded, text: image.summary)
      case .failure(let error) where error.isSkipped:
        return S3BatchResponse.TaskResult(
          taskID: task.taskID, code: .succeeded, text: "\(error.message); skipped")
      case .failure(let error):
        log.error("task \(task.taskID): \(error.errorType): \(error.message)", error.logFields)
        return S3BatchResponse.TaskResult(
          taskID: task.taskID, code: error.retryCanHelp ? .temporaryFailure : .permanentFailure,
          text: log.redaction.applied(to: "\(error.errorType): \(error.message)"))
      }
    }
    return S3BatchResponse(to: batch, results: results).serialized()
  }

  private func image(of task: S3BatchTask) -> Result<ImageSource, ClassificationError> {
    task.object.mapError { ClassificationError($0) }.flatMap { object in
      let source = ImageSource.object(object)
      guard configuration.resultLocation?.holdsResult(object) == true else {
        return .success(source)
      }
      return .failure(
        ClassificationError(
          source, errorType: ClassificationError.ownResultType, "a result of this function",
          httpStatus: 400, isRejection: true))
    }
  }

  private func images(
    in message: SQSMessage, _ log: Log
  ) -> [Result<ImageSource, ClassificationError>] {
    switch message.contents {
    case .success(.records(let records)): return images(in: records, log)
    case .success(.test(let test)):
      log.info("test event for bucket \(test.bucket): nothing to classify")
      return []
    case .success(.inference(let notification)): return [Self.image(.success(notification))]
    case .success(.inferenceTest):
      log.info("SageMaker's test notification: nothing to classify")
      return []
    case .failure(let error): return [.failure(ClassificationError(error))]
    }
  }

  /// The image of an earlier submission.
  static func image(
    _ notification: SageMakerNotification.Outcome
  ) -> Result<ImageSource, ClassificationError> {
    notification.map { .inference(InferenceReport($0)) }.mapError { ClassificationError($0) }
  }

  /// Leaves out records without an image: removed and restored objects, and this function's own
  /// results. An output of an asynchronous endpoint stands for the image that was submitted.
  func images(
    in records: [S3Record.Outcome], _ log: Log
  ) -> [Result<ImageSource, ClassificationError>] {
    records.compactMap { outcome in
      switch outcome {
      case .failure(let error): return .failure(ClassificationError(error))
      case .success(let record):
        let source = ImageSource.object(record.object)
        guard record.isCreation else {
          log.info("skipped \(record.eventName) of \(source.name)")
          return nil
        }
        if record.object.isFolder(sizeBytes: record.object.sizeBytes) {
          log.info("\(source.name) is a folder of the console, not an image; skipped")
          return nil
        }
        if configuration.resultLocation?.holdsResult(record.object) == true {
          log.warn(
            "skipped \(source.name), a result of this function: its bucket also sends "
              + "events for results. Restrict the trigger to the prefix of the images")
          return nil
        }
        if let asynchronous = configuration.asynchronous, asynchronous.isOutput(record.object) {
          return .success(
            .inference(
              InferenceReport(
                output: record.object, isFailure: asynchronous.isFailure(record.object))))
        }
        return .success(source)
      }
    }
  }
}

/// The failed messages of an SQS event.
private struct QueueBatch {
  private(set) var failedMessageIDs: [String] = []
  private(set) var failures: [ClassificationError] = []
  private var failedGroupIDs: Set<String> = []
  private var messageCount = 0
  /// Messages with an error that is not their image's.
  private var faultyMessageCount = 0

  var hasFailedAsAWhole: Bool { faultyMessageCount > 0 && faultyMessageCount == messageCount }

  mutating func add(_ message: SQSMessage, _ errors: [ClassificationError], _ log: Log) {
    messageCount += 1
    for error in errors {
      log.error(
        "message \(message.messageID): \(error.errorType): \(error.message)", error.logFields)
    }
    let isBehindFailure = message.orderedGroupID.map(failedGroupIDs.contains) ?? false
    guard !errors.isEmpty || isBehindFailure else { return }
    if errors.isEmpty {
      log.warn(
        "message \(message.messageID) returns to the queue because an earlier message of its group failed"
      )
    }
    if errors.contains(where: { !$0.isRejection }) { faultyMessageCount += 1 }
    failures += errors
    failedMessageIDs.append(message.messageID)
    if let group = message.orderedGroupID { failedGroupIDs.insert(group) }
  }
}
