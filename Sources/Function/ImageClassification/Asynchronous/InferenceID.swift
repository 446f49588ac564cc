import LambdaEvents
import SageMakerRuntime
import SigV4

/// The ID of an asynchronous inference: `SEQUENCER-HASH`; of a request without a sequencer (console, HTTP, S3 Batch
/// Operations) `rREQUESTID-HASH`; of an image in the request itself `rREQUESTID`.
///
/// HASH is the beginning of the SHA-256 of bucket, key, and version, the latter two preceded by NUL. The ID identifies
/// an inference in logs and messages; the order of results is in it only for an endpoint that does not put the trace
/// into the path of its output.
enum InferenceID {
  private static let hashDigits = 24
  /// Room for a sequencer or a request's ID.
  private static let maximumOrderBytes =
    InvokeEndpointAsyncRequest.maximumInferenceIDBytes - hashDigits - 1

  /// - Parameter object: nil for an image in the request.
  static func text(of object: S3ObjectReference?, requestID: String) -> String {
    let plain = requestID.utf8.prefix(maximumOrderBytes - 1).filter { (0x21...0x7E).contains($0) }
    let request = "r" + String(decoding: plain, as: UTF8.self)
    guard let object else { return request }
    let sequencer = object.sequencer.flatMap { isSequencer($0) ? $0 : nil }
    return "\(sequencer ?? request)-\(hash(of: object))"
  }

  /// Nil when the ID is not that of an event about this object without a version.
  static func sequencer(in id: String, of object: S3ObjectReference) -> String? {
    let suffix = "-" + hash(of: object)
    guard id.hasSuffix(suffix) else { return nil }
    let order = String(id.dropLast(suffix.count))
    return isSequencer(order) ? order : nil
  }

  private static func isSequencer(_ text: String) -> Bool {
    (1...maximumOrderBytes).contains(text.utf8.count)
      && text.utf8.allSatisfy { "0123456789abcdefABCDEF".utf8.contains($0) }
  }

  private static func hash(of object: S3ObjectReference) -> String {
    let text = "\(object.bucket)\0\(object.key)\0\(object.versionID ?? "")"
    return String(SHA256.hexDigest(Array(text.utf8)).prefix(hashDigits))
  }
}
