import AWSClient
import JSON

/// One line of advice for the errors that an operator meets most.
enum ControlAdvice {
  /// IAM's actions are named after the operations, but for these.
  private static let actions = [
    "Invoke": "InvokeFunction", "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
  ]

  /// The permission that a call needs.
  static func access<Operation: ControlOperation>(_ operation: Operation) -> String {
    let action = actions[Operation.operationName] ?? Operation.operationName
    return "Your user or role needs \(Operation.service.name):\(action)"
  }

  static func text(for error: AWSError) -> String? {
    switch error.code.rawValue {
    case "ResourceLimitExceeded": QuotaAdvice.text(for: error.detail)
    case "AccessDeniedException" where error.detail.contains("iam:PassRole"):
      "Your user or role needs iam:PassRole on the role that SageMaker shall use"
    case "ValidationException" where error.detail.lowercased().contains("assume role"):
      "The role has to exist, and its trust policy has to let sagemaker.amazonaws.com assume it"
    case "PreconditionFailedException":
      "Somebody changed it meanwhile: look at it again, then repeat the command"
    case "ResourceConflictException":
      "Another change is under way: wait until it is done, then repeat the command"
    case "CodeStorageExceededException":
      "The account's code storage is full: delete old versions with versions prune"
    case "ResourceNotFoundException":
      "Check --function-name, --qualifier and --region"
    case "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue":
      "Check --queue, --region and --profile"
    case "InvalidClientTokenId", "UnrecognizedClientException":
      "The access key id is unknown: check --profile, or sign in again"
    case "ExpiredToken", "ExpiredTokenException", "RequestExpired":
      "The credentials' time is over: sign in again"
    case "TooManyRequestsException", "ThrottlingException", "Throttling":
      "AWS limits the rate of these calls; wait a minute"
    default: nil
    }
  }
}

extension AWSError {
  /// The same error with the operator's advice in place of the function's, and Lambda's reason of a 429.
  func forOperator<Operation: ControlOperation>(
    _ operation: Operation, body: [UInt8]
  ) -> AWSError {
    let reason = (try? JSONValue(parsing: body))?["Reason"]?.stringValue
    return AWSError(
      operation: self.operation, service: service, code: code,
      detail: detail + (reason.map { " [\($0)]" } ?? ""), status: status, requestID: requestID,
      originalStatus: originalStatus, isTransient: isTransient,
      advice: ControlAdvice.text(for: self) ?? advice)
  }
}
