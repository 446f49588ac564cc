import JSON

/// A 2xx response that violates the service's contract.
package struct MalformedResponse: Error, Equatable, Sendable {
  /// The field, for example `Versions[2].Version`.
  package let field: String
  package let problem: String

  package init(field: String, problem: String) {
    self.field = field
    self.problem = problem
  }
}

/// A type that is read from a JSON object; it has only the fields in use.
package protocol ResponseShape: Sendable {
  init(_ fields: ResponseFields) throws(MalformedResponse)
}

/// The output of an operation whose response is not used, and may be empty.
package struct Acknowledged: Sendable {
  static let done = Acknowledged()
}

/// The members of a JSON object in a response.
package struct ResponseFields: Sendable {
  /// The object, or another value in its place.
  package let json: JSONValue
  private let path: String

  /// The object of a body. An empty body is malformed: it must not pass for an empty list.
  package init(body: [UInt8]) throws(MalformedResponse) {
    guard !body.isEmpty else { throw MalformedResponse(field: "the body", problem: "is empty") }
    do throws(JSONError) {
      json = try JSONValue(parsing: body)
    } catch {
      throw MalformedResponse(field: "the body", problem: "is not JSON: \(error)")
    }
    path = ""
    guard json.objectValue != nil else {
      throw MalformedResponse(field: "the body", problem: "is \(json.kind), not an object")
    }
  }

  private init(_ json: JSONValue, path: String) {
    self.json = json
    self.path = path
  }

  package func optionalString(_ name: String) -> String? { json[name]?.stringValue }
  package func optionalInteger(_ name: String) -> Int? {
    json[name]?.int64Value.map { Int(clamping: $0) }
  }
  /// An optional number; times are Unix seconds.
  package func optionalDouble(_ name: String) -> Double? { json[name]?.doubleValue }
  package func optionalBool(_ name: String) -> Bool? { json[name]?.boolValue }

  package func string(_ name: String) throws(MalformedResponse) -> String {
    try require(optionalString(name), name, "a string")
  }
  package func integer(_ name: String) throws(MalformedResponse) -> Int {
    try require(optionalInteger(name), name, "a whole number")
  }
  package func double(_ name: String) throws(MalformedResponse) -> Double {
    try require(optionalDouble(name), name, "a number")
  }

  package func strings(_ name: String) -> [String] {
    (json[name]?.arrayValue ?? []).compactMap(\.stringValue)
  }
  package func doubles(_ name: String) -> [Double] {
    (json[name]?.arrayValue ?? []).compactMap(\.doubleValue)
  }
  /// A map of strings; empty when absent.
  package func stringMap(_ name: String) -> [String: String] {
    map(name) { $0.stringValue }
  }
  /// A map of numbers; empty when absent.
  package func doubleMap(_ name: String) -> [String: Double] {
    map(name) { $0.doubleValue }
  }

  package func object<Shape: ResponseShape>(
    _ name: String, as shape: Shape.Type = Shape.self
  ) throws(MalformedResponse) -> Shape? {
    guard let value = json[name], value != .null else { return nil }
    return try Shape(inner(value, name))
  }

  package func list<Shape: ResponseShape>(
    _ name: String, of shape: Shape.Type = Shape.self
  ) throws(MalformedResponse) -> [Shape] {
    var shapes: [Shape] = []
    for (index, value) in (json[name]?.arrayValue ?? []).enumerated() {
      shapes.append(try Shape(inner(value, "\(name)[\(index)]")))
    }
    return shapes
  }

  private func map<Value>(_ name: String, _ read: (JSONValue) -> Value?) -> [String: Value] {
    let members = json[name]?.objectValue?.members ?? []
    return Dictionary(
      members.compactMap { member in read(member.value).map { (member.key, $0) } },
      uniquingKeysWith: { $1 })
  }

  private func inner(_ value: JSONValue, _ name: String) -> ResponseFields {
    ResponseFields(value, path: path.isEmpty ? name : "\(path).\(name)")
  }

  private func require<Value>(
    _ value: Value?, _ name: String, _ kind: String
  ) throws(MalformedResponse) -> Value {
    if let value { return value }
    throw MalformedResponse(
      field: path.isEmpty ? name : "\(path).\(name)",
      problem: json[name].map { "is \($0.kind), not \(kind)" } ?? "is missing")
  }
}
