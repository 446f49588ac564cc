import HTTPClient
import JSON

/// An operation of a service that selects operations by the `X-Amz-Target` header.
package protocol JSONOperation: ControlOperation {
  var input: OperationInput { get }
}

extension JSONOperation {
  /// `POST /` with target, content type and body.
  package var wireRequest: WireRequest {
    var request = WireRequest(method: "POST", path: "/")
    request.body = input.json.serialized()
    if case .json(let version, let prefix) = Self.service.wire {
      request.headers = [
        HTTPHeader("Content-Type", "application/x-amz-json-\(version)"),
        HTTPHeader("X-Amz-Target", "\(prefix).\(Self.operationName)"),
      ]
    }
    return request
  }
}
