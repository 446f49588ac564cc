import JSON

/// A line that `local-invoke` printed to standard output: the function's answer about one photograph.
enum ReplayAnswer {
  /// The document of the answer's only result.
  case classified(ClassifiedPhotograph, document: JSONValue)
  case failed(String)

  init(line: [UInt8]) {
    guard let answer = try? JSONValue(parsing: line) else {
      self = .failed("local-invoke printed what is not JSON")
      return
    }
    if let type = answer["errorType"]?.stringValue {
      let message = answer["errorMessage"]?.stringValue ?? ""
      self = .failed(message.hasPrefix(type) ? message : "\(type): \(message)")
      return
    }
    let body = answer["body"]?.stringValue.flatMap { try? JSONValue(parsing: $0) }
    if let error = body?["error"] {
      let words = ["type", "message"].compactMap { error[$0]?.stringValue }
      self = .failed(words.joined(separator: ": "))
    } else if answer["statusCode"] == 202 {
      self = .failed("it was accepted by an asynchronous endpoint, whose results come later")
    } else if let document = body?["results"]?[0], let photograph = ClassifiedPhotograph(document) {
      self = .classified(photograph, document: document)
    } else {
      self = .failed("the answer has no class")
    }
  }
}

/// What `local-invoke` writes to standard error: the durations of each invocation.
struct ReplayLog {
  struct Times: Equatable {
    var functionMilliseconds: Double?
    var endpointMilliseconds: Double?
  }

  /// Of each invocation that has ended, in order.
  private(set) var invocations: [Times] = []
  /// The last lines that report a problem of the program itself.
  private(set) var problem: String?
  private var endpoint: [String: Double] = [:]

  mutating func read(line: [UInt8]) {
    if line.first == UInt8(ascii: "{"), let fields = try? JSONValue(parsing: line) {
      if let id = fields["requestId"]?.stringValue,
        let milliseconds = fields["endpointMilliseconds"]?.doubleValue
      {
        endpoint[id] = milliseconds
      }
      return
    }
    let text = String(decoding: line, as: UTF8.self)
    if text.hasPrefix("REPORT RequestId: ") {
      let id = String(text.dropFirst("REPORT RequestId: ".count).prefix { $0 != "\t" })
      invocations.append(
        Times(
          functionMilliseconds: Self.milliseconds(behind: "\tDuration: ", in: text),
          endpointMilliseconds: endpoint.removeValue(forKey: id)))
    } else if text.hasPrefix("Error: ") {
      problem = String(text.dropFirst("Error: ".count))
    }
  }

  private static func milliseconds(behind name: String, in text: String) -> Double? {
    text.firstRange(of: name).flatMap { range in
      Double(text[range.upperBound...].prefix { $0.isNumber || $0 == "." })
    }
  }
}
