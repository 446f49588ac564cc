import AWSControl
import Training

/// Where the label of a photograph comes from.
package enum LabelRule {
  /// The folder that it is in.
  case folder
  /// The first group of a regular expression, or all that it matches, in the key.
  case pattern(Regex<AnyRegexOutput>)
  /// A CSV file of keys and labels.
  case table([String: String])

  /// - Throws: `Refusal` for an expression that is not one.
  package static func checked(pattern: String) throws(Refusal) -> LabelRule {
    do { return .pattern(try Regex(pattern)) } catch {
      throw Refusal(
        "--label-pattern \(pattern) is not a regular expression",
        advice: #"For example: --label-pattern '([^/]+)/[^/]+$'"#)
    }
  }

  /// Reads a CSV file with the columns `key` (also `file`, `path`, `image`) and `label` (also `class`), in any order,
  /// other columns are left out; without such a header, the first two columns.
  ///
  /// - Throws: `Refusal` for what is not such a file, and for two labels of one key.
  package static func table(csv bytes: [UInt8], path: String) throws(Refusal) -> LabelRule {
    guard var rows = CSVText.rows(bytes) else {
      throw Refusal("\(path) is not CSV in UTF-8", advice: "Its lines must be key,label")
    }
    var (keyColumn, labelColumn) = (0, 1)
    let header = (rows.first ?? []).map { $0.lowercased() }
    // In this order: an export that was labeled has the model's `class` before the `label`.
    if let key = ["key", "file", "path", "image"].lazy.compactMap(header.firstIndex(of:)).first,
      let label = ["label", "class"].lazy.compactMap(header.firstIndex(of:)).first
    {
      (keyColumn, labelColumn) = (key, label)
      rows.removeFirst()
    }
    var labels: [String: String] = [:]
    for row in rows {
      guard row.indices.contains(keyColumn), row.indices.contains(labelColumn) else {
        throw Refusal(
          "\(path) has a line without a label: \(row.joined(separator: ","))",
          advice: "Its lines must be key,label")
      }
      let label = row[labelColumn]
      if let other = labels[row[keyColumn]], other != label {
        throw Refusal("\(path) has two labels for \(row[keyColumn]): \(other) and \(label)")
      }
      if !label.isEmpty { labels[row[keyColumn]] = label }
    }
    guard !labels.isEmpty else { throw Refusal("\(path) has no labels") }
    return .table(labels)
  }

  /// Nil where there is none.
  package func label(of key: String) -> String? {
    switch self {
    case .folder:
      let parts = key.split(separator: "/", omittingEmptySubsequences: true)
      return parts.count > 1 ? String(parts[parts.count - 2]) : nil
    case .pattern(let pattern):
      guard let match = try? pattern.firstMatch(in: key) else { return nil }
      let group = match.output.count > 1 ? match.output[1] : match.output[0]
      return group.substring.flatMap { $0.isEmpty ? nil : String($0) }
    case .table(let labels): return labels[key]
    }
  }
}
