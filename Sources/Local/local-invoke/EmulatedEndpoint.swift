import ArgumentParser
import LocalAWS

/// The kind of the emulated endpoint, and what the function and S3 require for it.
struct EmulatedEndpoint {
  private static let outputPath = "s3://local-inference/output"
  private static let failurePath = "s3://local-inference/failures"
  /// The launch blog's example of a cold start.
  private static let coldStartMilliseconds = 6000

  let kind: EndpointKind
  /// The function's variables for this kind.
  let environment: [String: String]
  /// Nil unless the endpoint is asynchronous.
  let notifications: ResultNotifications?
  /// Where an asynchronous endpoint stores replies and failures.
  let replyPaths: [S3Location]

  init(_ options: EndpointKindOptions, _ caller: Caller) throws {
    switch options.endpointKind ?? EndpointKindOptions.Kind(caller) {
    case .asynchronous:
      let output = try Self.path("ASYNC_OUTPUT_PATH", caller, Self.outputPath)
      let failure = try Self.path("ASYNC_FAILURE_PATH", caller, Self.failurePath)
      let notifications = ResultNotifications(
        options.asyncNotifications ?? .once, by: options.asyncResults ?? .sns)
      var endpoint = AsynchronousEndpoint(
        outputPath: output.location, failurePath: failure.location, notify: notifications.add)
      endpoint.delayMilliseconds = options.asyncDelay ?? 0
      if let failing = options.asyncFail {
        endpoint.fails = { number, location in
          Int(failing) == number || location.hasSuffix("/\(failing)")
        }
      }
      kind = .asynchronous(endpoint)
      environment = [
        "ENDPOINT_KIND": "asynchronous", "ASYNC_OUTPUT_PATH": output.text,
        "ASYNC_FAILURE_PATH": failure.text,
      ]
      self.notifications = notifications
      replyPaths = [output.location, failure.location]
    case .serverless:
      var endpoint = ServerlessEndpoint()
      endpoint.coldStartMilliseconds = options.serverlessColdStart ?? Self.coldStartMilliseconds
      endpoint.maximumConcurrency = options.serverlessMaxConcurrency ?? endpoint.maximumConcurrency
      endpoint.provisionedConcurrency = options.serverlessProvisioned ?? 0
      kind = .serverless(endpoint)
      environment = ["ENDPOINT_KIND": "serverless"]
      notifications = nil
      replyPaths = []
    case let other:
      kind = .realtime
      environment = other.map { ["ENDPOINT_KIND": $0.rawValue] } ?? [:]
      notifications = nil
      replyPaths = []
    }
  }

  private static func path(
    _ name: String, _ caller: Caller, _ fallback: String
  ) throws -> (text: String, location: S3Location) {
    let text = caller[name] ?? fallback
    guard let location = S3Location(path: text) else {
      throw ValidationError("\(name) must be s3://BUCKET/PREFIX, not \(text).")
    }
    return (text, location)
  }
}
