import AWSControl

extension PlannedWrite {
  /// What `--dry-run` prints: operation, request line, body.
  var text: String {
    let request = "would send \(title)\n  \(method) \(url)"
    guard let body else { return request }
    let lines = PrettyJSON.text(body).split(separator: "\n").map { "  \($0)" }
    return request + "\n" + lines.joined(separator: "\n")
  }
}
