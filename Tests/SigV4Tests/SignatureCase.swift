import Foundation
import SigV4
import TestSupport
import Testing

/// A request and what botocore made of it: a member of `Vectors/*.json`, or a line of what
/// `.ci/checks/signature_differential.py` writes.
struct SignatureCase: Decodable, Sendable, CustomTestStringConvertible {
  enum Form: String, Decodable { case header, presigned }
  enum Style: String, Decodable { case s3, standard }

  let name: String
  let form: Form
  let style: Style
  let method: String
  let path: Data  // base64 in JSON: raw bytes
  let query: [[String]]
  let headers: [[String]]
  let body: Data
  let unsignedPayload: Bool
  let accessKeyID: String
  let secretAccessKey: String
  let sessionToken: String
  let region: String
  let service: String
  let time: String
  let expires: Int

  let canonicalRequest: String
  let stringToSign: String
  let signature: String
  let target: String
  let sentHeaders: [[String]]

  var testDescription: String { name }

  var credentials: AWSCredentials {
    AWSCredentials(
      accessKeyID: accessKeyID, secretAccessKey: secretAccessKey, sessionToken: sessionToken)
  }

  var signingTime: SigningTime? { SigningTime(time) }

  var request: SigningRequest {
    SigningRequest(
      method: method, path: .raw(Array(path)), query: query.map { (name: $0[0], value: $0[1]) },
      headers: headers.map { HeaderField(name: $0[0], value: $0[1]) },
      payloadHash: unsignedPayload ? .unsigned : .of(Array(body)),
      style: style == .s3 ? .s3 : .standard())
  }

  /// What a server would receive from botocore.
  var receivedHeaders: [HeaderField] {
    sentHeaders.map { HeaderField(name: $0[0], value: $0[1]) }
  }

  static func load(_ file: String) throws -> [SignatureCase] {
    let url = Repository.root.appendingPathComponent("Tests/SigV4Tests/Vectors/\(file)")
    return try JSONDecoder().decode([SignatureCase].self, from: Data(contentsOf: url))
  }
}

/// The parameters of a target, decoded and sorted: in which order they were sent does not matter.
func sortedParameters(ofTarget target: String) -> [String] {
  guard let mark = target.firstIndex(of: "?") else { return [] }
  return target[target.index(after: mark)...].split(separator: "&").map {
    let parameter = $0.contains("=") ? String($0) : "\($0)="
    return parameter.removingPercentEncoding ?? parameter
  }.sorted()
}

/// The part of a target before the question mark.
func path(ofTarget target: String) -> Substring {
  target.prefix { $0 != "?" }
}
