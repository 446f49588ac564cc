import JSON

/// Triton's binary reply, which requests with binary data get by default: JSON as in `TritonReply` whose outputs have
/// `parameters.binary_data_size` instead of `data`, then their tensors in the same order, little-endian.
enum TritonBinaryReply {
  static let mediaType = "application/vnd.sagemaker-triton.binary+json"
  private static let parameter = "json-header-size="

  /// The size of the JSON in bytes; nil for another content type.
  ///
  /// - Parameter contentType: in lower case.
  static func headerSize(contentType: String) -> Int? {
    guard contentType.hasPrefix(mediaType) else { return nil }
    for part in contentType.utf8.split(separator: UInt8(ascii: ";")).dropFirst() {
      let part = part.drop { $0 == UInt8(ascii: " ") }
      if part.starts(with: parameter.utf8) {
        return Int(Substring(part.dropFirst(parameter.utf8.count)))
      }
    }
    return nil
  }

  /// The reply as if it had come as JSON.
  static func document(
    _ body: [UInt8], headerSize: Int, _ rules: ReplyRules
  ) throws(ReplyError) -> JSONNode {
    guard headerSize >= 0, headerSize <= body.count,
      let header = try? NumericJSON(
        parsing: Array(body[..<headerSize]), maximumValues: rules.maximumValues),
      case .object(var members) = header.root.value,
      let position = members.firstIndex(where: { header.text($0.key) == "outputs" }),
      case .array(var outputs) = members[position].value
    else {
      throw ReplyError(
        "NotTriton",
        "the first \(headerSize) of \(body.count) bytes of the endpoint's reply are not the JSON header with outputs that its content type announces"
      )
    }
    var text = header.bytes + Array("data".utf8)
    let key = header.bytes.count..<text.count
    var rest = body[headerSize...]
    for index in outputs.indices {
      let output = JSONNode(document: header, value: outputs[index])
      guard let size = output["parameters"]?["binary_data_size"]?.number,
        case .object(var fields) = outputs[index]
      else { continue }
      guard let size = Int(exactly: size), size >= 0, size <= rest.count else {
        throw ReplyError(
          "NotTriton",
          "the tensors of the endpoint's reply are cut short: \(rest.count) bytes are left of \(size)"
        )
      }
      let name = output["datatype"]?.text ?? ""
      if let data = data(rest.prefix(size), name, rules, &text) {
        fields.append((key: key, value: data))
        outputs[index] = .object(fields)
      }
      rest = rest.dropFirst(size)
    }
    members[position].value = .array(outputs)
    return NumericJSON(bytes: text, value: .object(members)).root
  }

  /// Nil for a tensor that cannot be the classes' values: too large, or of another type.
  private static func data(
    _ bytes: ArraySlice<UInt8>, _ type: String, _ rules: ReplyRules, _ text: inout [UInt8]
  ) -> NumericJSON.Value? {
    if type == "BYTES" { return strings(bytes, rules, &text) }
    guard let type = BinaryNumber(triton: type),
      let list = type.numbers(bytes, maximumCount: rules.maximumClasses)
    else { return nil }
    return .numbers(list)
  }

  /// Strings, each behind its length in four bytes.
  private static func strings(
    _ bytes: ArraySlice<UInt8>, _ rules: ReplyRules, _ text: inout [UInt8]
  ) -> NumericJSON.Value? {
    var rest = bytes
    var strings: [NumericJSON.Value] = []
    while rest.count >= 4, strings.count < rules.maximumClasses {
      let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(4)
      guard length <= rest.count else { return nil }
      // A byte between them, so that none looks quoted.
      text.append(0)
      strings.append(.string(text.count..<text.count + length))
      text += rest.prefix(length)
      rest = rest.dropFirst(length)
    }
    return rest.isEmpty ? .array(strings) : nil
  }
}
