import Platform

extension Classification {
  /// Logs one line about the image: its class, how long that took, and where the result is.
  ///
  /// - Parameter resultKey: nil when no result was stored.
  func log(to log: Log, resultKey: String?) {
    log.info(logMessage(resultKey), logFields(resultKey))
  }

  private func logMessage(_ resultKey: String?) -> String {
    var text = source.name
    if let version = readVersionID { text += " version \(version)" }
    text += ": \(summary) ("
    if let milliseconds = s3Milliseconds { text += "S3 \(milliseconds) ms, " }
    text += "endpoint \(measurements.endpointMilliseconds) ms"
    if let bytes = imageBytes { text += ", \(bytes) bytes" }
    return text + ")" + (resultKey.map { ", result \($0)" } ?? "")
  }

  private func logFields(_ resultKey: String?) -> LogFields {
    source.logFields.adding(
      LogFields([
        ("versionId", readVersionID.map { .text($0) }), ("class", .text(best.label.text)),
        ("probability", best.probability.map { .decimal($0) }),
        ("s3Milliseconds", s3Milliseconds.map { .number($0) }),
        ("endpointMilliseconds", .number(measurements.endpointMilliseconds)),
        ("imageBytes", imageBytes.map { .number($0) }),
        ("resultKey", resultKey.map { .text($0) }),
      ]))
  }

  private var readVersionID: String? {
    guard case .object(let object) = source else { return nil }
    return versionID ?? object.versionID
  }

  /// Nil where the container fetches the image.
  private var imageBytes: Int64? {
    measurements.imageBytes > 0 ? Int64(measurements.imageBytes) : nil
  }

  /// Nil where the function did not read the image from S3.
  private var s3Milliseconds: Int64? {
    guard case .object = source, imageBytes != nil else { return nil }
    return measurements.s3Milliseconds
  }
}
