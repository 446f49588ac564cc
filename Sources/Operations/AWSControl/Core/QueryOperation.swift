import AWSClient
import HTTPClient

/// An operation of a query service: a form is sent, XML comes back.
package protocol QueryOperation: ControlOperation {
  /// Parameters besides `Action` and `Version`; those without a value are left out.
  var parameters: [(name: String, value: String?)] { get }
  static func output(of xml: XMLFields) throws(MalformedResponse) -> Output
}

extension QueryOperation {
  /// `POST /` with a form.
  package var wireRequest: WireRequest {
    var request = WireRequest(method: "POST", path: "/")
    var fields: [(name: String, value: String?)] = [("Action", Self.operationName)]
    if case .query(let version) = Self.service.wire { fields.append(("Version", version)) }
    let form = (fields + parameters).compactMap { name, value in
      value.map { "\(PercentEncoded.text(name))=\(PercentEncoded.text($0))" }
    }.joined(separator: "&")
    request.headers = [
      HTTPHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
    ]
    request.body = Array(form.utf8)
    return request
  }

  /// Reads the body as XML.
  package static func output(of response: HTTPResponse) throws(MalformedResponse) -> Output {
    try output(of: XMLFields(body: response.body))
  }
}

/// The elements of a flat XML response.
package struct XMLFields: Sendable {
  let body: [UInt8]

  /// The text of the first element of this name.
  package func string(_ name: String) throws(MalformedResponse) -> String {
    guard let text = XMLText.element(name, in: body) else {
      throw MalformedResponse(field: name, problem: "is missing")
    }
    return text
  }
}
