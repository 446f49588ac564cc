import JSON

/// The shapes of JSON replies in the order in which they are tried, each read by a type of its own in a file of
/// its own. A new shape is one more case and one more file. docs/replies.md lists the containers with their samples.
private enum ReplyShape: CaseIterable {
  case error, numberRows, tensorFlowClassify
  case huggingFace, mxnetModelZoo, djl, ultralytics, rekognition, predictionList
  case triton, autoGluon, namedVector, envelope, torchServe

  /// Nil for a value of another shape.
  ///
  /// - Throws: `ReplyError` for a value of this shape that cannot be used.
  func read(_ node: JSONNode, _ reader: ReplyReader) throws(ReplyError) -> EndpointReply? {
    switch self {
    case .error: try ErrorReply.read(node, reader)
    case .numberRows: try NumberRows.read(node, reader)
    case .tensorFlowClassify: try TensorFlowClassifyReply.read(node, reader)
    case .huggingFace: try HuggingFaceReply.rows.read(node, reader)
    case .mxnetModelZoo: try MXNetModelZooReply.rows.read(node, reader)
    case .djl: try DJLReply.rows.read(node, reader)
    case .ultralytics: try UltralyticsReply.rows.read(node, reader)
    case .rekognition: try RekognitionReply.read(node, reader)
    case .predictionList: try PredictionListReply.read(node, reader)
    case .triton: try TritonReply.read(node, reader)
    case .autoGluon: try AutoGluonReply.read(node, reader)
    case .namedVector: try NamedVectorReply.read(node, reader)
    case .envelope: try EnvelopeReply.read(node, reader)
    case .torchServe: try TorchServeReply.read(node, reader)
    }
  }
}

/// Reads a reply by its content type and its shape.
struct ReplyReader {
  let rules: ReplyRules
  let contentType: String?
  let byteCount: Int
  /// Number of envelopes that were opened.
  private let nesting: Int

  /// - Throws: `ReplyError` that names what was found instead.
  static func read(
    _ body: [UInt8], contentType: String?, rules: ReplyRules
  ) throws(ReplyError) -> EndpointReply {
    let reader = ReplyReader(
      rules: rules, contentType: contentType, byteCount: body.count, nesting: 0)
    let reply = try reader.read(body)
    let count = reply.numbers.values.count
    guard count > 0 else { throw .noNumbers }
    guard count <= rules.maximumClasses else { throw .tooManyClasses(limit: rules.maximumClasses) }
    return reply
  }

  private func read(_ body: [UInt8]) throws(ReplyError) -> EndpointReply {
    guard !body.isEmpty else {
      throw ReplyError("Empty", "the endpoint's reply is empty (0 bytes)")
    }
    let type = contentType.map(Self.lowercased) ?? ""
    if NumPyReply.matches(body) { return try NumPyReply.read(body, rules) }
    if let headerSize = TritonBinaryReply.headerSize(contentType: type) {
      return try read(document: TritonBinaryReply.document(body, headerSize: headerSize, rules))
    }
    if type.hasPrefix("text/csv") { return try CSVReply.read(body, self) }
    let json: NumericJSON
    do throws(NumericJSON.Failure) {
      json = try NumericJSON(parsing: body, maximumValues: rules.maximumValues)
    } catch {
      throw refusal(error)
    }
    return try read(document: json.root)
  }

  /// Most types are in lower case already.
  private static func lowercased(_ type: String) -> String {
    type.utf8.contains { $0 < UInt8(ascii: "a") && $0 >= UInt8(ascii: "A") || $0 >= 0x80 }
      ? type.lowercased() : type
  }

  private func refusal(_ failure: NumericJSON.Failure) -> ReplyError {
    switch failure {
    case .tooManyValues: .tooManyClasses(limit: rules.maximumClasses)
    case .notJSON(let error):
      ReplyError(
        "NotJSON",
        "the endpoint's reply (\(ReplyError.excerpt(contentType ?? "no content type")), \(byteCount) bytes) is not JSON: \(error). "
          + "\(Self.acceptedShapes)")
    }
  }

  private func read(document: JSONNode) throws(ReplyError) -> EndpointReply {
    guard let pointer = rules.valuesPointer, nesting == 0 else {
      var reply = try read(document)
      if let labels = rules.labelsPointer, nesting == 0 {
        reply.labels = try PointedReply.labels(labels, in: document, for: reply)
      }
      return reply
    }
    return try PointedReply.read(pointer, in: document, self)
  }

  /// Reads a value by its shape.
  func read(_ node: JSONNode) throws(ReplyError) -> EndpointReply {
    for shape in ReplyShape.allCases {
      if let reply = try shape.read(node, self) { return reply }
    }
    throw unknown(node)
  }

  /// Reads what an envelope holds as text.
  func read(enclosed text: String, contentType: String) throws(ReplyError) -> EndpointReply {
    guard nesting < 2 else {
      throw ReplyError("UnknownShape", "the endpoint's reply is text in text in text")
    }
    let bytes = Array(text.utf8)
    return try ReplyReader(
      rules: rules, contentType: contentType, byteCount: bytes.count, nesting: nesting + 1
    ).read(bytes)
  }

  static let acceptedShapes =
    "Accepted: lists of numbers, lists of labels with numbers, and the containers listed in docs/replies.md. "
    + "For any other JSON, set REPLY_VALUES to a JSON pointer, for example REPLY_VALUES=/outputs/0/data"

  private func unknown(_ node: JSONNode) -> ReplyError {
    ReplyError(
      "UnknownShape",
      "the endpoint's reply (\(ReplyError.excerpt(contentType ?? "no content type"))) is \(ReplyError.excerpt(Self.outline(node))), which is not a known shape. "
        + Self.acceptedShapes)
  }

  /// The members or elements of a value and their kinds; of the reply's text only the keys.
  static func outline(_ node: JSONNode) -> String {
    if let members = node.members {
      let outlines = members.prefix(8).map { "\($0.key.prefix(40)): \($0.node.kind)" }
      return "an object {\(outlines.joined(separator: ", "))}"
    }
    guard let elements = node.elements else { return node.kind }
    return elements.first.map { "an array of \(elements.count), the first \(outline($0))" }
      ?? "an empty array"
  }
}
