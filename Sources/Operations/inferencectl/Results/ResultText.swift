import AWSControl
import Foundation
import Results

/// Results as text and as JSON.
enum ResultText {
  /// `0.4130`; empty without one.
  static func probability(_ value: Double?) -> String {
    value.map { String(format: "%.4f", $0) } ?? ""
  }

  static func json(_ result: StoredResult) -> OperationInput {
    let document = result.document
    return [
      "bucket": document.image.bucket, "key": document.image.key,
      "versionId": document.image.versionID,
      "written": UTCTime.text(unixMilliseconds: result.writtenUnixMilliseconds),
      "class": document.best?.label, "probability": document.best?.probability,
      "endpoint": document.endpoint, "variant": document.variant, "requestId": document.requestID,
      "s3Milliseconds": document.s3Milliseconds,
      "endpointMilliseconds": document.endpointMilliseconds, "resultKey": result.key,
    ]
  }
}
