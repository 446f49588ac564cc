import AWSClient

/// One line of advice for the most frequent errors of an operator.
enum ControlAdvice {
  /// IAM actions have the operation's name, except for these.
  private static let actions = [
    "Invoke": "InvokeFunction", "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
  ]

  static func access<Operation: ControlOperation>(_ operation: Operation) -> String {
    let action = actions[Operation.operationName] ?? Operation.operationName
    return "Your user or role needs \(Operation.service.name):\(action)"
  }

  static func text(for error: AWSError) -> String? {
    switch error.code.rawValue {
    case "ResourceLimitExceeded": QuotaAdvice.text(for: error.detail)
    case "AccessDeniedException" where error.detail.contains("iam:PassRole"):
      "Your user or role needs iam:PassRole on the role that SageMaker uses"
    case "ValidationException" where error.detail.lowercased().contains("assume role"):
      "The role must exist, and its trust policy must let sagemaker.amazonaws.com assume it"
    case "PreconditionFailedException":
      "It was changed meanwhile: inspect it, then repeat the command"
    case "ResourceConflictException" where Conflict.isInProgress(error):
      "Another change is in progress: wait until it is done, then repeat the command"
    case "CodeStorageExceededException":
      "The account's code storage is full: delete old versions with versions prune"
    case "ResourceNotFoundException":
      "Check --function-name, --qualifier and --region"
    case "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue":
      "Check --queue, --region and --profile"
    case "InvalidClientTokenId", "UnrecognizedClientException":
      "The access key does not exist: check --profile, or sign in again"
    case "ExpiredToken", "ExpiredTokenException", "RequestExpired":
      "The credentials have expired: sign in again"
    case "TooManyRequestsException", "ThrottlingException", "Throttling":
      "AWS throttles these calls: wait a minute, then repeat the command"
    default: nil
    }
  }
}
