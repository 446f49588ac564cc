import JSON

/// Something in a 2xx response is not what the service's contract says.
package struct MalformedResponse: Error, Equatable, Sendable {
  /// The field, as `Versions[2].Version`.
  package let field: String
  /// What is wrong with it.
  package let problem: String

  /// A field and its trouble.
  package init(field: String, problem: String) {
    self.field = field
    self.problem = problem
  }
}

/// What is read out of a JSON object, with the fields that are used and no others.
package protocol ResponseShape: Sendable {
  /// Reads the fields.
  init(_ fields: ResponseFields) throws(MalformedResponse)
}

/// The output of an operation that answers nothing of interest.
package struct Acknowledged: ResponseShape {
  /// Takes anything.
  package init(_ fields: ResponseFields) {}
}

/// The members of a JSON object in a response.
package struct ResponseFields: Sendable {
  /// The object, or what stands in its place.
  package let json: JSONValue
  private let path: String

  /// The object of a body; an empty body counts as `{}`.
  package init(body: [UInt8]) throws(MalformedResponse) {
    do throws(JSONError) {
      json = body.isEmpty ? .object(JSONObject()) : try JSONValue(parsing: body)
    } catch {
      throw MalformedResponse(field: "the body", problem: "is no JSON: \(error)")
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

  /// A string that may be absent.
  package func optionalString(_ name: String) -> String? { json[name]?.stringValue }
  /// A whole number that may be absent.
  package func optionalInteger(_ name: String) -> Int? {
    json[name]?.int64Value.map { Int(clamping: $0) }
  }
  /// A number that may be absent; times are Unix seconds.
  package func optionalDouble(_ name: String) -> Double? { json[name]?.doubleValue }
  /// A truth value that may be absent.
  package func optionalBool(_ name: String) -> Bool? { json[name]?.boolValue }

  /// A string that has to be there.
  package func string(_ name: String) throws(MalformedResponse) -> String {
    try require(optionalString(name), name, "a string")
  }
  /// A whole number that has to be there.
  package func integer(_ name: String) throws(MalformedResponse) -> Int {
    try require(optionalInteger(name), name, "a whole number")
  }
  /// A number that has to be there.
  package func double(_ name: String) throws(MalformedResponse) -> Double {
    try require(optionalDouble(name), name, "a number")
  }

  /// Strings; none when absent.
  package func strings(_ name: String) -> [String] {
    (json[name]?.arrayValue ?? []).compactMap(\.stringValue)
  }
  /// Numbers; none when absent.
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

  /// An object that may be absent.
  package func object<Shape: ResponseShape>(
    _ name: String, as shape: Shape.Type = Shape.self
  ) throws(MalformedResponse) -> Shape? {
    guard let value = json[name], value != .null else { return nil }
    return try Shape(inner(value, name))
  }

  /// Objects; none when absent.
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
