/// How the endpoint is hosted.
package enum EndpointKind: Sendable {
  /// Instances that answer InvokeEndpoint.
  case realtime
  /// Execution environments that start on demand and answer InvokeEndpoint.
  case serverless(ServerlessEndpoint)
  /// A queue in front of instances, filled by InvokeEndpointAsync.
  case asynchronous(AsynchronousEndpoint)
}

/// `ServerlessConfig` of the endpoint's variant, and the duration of its cold starts.
///
/// Source: https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
package struct ServerlessEndpoint: Sendable {
  /// 4 MB, for the image and for the reply.
  package static let maximumPayloadBytes = 4_194_304

  /// `MaxConcurrency`, 1 to 200: the number of requests under way; further ones are throttled.
  package var maximumConcurrency = 5
  /// `ProvisionedConcurrency`: the number of environments that are always warm.
  package var provisionedConcurrency = 0
  /// The time until a new environment answers its first request.
  package var coldStartMilliseconds = 0

  package init() {}
}

/// `AsyncInferenceConfig` of the endpoint, and the faults of this run.
///
/// Source: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html
package struct AsynchronousEndpoint: Sendable {
  /// `S3OutputPath`.
  package var outputPath: S3Location
  /// `S3FailurePath`; nil stores no failures.
  package var failurePath: S3Location?
  /// `SuccessTopic`.
  package var successTopicARN = "arn:aws:sns:us-east-1:123456789012:inference-completed"
  /// `ErrorTopic`.
  package var errorTopicARN = "arn:aws:sns:us-east-1:123456789012:inference-failed"
  /// `IncludeInferenceResponseIn`, for both topics.
  package var includesResponse = true
  /// The time that a request waits in the queue, for example for an instance to start.
  package var delayMilliseconds = 0
  /// Whether the container fails for a request, given its number, from 1, and its InputLocation.
  package var fails: @Sendable (Int, String) -> Bool = { _, _ in false }
  /// Called when a request has ended, in the order of the requests, on a thread of the endpoint.
  package var notify: @Sendable (AsynchronousNotification) -> Void

  package init(
    outputPath: S3Location, failurePath: S3Location?,
    notify: @escaping @Sendable (AsynchronousNotification) -> Void
  ) {
    self.outputPath = outputPath
    self.failurePath = failurePath
    self.notify = notify
  }
}

/// A bucket and a key or prefix in it.
package struct S3Location: Sendable, Equatable, CustomStringConvertible {
  package let bucket: String
  /// Without a slash at its ends when it is a path; may be empty.
  package let key: String

  package init(bucket: String, key: String) {
    self.bucket = bucket
    self.key = key
  }

  /// Reads `s3://BUCKET[/PREFIX]`; nil for anything else.
  package init?(path: String) {
    guard path.hasPrefix("s3://") else { return nil }
    let parts = path.dropFirst(5).split(separator: "/")
    guard let bucket = parts.first, !path.hasPrefix("s3:///") else { return nil }
    self.init(bucket: String(bucket), key: parts.dropFirst().joined(separator: "/"))
  }

  /// `s3://BUCKET/KEY`
  package var description: String { "s3://\(bucket)/\(key)" }

  /// The location below this path; empty parts are left out.
  func appending(_ parts: String...) -> S3Location {
    S3Location(
      bucket: bucket, key: ([key] + parts).filter { !$0.isEmpty }.joined(separator: "/"))
  }

  /// Whether an object lies below this path.
  package func contains(bucket: String, key: String) -> Bool {
    self.bucket == bucket && (self.key.isEmpty || key.hasPrefix("\(self.key)/"))
  }
}
