import Foundation
import Platform

/// JSON as AWS exports it, as rows.
extension TraceText {
  /// `aws cloudwatch get-metric-data` and `get-metric-statistics`, `aws logs get-query-results`, an array of objects,
  /// or JSON Lines.
  mutating func readJSON() throws(TraceError) {
    let whole = try? JSONSerialization.jsonObject(with: Data(bytes))
    if let object = whole as? [String: Any] {
      if let results = object["MetricDataResults"] as? [[String: Any]] {
        try readMetricData(results, isCut: object["NextToken"] is String)
      } else if let points = object["Datapoints"] as? [[String: Any]] {
        try readStatistics(points, label: object["Label"] as? String ?? "")
      } else if let results = object["results"] as? [[[String: Any]]] {
        try readQueryResults(results, status: object["status"] as? String)
      } else {
        // A file of one line.
        try readObjects([object], kind: "JSON Lines")
      }
    } else if let objects = whole as? [[String: Any]] {
      try readObjects(objects, kind: "a JSON array")
      rows = RowNumbering(word: "element", offset: 1)
    } else if whole == nil {
      try readLines()
    } else {
      throw .notText(
        "it is JSON, but neither CloudWatch's get-metric-data or get-metric-statistics nor rows of objects"
      )
    }
  }

  private mutating func readMetricData(
    _ results: [[String: Any]], isCut: Bool
  ) throws(TraceError) {
    let names = results.map { "\($0["Id"] as? String ?? "")".lowercased() }
    let labels = results.map { "\($0["Label"] as? String ?? "")" }
    let wanted = format.countColumn?.lowercased()
    let candidates = results.indices.filter { index in
      if let wanted { return names[index] == wanted || labels[index].lowercased() == wanted }
      return HeaderName(labels[index]).isCount || HeaderName(names[index]).isCount
    }
    guard candidates.count == 1, let index = candidates.first else {
      let known = results.indices.map { VisibleText.escaped("\(names[$0]) (\(labels[$0]))") }
        .joined(separator: ", ")
      throw .unclear(
        "which of its metrics counts requests: it has \(known)",
        rows: [], advice: "Name its id with --count-column")
    }
    let result = results[index]
    guard !isCut, (result["StatusCode"] as? String ?? "Complete") == "Complete" else {
      throw .notText("it is not the whole answer (NextToken or PartialData): fetch all pages")
    }
    guard let times = result["Timestamps"] as? [Any], let values = result["Values"] as? [Any],
      times.count == values.count
    else { throw .notText("its Timestamps and Values are not of one length") }
    var text = "time,count\n"
    for (time, value) in zip(times, values) { text += Self.row([time, value]) }
    become(text, "CloudWatch metric data of \(VisibleText.escaped(labels[index]))", word: "point")
  }

  private mutating func readStatistics(
    _ points: [[String: Any]], label: String
  ) throws(TraceError) {
    // The sum of a count is requests; of anything else only the number of samples is.
    let isCount =
      HeaderName(label).meaning == .count || points.contains { $0["Unit"] as? String == "Count" }
    let key = isCount && points.contains { $0["Sum"] != nil } ? "Sum" : "SampleCount"
    guard points.isEmpty || points.contains(where: { $0[key] != nil }) else {
      throw .notText(
        "its points of \(label.isEmpty ? "the metric" : label) have no Sum of a count and no SampleCount: fetch them with --statistics Sum"
      )
    }
    var text = "time,count\n"
    for point in points { text += Self.row([point["Timestamp"] ?? "", point[key] ?? ""]) }
    become(
      text, "CloudWatch statistics, the \(key) of \(VisibleText.escaped(label))", word: "point")
  }

  private mutating func readQueryResults(
    _ results: [[[String: Any]]], status: String?
  ) throws(TraceError) {
    guard status == nil || status == "Complete" else {
      throw .notText("the query's status is \(status ?? ""): fetch its results when it is Complete")
    }
    let objects = results.map { row in
      Dictionary(
        row.compactMap { cell in
          (cell["field"] as? String).map { ($0, cell["value"] ?? "") }
        }, uniquingKeysWith: { $1 })
    }
    try readObjects(objects, kind: "results of a Logs Insights query")
    rows = RowNumbering(word: "result", offset: 1)
  }

  private mutating func readLines() throws(TraceError) {
    var objects: [[String: Any]?] = []
    for (index, line) in bytes.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    ).enumerated() {
      if line.allSatisfy(Self.isSpace) {
        objects.append(nil)
        continue
      }
      guard let object = (try? JSONSerialization.jsonObject(with: Data(line))) as? [String: Any]
      else {
        throw .badRows([BadRow(line: index + 1, reason: "it is not a JSON object")], count: 1)
      }
      objects.append(object)
    }
    try readObjects(objects, kind: "JSON Lines")
  }

  /// A row for each object, in columns of all keys; an empty row for nil.
  ///
  /// - Throws: ``TraceError/noColumn(_:)`` when no key is a time.
  private mutating func readObjects(
    _ objects: [[String: Any]?], kind: String
  ) throws(TraceError) {
    let keys = Set(objects.flatMap { $0?.keys.map { $0 } ?? [] })
      .sorted {
        HeaderName($0).order == HeaderName($1).order
          ? $0 < $1 : HeaderName($0).order < HeaderName($1).order
      }
    guard format.column != nil || keys.contains(where: { HeaderName($0).meaning == .time }) else {
      throw .noColumn(
        "no member of its objects is named as a time: name it with --column; they have "
          + keys.prefix(12).map { VisibleText.escaped($0) }.joined(separator: ", "))
    }
    var text = Self.row(keys)
    for object in objects {
      text += object.map { object in Self.row(keys.map { object[$0] ?? "" }) } ?? "\n"
    }
    become(text, kind, word: "line")
    if format.column == nil, format.countColumn == nil,
      keys.filter({ HeaderName($0).meaning == .time }).count == 1
    {
      // The other keys of an event say nothing of counts unless one is named so.
      format.isEventPerRow = !keys.contains { HeaderName($0).isCount }
    }
  }

  private mutating func become(_ text: String, _ kind: String, word: String) {
    bytes = Array(text.utf8)
    self.kind = kind
    rows = RowNumbering(word: word, offset: 1)
    if word == "point" {
      hasOwnNames = false
      format.countColumn = "count"
      format.column = nil
    }
  }

  private static func row(_ cells: [Any]) -> String {
    cells.map { cell in
      let text = (cell as? String) ?? (cell as? NSNumber)?.stringValue ?? "(a nested value)"
      let needsQuotes = text.utf8.contains { ",\"\n\r;\t#".utf8.contains($0) }
      return needsQuotes
        ? "\""
          + text.split(separator: "\"", omittingEmptySubsequences: false)
          .joined(separator: "\"\"") + "\"" : text
    }.joined(separator: ",") + "\n"
  }
}
