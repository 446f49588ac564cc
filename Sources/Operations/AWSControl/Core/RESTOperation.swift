import HTTPClient
import JSON

/// An operation of a rest-json service: method, path and a JSON body.
package protocol RESTOperation: ControlOperation {
  static var method: String { get }
  var path: OperationPath { get }
  /// Query parameters; those without a value are left out.
  var query: [(name: String, value: String?)] { get }
  /// The body's members; nil sends no body.
  var body: OperationInput? { get }
}

extension RESTOperation {
  package var query: [(name: String, value: String?)] { [] }
  package var body: OperationInput? { nil }

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
