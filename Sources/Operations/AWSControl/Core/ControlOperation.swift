import HTTPClient
import JSON

/// One AWS operation with its input: a small type per operation, named as AWS names it.
///
/// Conform to `RESTOperation`, `JSONOperation` or `QueryOperation` (the service decides), and to
/// `ReadOperation` or `WriteOperation`.
package protocol ControlOperation: Sendable {
  /// What the response is read into.
  associatedtype Output: Sendable
  /// Whose operation it is.
  static var service: ControlService { get }
  /// AWS's name of the operation; the type's name unless given.
  static var operationName: String { get }
  /// What it is about, for messages: `photo-classifier:live`.
  var subject: String { get }
  /// How long one attempt may take, in milliseconds; 60,000 unless given.
  var timeoutMilliseconds: Int64 { get }
  /// Whether the operation has the same effect once or twice, so that it may be retried after a broken
  /// connection or a failure of the service; true unless given.
  static var isRepeatable: Bool { get }
  /// The request, not signed yet.
  var wireRequest: WireRequest { get }
  /// Reads a 2xx response.
  static func output(of response: HTTPResponse) throws(MalformedResponse) -> Output
}

/// An operation that changes nothing: made also with `--dry-run`.
package protocol ReadOperation: ControlOperation {}

/// An operation that changes something: with `--dry-run` it is shown and not sent.
package protocol WriteOperation: ControlOperation {}

extension ControlOperation {
  /// The type's name.
  package static var operationName: String { String(describing: Self.self) }
  /// One minute.
  package var timeoutMilliseconds: Int64 { 60_000 }
  /// True.
  package static var isRepeatable: Bool { true }

  /// `UpdateAlias photo-classifier:live`
  package var title: String {
    subject.isEmpty ? Self.operationName : "\(Self.operationName) \(subject)"
  }
}

extension ControlOperation where Output: ResponseShape {
  /// Reads the JSON body; an empty one counts as `{}`.
  package static func output(of response: HTTPResponse) throws(MalformedResponse) -> Output {
    try Output(ResponseFields(body: response.body))
  }
}

/// A request before it is signed.
package struct WireRequest: Sendable {
  /// In capitals.
  package var method: String
  /// Percent-encoded already.
  package var path: OperationPath
  /// Not percent-encoded.
  package var query: [(name: String, value: String)] = []
  /// All are signed.
  package var headers: [HTTPHeader] = []
  /// The bytes.
  package var body: [UInt8] = []

  /// A request; the other properties are set as needed.
  package init(method: String, path: OperationPath) {
    self.method = method
    self.path = path
  }
}
