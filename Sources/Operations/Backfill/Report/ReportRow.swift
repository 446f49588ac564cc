/// One task of a completion report.
///
/// The columns as S3 writes them: Bucket, Key, VersionId, TaskStatus, HTTPStatusCode, ErrorCode, ResultMessage. Its
/// guide lists the code before the status, so that three digits decide which is which.
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-examples-reports.html
package struct ReportRow: Sendable, Equatable {
  /// As in the manifest.
  package let object: ManifestRow
  package let isSucceeded: Bool
  /// `PermanentFailure`; empty for a success.
  package let code: String
  /// The words of the function, or S3's about a task that failed.
  package let text: String

  package init(object: ManifestRow, isSucceeded: Bool, code: String, text: String) {
    self.object = object
    self.isSucceeded = isSucceeded
    self.code = code
    self.text = text
  }

  /// - Returns: nil for a line that is not a task.
  init?(_ line: [UInt8]) {
    let fields = LenientCSV.fields(line)
    guard let status = [3, 2].first(where: { $0 < fields.count && Self.isStatus(fields[$0]) })
    else { return nil }
    object = ManifestRow(
      bucket: fields[0], encodedKey: fields[1],
      versionID: status == 3 && !fields[2].isEmpty ? fields[2] : nil)
    isSucceeded = fields[status].lowercased() == "succeeded"
    let rest = fields[(status + 1)...].prefix(2)
    code = rest.first { !Self.isHTTPStatus($0) && !$0.isEmpty } ?? ""
    // A text whose quotation marks are not doubled comes apart at its commas.
    text = fields.dropFirst(status + 3).joined(separator: ",")
  }

  /// As S3 writes it, for the report of a local run.
  package var line: String {
    let version = object.versionID ?? ""
    return
      "\(object.bucket),\(object.encodedKey),\(version),\(isSucceeded ? "succeeded" : "failed"),200,\(code),"
      + LenientCSV.quotedField(text.replacing("\n", with: " ").replacing("\r", with: " "))
  }

  package init(_ object: ManifestRow, _ outcome: TaskOutcome) {
    switch outcome {
    case .succeeded(let text):
      self.init(object: object, isSucceeded: true, code: "", text: text)
    case .failed(let failure, let text):
      self.init(object: object, isSucceeded: false, code: failure.rawValue, text: text)
    }
  }

  private static func isStatus(_ field: String) -> Bool {
    ["succeeded", "failed"].contains(field.lowercased())
  }

  private static func isHTTPStatus(_ field: String) -> Bool {
    field.utf8.count == 3 && field.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
}
