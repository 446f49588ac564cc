import LambdaEvents
import LambdaRuntime
import Platform

/// Answers to events that a service sent: S3 (also by SNS and EventBridge), SQS, S3 Batch Operations.
extension ImageClassifier {
  /// A notification fails as a whole when any of its images fails: only then does Lambda try it
  /// again and hand it to the failure destination.
  func answer(
    _ records: [S3Record.Outcome], _ invocation: Invocation, _ log: Log
  ) throws(InvocationError) -> [UInt8] {
    let images = images(in: records, log)
    var classified: [Classification] = []
    var failures: [ClassificationError] = []
    for outcome in outcomes(images, invocation, log) {
      switch outcome {
      case .success(let classification): classified.append(classification)
      case .failure(let error): failures.append(error)
      }
    }
    guard failures.isEmpty else { throw InvocationError(failures, ofImages: images.count) }
    return response(classified).serialized()
  }

  /// Only the messages that failed return to the queue.
  func answer(_ messages: [SQSMessage], _ invocation: Invocation, _ log: Log) -> [UInt8] {
    var images: [Result<ImageSource, ClassificationError>] = []
    var messageIDs: [String] = []
    for message in messages {
      let contents = self.images(in: message, log)
      images += contents
      messageIDs += Array(repeating: message.messageID, count: contents.count)
    }
    var failed: [String] = []
    for (messageID, outcome) in zip(messageIDs, outcomes(images, invocation, log)) {
      guard case .failure(let error) = outcome else { continue }
      log.error("message \(messageID): \(error.errorType): \(error.message)")
      if failed.last != messageID { failed.append(messageID) }
    }
    return SQSBatchResponse(failedMessageIDs: failed).serialized()
  }

  /// One result code a task: the job's report then says what became of each object.
  func answer(_ batch: S3BatchInvocation, _ invocation: Invocation, _ log: Log) -> [UInt8] {
    let images = batch.tasks.map { task in
      task.object.map { ImageSource.object($0) }.mapError { ClassificationError($0) }
    }
    let results = zip(batch.tasks, outcomes(images, invocation, log)).map { task, outcome in
      switch outcome {
      case .success(let classification):
        let best = classification.ranking.first
        return S3BatchResponse.TaskResult(
          taskID: task.taskID, code: .succeeded,
          text: best.map { "\($0.label) \($0.probability)" } ?? "")
      case .failure(let error):
        log.error("task \(task.taskID): \(error.errorType): \(error.message)")
        return S3BatchResponse.TaskResult(
          taskID: task.taskID, code: error.retryCanHelp ? .temporaryFailure : .permanentFailure,
          text: "\(error.errorType): \(error.message)")
      }
    }
    return S3BatchResponse(to: batch, results: results).serialized()
  }

  private func images(
    in message: SQSMessage, _ log: Log
  ) -> [Result<ImageSource, ClassificationError>] {
    switch message.contents {
    case .success(.records(let records)): return images(in: records, log)
    case .success(.test(let test)):
      log.info("test event for bucket \(test.bucket): nothing to classify")
      return []
    case .failure(let error): return [.failure(ClassificationError(error))]
    }
  }

  /// Leaves out what is nothing to classify: removed and restored objects, and results of our own.
  private func images(
    in records: [S3Record.Outcome], _ log: Log
  ) -> [Result<ImageSource, ClassificationError>] {
    records.compactMap { outcome in
      switch outcome {
      case .failure(let error): return .failure(ClassificationError(error))
      case .success(let record):
        let source = ImageSource.object(record.object)
        guard record.isCreation else {
          log.info("\(record.eventName) of \(source.name) skipped")
          return nil
        }
        if configuration.resultLocation?.holdsResult(record.object) == true {
          log.warn(
            "\(source.name) is a result of this function and was skipped: its bucket "
              + "sends events for the results, too")
          return nil
        }
        return .success(source)
      }
    }
  }
}
