import Foundation
import SigV4

/// A request and its signature by botocore: a member of `Tests/SigV4Tests/Vectors/*.json`, or a
/// line of what `.ci/checks/signature_differential.py` writes.
package struct SignatureCase: Decodable, Sendable, CustomStringConvertible {
  package enum Form: String, Decodable { case header, presigned }
  package enum Style: String, Decodable { case s3, standard }

  package let name: String
  package let form: Form
  package let style: Style
  package let method: String
  package let path: Data  // base64 in JSON: raw bytes
  package let query: [[String]]
  package let headers: [[String]]
  package let body: Data
  package let unsignedPayload: Bool
  package let accessKeyID: String
  package let secretAccessKey: String
  package let sessionToken: String
  package let region: String
  package let service: String
  package let time: String
  package let expires: Int
  /// Of the standard style; true when it is not said.
  package let normalizesPath: Bool?
  /// Whether the token is sent inside the signature, as most services want it; true when it is not said.
  package let sessionTokenIsSigned: Bool?

  package let canonicalRequest: String
  package let stringToSign: String
  package let signature: String
  package let target: String
  package let sentHeaders: [[String]]

  package var description: String { name }

  /// Signed as S3 and SageMaker want it: they normalize the path, or keep it, by their style, and take no unsigned
  /// token.
  package var isPlain: Bool { normalizesPath != false && sessionTokenIsSigned != false }

  package var credentials: AWSCredentials {
    AWSCredentials(
      accessKeyID: accessKeyID, secretAccessKey: secretAccessKey, sessionToken: sessionToken)
  }

  package var signingTime: SigningTime? { SigningTime(time) }

  package var request: SigningRequest {
    SigningRequest(
      method: method, path: .raw(Array(path)), query: query.map { (name: $0[0], value: $0[1]) },
      headers: headers.map { HeaderField(name: $0[0], value: $0[1]) },
      payloadHash: unsignedPayload ? .unsigned : .of(Array(body)),
      style: style == .s3 ? .s3 : .standard(normalizesPath: normalizesPath ?? true),
      sessionTokenIsSigned: sessionTokenIsSigned ?? true)
  }

  /// The headers that a server would receive from botocore.
  package var receivedHeaders: [HeaderField] {
    sentHeaders.map { HeaderField(name: $0[0], value: $0[1]) }
  }

  /// All vectors of `Tests/SigV4Tests/Vectors`; none if they cannot be read.
  package static let committed: [SignatureCase] =
    ["s3.json", "standard.json", "general.json"].flatMap { (try? load($0)) ?? [] }

  private static func load(_ file: String) throws -> [SignatureCase] {
    let url = Repository.root.appendingPathComponent("Tests/SigV4Tests/Vectors/\(file)")
    return try JSONDecoder().decode([SignatureCase].self, from: Data(contentsOf: url))
  }

  /// The file of random cases written by `.ci/checks/signature-differential.sh`, if set.
  package static let randomPath = ProcessInfo.processInfo.environment["SIGNATURE_CASES"]

  /// The cases of that file, one per line.
  package static func random() throws -> [SignatureCase] {
    let text = try String(contentsOfFile: randomPath ?? "", encoding: .utf8)
    return try text.split(separator: "\n").map {
      try JSONDecoder().decode(SignatureCase.self, from: Data($0.utf8))
    }
  }
}
