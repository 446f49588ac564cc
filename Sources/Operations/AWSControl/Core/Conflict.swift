import AWSClient

/// The two meanings of Lambda's `ResourceConflictException`: "The resource already exists, or
/// another operation is in progress."
///
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html#API_UpdateFunctionCode_Errors
enum Conflict {
  /// Between two attempts while another change is in progress.
  static let pauseMilliseconds: Int64 = 2_000

  /// Lambda has one code for both meanings, so that its words decide.
  private static let wordsOfProgress = [
    "in progress", "at this time", "not active", "currently in the following state", "pending",
  ]

  /// Whether the conflict ends by itself.
  static func isInProgress(_ error: AWSError) -> Bool {
    guard error.code.rawValue == "ResourceConflictException" else { return false }
    let text = error.detail.lowercased()
    return text.isEmpty || wordsOfProgress.contains { text.contains($0) }
  }

  static func isExistence(_ error: AWSError) -> Bool {
    error.code.rawValue == "ResourceConflictException" && !isInProgress(error)
  }
}
