import Training

/// How `local-invoke` is started.
package struct ReplayProgram: Sendable {
  package let path: String
  /// The model: `--container URL`, `--model PATH`, `--aws`, ….
  package let arguments: [String]
  package let environment: [String: String]
  /// `direct` puts the photograph into the local S3; `http` sends it in the event.
  package let event: String

  /// - Parameter environment: the caller's. The answers must have all classes and the log each invocation's times.
  package init(
    path: String, arguments: [String], environment: [String: String], event: String
  ) {
    (self.path, self.arguments, self.event) = (path, arguments, event)
    var environment = environment
    for name in ["TOP_K", "LOG_RESULTS", "RESULT_BUCKET"] { environment[name] = nil }
    environment["AWS_LAMBDA_LOG_FORMAT"] = "JSON"
    environment["AWS_LAMBDA_LOG_LEVEL"] = "INFO"
    environment["METRICS"] = "off"
    self.environment = environment
  }

  package func command(_ paths: [String]) -> LocalPython.Command {
    // No option by accident: the paths are absolute.
    LocalPython.Command(
      [path] + arguments + ["--event", event, "--output", "json"] + paths)
  }
}
