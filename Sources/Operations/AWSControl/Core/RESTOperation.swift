import HTTPClient
import JSON

/// An operation of a rest-json service: the method and the path tell what, JSON the rest.
package protocol RESTOperation: ControlOperation {
  /// The HTTP method.
  static var method: String { get }
  /// The path with its parameters.
  var path: OperationPath { get }
  /// Query parameters; those without a value are left out.
  var query: [(name: String, value: String?)] { get }
  /// The body's members; nil sends no body.
  var body: OperationInput? { get }
}

extension RESTOperation {
  /// None.
  package var query: [(name: String, value: String?)] { [] }
  /// None.
  package var body: OperationInput? { nil }

  /// The parts together.
  package var wireRequest: WireRequest {
    var request = WireRequest(method: Self.method, path: path)
    request.query = query.compactMap { name, value in value.map { (name, $0) } }
    if let body {
      request.headers = [HTTPHeader("Content-Type", "application/json")]
      request.body = body.json.serialized()
    }
    return request
  }
}
