import Foundation
import JSON
import Results

/// The tasks of a report as rows of CSV (RFC 4180, with a header; texts as `CSVLine` writes them) or as JSON Lines, for
/// other programs.
package struct ResultRows {
  package enum Format: String, Sendable, CaseIterable {
    case csv, jsonl
  }

  private let format: Format

  package init(_ format: Format) { self.format = format }

  /// What stands before the first row.
  package var header: String {
    format == .csv ? "bucket,key,version_id,status,class,probability,code,text\r\n" : ""
  }

  package func text(_ row: ReportRow) -> String {
    var name: String?
    var probability: Double?
    if row.isSucceeded, case .classified(let found, let value) = ResultText(row.text) {
      (name, probability) = (found, value)
    }
    let text = name == nil ? row.text : nil
    let status = row.isSucceeded ? "succeeded" : "failed"
    let version = row.object.versionID
    switch format {
    case .csv:
      let fields = [
        row.object.bucket, row.object.key, version ?? "", status, name ?? "",
        probability.map { "\($0)" } ?? "", row.code, text ?? "",
      ]
      return fields.map(CSVLine.text).joined(separator: ",") + "\r\n"
    case .jsonl:
      var object = JSONObject()
      let members: [(String, String?)] = [
        ("bucket", row.object.bucket), ("key", row.object.key), ("versionId", version),
        ("status", status), ("class", name),
      ]
      for (key, value) in members { if let value { object.set(key, to: .string(value)) } }
      if let probability { object.set("probability", to: .number(JSONNumber(probability))) }
      if !row.code.isEmpty { object.set("code", to: .string(row.code)) }
      if let text, !text.isEmpty { object.set("text", to: .string(text)) }
      return String(decoding: JSONValue.object(object).serialized(), as: UTF8.self) + "\n"
    }
  }
}
