import JSON

/// `text/csv` (RFC 4180): a row of numbers, a column of them, columns with names, or rows of a label and its score.
enum CSVReply {
  static func read(_ body: [UInt8], _ reader: ReplyReader) throws(ReplyError) -> EndpointReply {
    let rows = try CSVTable.rows(body, reader.rules)
    guard let first = rows.first else { throw .noNumbers }
    if rows.count == 1 { return try row(first) }
    // Default handlers write a flat list as a column. It cannot be several images, because one was sent.
    if rows.allSatisfy({ $0.count == 1 }) { return try numbers(rows.map { $0[0] }) }
    if isNumeric(first) { throw .severalRows(rows.count) }
    return try table(names: first.map(\.text), rows.dropFirst())
  }

  private static func numbers(_ cells: [CSVCell]) throws(ReplyError) -> EndpointReply {
    var list = NumberList([], decimals: 0)
    for (index, cell) in cells.enumerated() where !list.append(decimal: cell.bytes) {
      throw .notANumber(index, "\"\(ReplyError.excerpt(cell.text, limit: 40))\"")
    }
    return EndpointReply(numbers: list)
  }

  /// Numbers, or cells that are lists: Autopilot's and XGBoost's `cat,0.9,"[0.9, 0.1]","['cat', 'dog']"`.
  private static func row(_ cells: [CSVCell]) throws(ReplyError) -> EndpointReply {
    let lists = cells.filter { $0.bytes.first == UInt8(ascii: "[") }
      .compactMap { ListText.node($0.text) }
    guard !lists.isEmpty else { return try numbers(cells) }
    var vectors: [NumberList] = []
    var labels: [JSONNode] = []
    for list in lists {
      if let vector = try NumberRows.numbers(list) {
        vectors.append(vector)
      } else if let names = NamedVectorReply.elements(list) {
        labels.append(names)
      }
    }
    guard vectors.count == 1, labels.count <= 1 else {
      throw ReplyError(
        "Ambiguous",
        "the endpoint's reply has \(vectors.count) lists of numbers in a row of CSV without names. To receive names, set ENDPOINT_ACCEPT=application/json"
      )
    }
    let count = vectors[0].values.count
    guard let names = labels.first else { return EndpointReply(numbers: vectors[0]) }
    let found = names.elementCount ?? 0
    guard found == count else { throw .labelCount(values: count, labels: found) }
    return EndpointReply(numbers: vectors[0], labels: .elements(names))
  }

  /// Columns with names: Hugging Face's `label,score`, AutoGluon's `label,cat_proba,dog_proba`, Autopilot's lists, or
  /// one column per class.
  private static func table(
    names: [String], _ rows: ArraySlice<[CSVCell]>
  ) throws(ReplyError) -> EndpointReply {
    for (index, row) in rows.enumerated() where row.count != names.count {
      throw ReplyError(
        "UnknownShape",
        "row \(index + 1) of the endpoint's CSV has \(row.count) cells, and its first row has \(names.count)"
      )
    }
    // The index that pandas writes has no name, and is not a class.
    if names.first?.isEmpty == true {
      return try table(
        names: Array(names.dropFirst()), ArraySlice(rows.map { Array($0.dropFirst()) }))
    }
    if let label = names.firstIndex(of: "label"), let score = names.firstIndex(of: "score") {
      var reply = try numbers(rows.map { $0[score] })
      reply.labels = .listed(rows.map { ListedLabel($0[label].text) })
      return reply
    }
    guard rows.count == 1, let row = rows.first else { throw .severalRows(rows.count) }
    let columns = names.indices.filter { AutoGluonReply.label(ofColumn: names[$0]) != nil }
    guard columns.isEmpty else {
      var reply = try numbers(columns.map { row[$0] })
      reply.labels = .texts(columns.map { AutoGluonReply.label(ofColumn: names[$0]) ?? "" })
      reply.meaning = .probabilities
      return reply
    }
    if names.contains(where: NamedVectorReply.isDescription) {
      guard row.contains(where: { $0.bytes.first == UInt8(ascii: "[") }) else {
        throw ReplyError(
          "UnknownShape",
          "the columns of the endpoint's CSV are not one per class: \(ReplyError.excerpt(names.joined(separator: ", ")))"
        )
      }
      return try self.row(row)
    }
    var reply = try numbers(row)
    reply.labels = .texts(names)
    return reply
  }

  private static func isNumeric(_ cells: [CSVCell]) -> Bool {
    var list = NumberList([], decimals: 0)
    return cells.allSatisfy { list.append(decimal: $0.bytes) }
  }
}

/// A cell without the quotes around it and the blanks around those.
struct CSVCell {
  let bytes: ArraySlice<UInt8>

  var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Splits CSV into rows and cells.
enum CSVTable {
  private static let quote = UInt8(ascii: "\"")

  /// Empty rows and a byte order mark are ignored.
  static func rows(_ body: [UInt8], _ rules: ReplyRules) throws(ReplyError) -> [[CSVCell]] {
    var rest = body[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    var rows: [[CSVCell]] = []
    var row: [CSVCell] = []
    var cellCount = 0
    while !rest.isEmpty {
      let cell = self.cell(&rest)
      row.append(cell)
      cellCount += 1
      guard cellCount <= rules.maximumValues else {
        throw .tooManyClasses(limit: rules.maximumClasses)
      }
      let separator = rest.popFirst()
      if separator == UInt8(ascii: ","), !rest.isEmpty { continue }
      if separator == UInt8(ascii: ",") { row.append(CSVCell(bytes: rest)) }
      if row.count > 1 || !cell.bytes.isEmpty { rows.append(row) }
      row = []
    }
    return rows
  }

  /// Reads a cell, up to a comma, a line break, or the end.
  private static func cell(_ rest: inout ArraySlice<UInt8>) -> CSVCell {
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    let isEnd = { (byte: UInt8) in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
    let trimmed = rest.drop(while: isBlank)
    guard trimmed.first == quote, let text = quoted(trimmed, endsWith: isEnd, &rest) else {
      let end = rest.firstIndex(where: isEnd) ?? rest.endIndex
      var text = rest[..<end].drop(while: isBlank)
      while let last = text.last, isBlank(last) { text.removeLast() }
      rest = rest[end...]
      return CSVCell(bytes: text)
    }
    return CSVCell(bytes: text)
  }

  /// The text between quotes, with doubled quotes replaced; nil if the closing quote does not end the cell.
  private static func quoted(
    _ text: ArraySlice<UInt8>, endsWith isEnd: (UInt8) -> Bool, _ rest: inout ArraySlice<UInt8>
  ) -> ArraySlice<UInt8>? {
    var bytes: [UInt8] = []
    var index = text.startIndex + 1
    while index < text.endIndex {
      if text[index] == quote {
        index += 1
        guard index < text.endIndex, text[index] == quote else {
          let after = text[index...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
          guard after.first.map(isEnd) ?? true else { return nil }
          rest = after
          return bytes[...]
        }
      }
      bytes.append(text[index])
      index += 1
    }
    return nil
  }
}
