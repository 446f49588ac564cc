import AWSControl
import Foundation

/// A CSV file that gives photographs their class: `labels_csv.py`.
struct LabelTable {
  let rules: LayoutRules
  let name: String
  /// The header first.
  let rows: [[String]]
  let fileColumn: Int
  let labelColumn: Int
  let splitColumn: Int?

  /// The one CSV file directly in the folder that has a column of files and one of labels.
  ///
  /// - Returns: nil when there is none.
  /// - Throws: `Refusal` for several, or one that cannot be read; what `read` throws.
  static func find(
    _ level: LayoutLevel, _ root: String, _ place: String, _ rules: LayoutRules,
    _ read: (String) throws -> [UInt8]
  ) throws -> LabelTable? {
    var found: [LabelTable] = []
    for name in level.tables.filter({ $0.count == 1 }).map({ $0[0] }) {
      let bytes = try read(root.isEmpty ? name : "\(root)/\(name)")
      guard bytes.count <= rules.maximumCSVBytes, let rows = CSVText.rows(bytes) else {
        throw rules.refusal(
          "csv-unreadable",
          ["place": place, "csv": name, "megabytes": String(rules.maximumCSVBytes >> 20)])
      }
      let header = rows.first.map { $0.map(LayoutRules.plain) } ?? []
      func column(_ kind: String) -> Int? {
        header.firstIndex { rules.csvColumns[kind]?.contains($0) == true }
      }
      guard let file = column("file"), let label = column("label") else { continue }
      found.append(
        LabelTable(
          rules: rules, name: name, rows: rows, fileColumn: file, labelColumn: label,
          splitColumn: column("split")))
    }
    guard found.count < 2 else {
      throw rules.refusal(
        "csv-several", ["place": place, "files": LayoutRules.listed(found.map(\.name))])
    }
    return found.first
  }

  /// The photographs that the table names.
  func photographs(
    of level: LayoutLevel, _ root: String, _ place: String, _ ignored: IgnoredPaths
  ) throws(Refusal) -> FoundPhotographs {
    let (index, ambiguous) = Self.byEndOfPath(level.photographs)
    var chosen: [[String]: (label: String, split: PhotographLayout.Split)] = [:]
    var missing: [String] = []
    for row in rows.dropFirst() {
      let cells = row.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
      func cell(_ column: Int) -> String { column < cells.count ? cells[column] : "" }
      var file = cell(fileColumn).replacing("\\", with: "/")
      if file.hasPrefix("./") { file = String(file.dropFirst(2)) }
      guard let parts = index[file] else {
        missing.append(file)
        continue
      }
      guard !ambiguous.contains(file) else {
        throw rules.refusal("csv-ambiguous", ["place": place, "csv": name, "file": file])
      }
      let answer = (cell(labelColumn), try split(splitColumn.map(cell) ?? "", place))
      try rules.checkClass(answer.0, "\(place)/\(name)")
      guard chosen[parts].map({ $0 == answer }) ?? true else {
        throw rules.refusal("csv-conflict", ["place": place, "csv": name, "file": file])
      }
      chosen[parts] = answer
    }
    guard !chosen.isEmpty else {
      throw rules.refusal(
        "csv-none-found",
        [
          "place": place, "count": String(missing.count), "csv": name,
          "file": missing.first ?? "none",
        ])
    }
    func path(_ parts: [String]) -> String {
      (root.isEmpty ? "" : "\(root)/") + parts.joined(separator: "/")
    }
    var found = FoundPhotographs(
      layout: "csv", root: root, place: place, splits: [:], sources: [:], ignored: ignored)
    found.ignored.remove(".csv", path([name]))
    found.ignored.add("named in the CSV but missing", missing)
    found.ignored.add(
      "not named in the CSV", level.photographs.filter { chosen[$0] == nil }.map(path))
    for (parts, answer) in chosen {
      found.splits[answer.split, default: []].append(
        .init(path: path(parts), label: answer.label))
      guard answer.split != .train, let splitColumn else { continue }
      let column = rows[0][splitColumn].trimmingCharacters(in: .whitespacesAndNewlines)
      found.sources[answer.split] = rules.source("csv", ["column": column, "csv": name])
    }
    return found
  }

  /// A row without a value is for training.
  private func split(_ value: String, _ place: String) throws(Refusal) -> PhotographLayout.Split {
    guard !value.isEmpty else { return .train }
    guard let split = rules.split(of: value) else {
      throw rules.refusal("csv-split", ["place": place, "csv": name, "value": value])
    }
    return split
  }

  /// Photographs by each end of their path, with and without extension, and the ends that several
  /// have.
  private static func byEndOfPath(
    _ photographs: [[String]]
  ) -> (index: [String: [String]], ambiguous: Set<String>) {
    var index: [String: [String]] = [:]
    var ambiguous = Set<String>()
    for parts in photographs {
      for start in parts.indices {
        let path = parts[start...].joined(separator: "/")
        let stem = path.lastIndex(of: ".").map { String(path[..<$0]) } ?? ""
        for key in [path, stem] {
          if index[key] == nil { index[key] = parts }
          if index[key] != parts { ambiguous.insert(key) }
        }
      }
    }
    for parts in photographs {
      let whole = parts.joined(separator: "/")
      index[whole] = parts
      ambiguous.remove(whole)
    }
    return (index, ambiguous)
  }
}

/// CSV in UTF-8 (RFC 4180), with a comma, a semicolon, or a tab between the cells.
package enum CSVText {
  /// - Returns: the rows that are not blank; nil for text that is not UTF-8, or quotation marks
  ///   that are not closed or that end inside of a cell.
  package static func rows(_ bytes: [UInt8]) -> [[String]]? {
    var bytes = bytes[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
    let header = bytes.prefix { $0 != UInt8(ascii: "\n") }
    let delimiter = ",;\t".utf8.first { header.contains($0) } ?? UInt8(ascii: ",")
    var parser = CSVParser(delimiter: delimiter)
    for byte in bytes {
      guard parser.take(byte) else { return nil }
    }
    guard parser.finish() else { return nil }
    return parser.rows.filter { row in
      row.contains { !$0.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty }
    }
  }
}

private struct CSVParser {
  private enum State { case start, plain, quoted, quoteInQuoted }

  let delimiter: UInt8
  private(set) var rows: [[String]] = []
  private var row: [String] = []
  private var cell: [UInt8] = []
  private var state = State.start

  init(delimiter: UInt8) { self.delimiter = delimiter }

  /// - Returns: false for text behind a closing quotation mark.
  mutating func take(_ byte: UInt8) -> Bool {
    let quote = UInt8(ascii: "\"")
    if state == .quoted {
      if byte == quote { state = .quoteInQuoted } else { cell.append(byte) }
      return true
    }
    switch byte {
    case delimiter: endCell()
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"): endRow()
    case quote where state == .start: state = .quoted
    case quote where state == .quoteInQuoted:
      cell.append(quote)
      state = .quoted
    case _ where state == .quoteInQuoted: return false
    default:
      cell.append(byte)
      state = .plain
    }
    return true
  }

  /// - Returns: false when a quotation mark is not closed.
  mutating func finish() -> Bool {
    guard state != .quoted else { return false }
    if !row.isEmpty || !cell.isEmpty || state != .start { endRow() }
    return true
  }

  private mutating func endCell() {
    row.append(String(decoding: cell, as: UTF8.self))
    cell.removeAll(keepingCapacity: true)
    state = .start
  }

  private mutating func endRow() {
    endCell()
    rows.append(row)
    row.removeAll()
  }
}
