import HTTPClient

/// An operation of S3 Control about the batch jobs of an account.
///
/// `https://ACCOUNT.s3-control.REGION.amazonaws.com`, XML in both directions, signed by S3's rules, with the account in
/// a signed header, too. An override of the endpoint (`AWS_ENDPOINT_URL_S3_CONTROL`) is used as it is, without the
/// account in front. Poll no more often than every 30 s: S3 answers `SlowDown`.
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_AWS_S3_Control.html
package protocol S3ControlOperation: ControlOperation {
  static var method: String { get }
  /// 12 digits.
  var accountID: String { get }
  var path: OperationPath { get }
  /// Query parameters; those without a value are left out.
  var query: [(name: String, value: String?)] { get }
  var body: RequestXML? { get }
  static func output(of xml: XMLElement) throws(MalformedResponse) -> Output
}

extension S3ControlOperation {
  package static var service: ControlService { .s3Control }
  package var query: [(name: String, value: String?)] { [] }
  package var body: RequestXML? { nil }

  package var wireRequest: WireRequest {
    var request = WireRequest(method: Self.method, path: path)
    request.hostPrefix = "\(accountID)."
    request.query = query.compactMap { name, value in value.map { (name, $0) } }
    request.headers = [HTTPHeader("x-amz-account-id", accountID)]
    request.body = body.map { Array($0.text.utf8) } ?? []
    return request
  }

  /// Reads the body as XML, whatever the name of its root.
  package static func output(of response: HTTPResponse) throws(MalformedResponse) -> Output {
    try output(of: XMLElement(response.body))
  }
}

extension XMLElement {
  /// The first element of this name; nil when there is none, or when it is empty (`<name/>`).
  func first(_ name: String) -> XMLElement? { elements(name).first?.element }

  /// The text of an element, which counts as missing when it is empty.
  func value(_ name: String) -> String? { text(name).flatMap { $0.isEmpty ? nil : $0 } }

  func integer(_ name: String) -> Int? { text(name).flatMap { Int($0) } }

  func required(_ name: String) throws(MalformedResponse) -> String {
    guard let text = value(name) else {
      throw MalformedResponse(field: name, problem: "is missing")
    }
    return text
  }
}
