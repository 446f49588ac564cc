import AWSClient
import AWSControl
import JSON

/// One invocation of an endpoint that has become InService.
///
/// SageMaker's health check is not enough: TorchServe answers `/ping` with "Healthy" while its
/// workers die because the model cannot be loaded.
package struct EndpointProbe: Sendable {
  package let endpointName: String
  /// The variant that serves the new model; nil when there is only one.
  package var variant: String?
  package var image: [UInt8]
  package var contentType = "image/jpeg"
  /// Limit of each attempt; a serverless endpoint may need 4 minutes for the first answer.
  package var attemptMilliseconds: Int64 = 70_000
  /// Number of classes that the model must answer with; nil is unknown.
  package var classCount: Int?

  /// A probe with the built-in photograph.
  package init(endpointName: String, variant: String? = nil, classCount: Int? = nil) {
    self.endpointName = endpointName
    self.variant = variant
    self.classCount = classCount
    image = ProbePhotograph.jpeg
  }

  /// Invokes the endpoint once and reads the answer.
  ///
  /// - Throws: `Refusal` when the model fails, answers with nothing, with NaN, or with another
  ///   number of classes; `AWSError` or `CredentialError` when the endpoint could not be invoked at
  ///   all, for example without the permission.
  package func run(with client: ControlClient) throws {
    let body: [UInt8]
    do {
      body = try client.invokeEndpoint(
        endpointName, variant: variant, image: image, contentType: contentType,
        attemptMilliseconds: attemptMilliseconds)
    } catch let error as AWSError where !error.isCallersFault {
      throw refusal("failed: \(error)")
    }
    guard !body.isEmpty else { throw refusal("answered with an empty body") }
    guard !String(decoding: body, as: UTF8.self).contains("NaN") else {
      throw refusal("answered with NaN: the training diverged")
    }
    guard let classCount, let count = Self.valueCount(body), count != classCount else { return }
    throw refusal("answered with \(count) values, but its archive has \(classCount) labels")
  }

  /// The number of values in `[[…]]` or `[…]`; nil for an answer of another shape.
  private static func valueCount(_ body: [UInt8]) -> Int? {
    guard let list = (try? JSONValue(parsing: body))?.arrayValue else { return nil }
    let row = list.count == 1 ? list[0].arrayValue ?? list : list
    return row.allSatisfy { $0.doubleValue != nil } ? row.count : nil
  }

  private func refusal(_ problem: String) -> Refusal {
    Refusal(
      "Endpoint \(endpointName) is InService, but its model \(problem)",
      advice: "Check the log group /aws/sagemaker/Endpoints/\(endpointName)")
  }
}
