/// What answers an endpoint's requests.
///
/// Source: https://docs.aws.amazon.com/sagemaker/latest/dg/deploy-model.html
package enum EndpointKind: String, Sendable {
  /// Instances, which answer at once.
  case realTime = "realtime"
  /// Environments that start with the requests, and are not billed while idle.
  case serverless
  /// Instances behind a queue, which answer through S3 and may be none.
  case asynchronous

  /// For messages: `real-time`.
  package var text: String { self == .realTime ? "real-time" : rawValue }
}
