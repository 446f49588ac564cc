import AWSClient
import HTTPClient
import JSON

/// One AWS operation with its input: a small type per operation, named as AWS names it.
///
/// Conform to `RESTOperation`, `JSONOperation` or `QueryOperation` (the service decides), and to
/// `ReadOperation` or `WriteOperation`.
package protocol ControlOperation: Sendable {
  /// What the response is read into.
  associatedtype Output: Sendable
  static var service: ControlService { get }
  /// AWS's name of the operation; by default the type's name.
  static var operationName: String { get }
  /// The resource, for messages: `photo-classifier:live`.
  var subject: String { get }
  /// Time limit of one attempt in milliseconds; by default a minute.
  var timeoutMilliseconds: Int64 { get }
  /// Whether a broken connection or a failure of the service is retried, which is right for what
  /// has the same effect once or twice, or is refused the second time and then judged by
  /// `outputIfReached`.
  static var isRepeatable: Bool { get }
  /// The unsigned request.
  var wireRequest: WireRequest { get }
  static func output(of response: HTTPResponse) throws(MalformedResponse) -> Output
}

/// An operation that changes nothing: also performed with `--dry-run`.
package protocol ReadOperation: ControlOperation {}

/// An operation that changes something: with `--dry-run` it is printed and not sent.
///
/// Each declares `isRepeatable` itself.
package protocol WriteOperation: ControlOperation {
  /// Judges a refusal by the goal: a delete whose object is gone, or a create whose object exists as
  /// requested, has succeeded, perhaps in an earlier attempt whose response was lost.
  ///
  /// - Returns: nil when the goal is not reached.
  func outputIfReached(after error: AWSError, with client: ControlClient) throws -> Output?
}

extension WriteOperation {
  package func outputIfReached(after error: AWSError, with client: ControlClient) throws -> Output?
  {
    nil
  }
}

extension ReadOperation {
  package static var isRepeatable: Bool { true }
}

extension ControlOperation {
  package static var operationName: String { String(describing: Self.self) }
  /// One minute.
  package var timeoutMilliseconds: Int64 { 60_000 }

  /// `UpdateAlias photo-classifier:live`
  package var title: String {
    subject.isEmpty ? Self.operationName : "\(Self.operationName) \(subject)"
  }
}

extension ControlOperation where Output: ResponseShape {
  package static func output(of response: HTTPResponse) throws(MalformedResponse) -> Output {
    try Output(ResponseFields(body: response.body))
  }
}

extension ControlOperation where Output == Acknowledged {
  package static func output(of response: HTTPResponse) throws(MalformedResponse) -> Acknowledged {
    if !response.body.isEmpty { _ = try ResponseFields(body: response.body) }
    return .done
  }
}

package struct WireRequest: Sendable {
  /// In upper case.
  package var method: String
  /// Percent-encoded already.
  package var path: OperationPath
  /// In front of the service's host, with a dot at its end; not used with an override of the endpoint.
  package var hostPrefix = ""
  /// Not percent-encoded.
  package var query: [(name: String, value: String)] = []
  /// All are signed.
  package var headers: [HTTPHeader] = []
  package var body: [UInt8] = []

  /// A request; the other properties are set as needed.
  package init(method: String, path: OperationPath) {
    self.method = method
    self.path = path
  }
}
