import JSON
import Platform

/// The endpoint answered, but not with what the function can turn into probabilities.
struct ReplyError: ReportableError, Equatable {
  /// The second half of the error's type.
  let reason: String
  let message: String

  var errorType: String { "EndpointReply.\(reason)" }
}

/// The numbers of a model's reply, one a class.
struct EndpointReply: Equatable {
  /// Finite, at least one.
  let values: [Double]
  /// The classes' names, where the reply brings them along.
  var labels: [String]?

  /// Reads the shapes that SageMaker containers answer with:
  ///
  /// - `[[…]]` (PyTorch, one image) and `[…]`;
  /// - `{"predictions": [[…]]}` (TensorFlow Serving);
  /// - `{"probabilities": […], "labels": […]}` (JumpStart, `Accept: application/json;verbose`);
  /// - one row of `text/csv`.
  ///
  /// - Throws: `ReplyError` that says what was found instead.
  init(_ body: [UInt8], contentType: String?) throws(ReplyError) {
    if contentType?.lowercased().hasPrefix("text/csv") == true {
      values = try Self.row(body)
      return
    }
    // By far the most frequent shape.
    if let numbers = JSONValue.numbers(in: body) {
      values = try Self.finite(numbers.count) { numbers[$0] }
      return
    }
    let json: JSONValue
    do {
      json = try JSONValue(parsing: body)
    } catch {
      throw ReplyError(
        reason: "NotJSON",
        message: "the endpoint's reply (\(contentType ?? "no content type"), \(body.count) bytes) "
          + "is not JSON: \(error)")
    }
    if let probabilities = json["probabilities"] {
      values = try Self.numbers(in: probabilities)
      labels = try Self.labels(json["labels"], count: values.count)
    } else {
      values = try Self.numbers(in: json["predictions"] ?? json)
    }
  }

  private static func numbers(in json: JSONValue) throws(ReplyError) -> [Double] {
    guard var list = json.arrayValue else {
      throw ReplyError(
        reason: "UnknownShape",
        message: "the endpoint's reply is \(json.kind), not a list of numbers")
    }
    if list.count == 1, let inner = list[0].arrayValue { list = inner }
    return try finite(list.count) { (index) throws(ReplyError) in
      guard let value = list[index].doubleValue else {
        throw notANumber(index, list[index].kind)
      }
      return value
    }
  }

  /// One row of numbers; a line break at its end is no second row.
  private static func row(_ body: [UInt8]) throws(ReplyError) -> [Double] {
    let lines = String(decoding: body, as: UTF8.self).split(whereSeparator: \.isNewline)
    guard lines.count <= 1 else {
      throw ReplyError(
        reason: "UnknownShape",
        message: "the endpoint's reply has \(lines.count) rows of CSV, not one for the one image")
    }
    let cells = lines.first?.split(separator: ",", omittingEmptySubsequences: false) ?? []
    return try finite(cells.count) { (index) throws(ReplyError) in
      let cell = cells[index].filter { $0 != " " && $0 != "\t" }
      guard let value = Double(cell) else { throw notANumber(index, "\"\(cell.prefix(40))\"") }
      return value
    }
  }

  private static func finite(
    _ count: Int, _ value: (Int) throws(ReplyError) -> Double
  ) throws(ReplyError) -> [Double] {
    guard count > 0 else {
      throw ReplyError(reason: "NoNumbers", message: "the endpoint's reply holds no numbers")
    }
    var values: [Double] = []
    values.reserveCapacity(count)
    for index in 0..<count {
      let value = try value(index)
      guard value.isFinite else {
        throw ReplyError(
          reason: "NotFinite", message: "value \(index) of the endpoint's reply is not finite")
      }
      values.append(value)
    }
    return values
  }

  private static func labels(_ json: JSONValue?, count: Int) throws(ReplyError) -> [String]? {
    guard let list = json?.arrayValue else { return nil }
    let labels = list.compactMap(\.stringValue)
    guard labels.count == list.count, labels.count == count else {
      throw ReplyError(
        reason: "LabelCount",
        message: "the endpoint's reply has \(count) probabilities and \(labels.count) labels")
    }
    return labels
  }

  private static func notANumber(_ index: Int, _ found: String) -> ReplyError {
    ReplyError(
      reason: "NoNumbers",
      message: "value \(index) of the endpoint's reply is \(found), not a number")
  }
}
