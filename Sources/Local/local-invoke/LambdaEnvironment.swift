import Foundation

/// The variables that Lambda sets for a function's process.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
enum LambdaEnvironment {
  /// The complete environment. Only the variables of the settings are inherited from the caller.
  static func variables(_ settings: FunctionHost.Settings, runtimeAPI: String) -> [String: String] {
    var variables = settings.environment
    let taskRoot = settings.bootstrap.deletingLastPathComponent().path
    let own = [
      "AWS_LAMBDA_RUNTIME_API": runtimeAPI,
      "AWS_LAMBDA_FUNCTION_NAME": "function",
      "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
      "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": String(settings.memoryMB),
      "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
      "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/function",
      "AWS_LAMBDA_LOG_STREAM_NAME": logStreamName(),
      "_HANDLER": "bootstrap",
      "LAMBDA_TASK_ROOT": taskRoot,
      "LAMBDA_RUNTIME_DIR": "/var/runtime",
      "PATH": "/usr/local/bin:/usr/bin/:/bin:/opt/bin",
      "LANG": "en_US.UTF-8",
      "TZ": ":UTC",
    ]
    variables.merge(own) { _, new in new }
    return variables
  }

  /// `2025/11/22/[$LATEST]0123…`, one for each environment.
  private static func logStreamName() -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "yyyy/MM/dd"
    let identifier = UUID().uuidString.filter { $0 != "-" }.lowercased()
    return "\(formatter.string(from: Date()))/[$LATEST]\(identifier)"
  }
}

extension Date {
  /// `2025-11-22T10:15:30.123Z`, as AWS writes it.
  var withMilliseconds: String {
    formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}
