import Platform
import S3
import SageMakerRuntime

/// What every image needs; made once, when the function starts.
final class ClassificationTools {
  let configuration: ClassifierConfiguration
  let s3: S3Client
  let sageMaker: SageMakerRuntimeClient
  /// Nil when results are not stored.
  let resultStore: ResultStore?
  let clock: Clock
  let warnings = ReplyWarnings()

  init(
    configuration: ClassifierConfiguration, s3: S3Client, sageMaker: SageMakerRuntimeClient,
    resultStore: ResultStore?, clock: Clock
  ) {
    self.configuration = configuration
    self.s3 = s3
    self.sageMaker = sageMaker
    self.resultStore = resultStore
    self.clock = clock
  }
}

/// Warnings about how replies are read, each once in the life of the process. What is read does not depend on them.
final class ReplyWarnings {
  private var hasWarned = false

  func warn(_ doubt: String, to log: Log) {
    if hasWarned { return }
    hasWarned = true
    log.warn(doubt)
  }
}
