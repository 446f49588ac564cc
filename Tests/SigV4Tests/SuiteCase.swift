import Foundation
import SigV4
import TestSupport
import Testing

/// A folder of AWS's own test suite, `../shared/vectors/sigv4/cases`, which must not be committed.
struct SuiteCase: Sendable, CustomTestStringConvertible {
  static let folder = Repository.shared.appendingPathComponent("vectors/sigv4/cases")

  /// Whether the tests run. With `REQUIRE_SHARED` they also run, and fail, without the folder.
  static var isExpected: Bool {
    Repository.exists(folder) || ProcessInfo.processInfo.environment["REQUIRE_SHARED"] != nil
  }

  /// All of them; none if the folder is absent.
  static let all: [SuiteCase] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    .map(SuiteCase.init)

  struct Context: Decodable {
    struct Keys: Decodable {
      let access_key_id: String
      let secret_access_key: String
      let token: String?
    }

    let credentials: Keys
    let expiration_in_seconds: Int
    let normalize: Bool
    let region: String
    let service: String
    let sign_body: Bool
    let timestamp: String
    let omit_session_token: Bool?
  }

  let name: String
  var testDescription: String { name }

  func text(_ file: String) throws -> String {
    try String(contentsOf: Self.folder.appendingPathComponent("\(name)/\(file)"), encoding: .utf8)
  }

  func context() throws -> Context {
    try JSONDecoder().decode(Context.self, from: Data(text("context.json").utf8))
  }

  /// The request to sign. Its path is the suite's sent path, encoded again for signing.
  func request(_ context: Context) throws -> SigningRequest {
    let message = HTTPMessage(try text("request.txt"))
    let body = Array(message.body.utf8)
    return SigningRequest(
      method: message.method, path: .encoded(Array(path(ofTarget: message.target).utf8)),
      query: message.query, headers: message.headers, payloadHash: .of(body),
      style: .standard(normalizesPath: context.normalize),
      sessionTokenIsSigned: !(context.omit_session_token ?? false))
  }
}

extension SuiteCase.Context {
  var signingCredentials: AWSCredentials {
    AWSCredentials(
      accessKeyID: credentials.access_key_id, secretAccessKey: credentials.secret_access_key,
      sessionToken: credentials.token)
  }

  /// `2015-08-30T12:36:00Z` without its punctuation.
  var time: SigningTime? {
    SigningTime(timestamp.filter { $0 != "-" && $0 != ":" })
  }
}

/// A request in the suite's format: spaces in the target, no space after a header's colon, folded
/// headers.
struct HTTPMessage {
  let method: String
  let target: String
  let headers: [HeaderField]
  let body: String

  init(_ text: String) {
    let head = text.range(of: "\n\n").map { text[..<$0.lowerBound] } ?? text[...]
    body = text.range(of: "\n\n").map { String(text[$0.upperBound...]) } ?? ""
    var lines = head.split(separator: "\n")
    let requestLine = lines.removeFirst()
    method = String(requestLine.prefix { $0 != " " })
    target = String(requestLine.dropFirst(method.count + 1).dropLast(" HTTP/1.1".count))
    var headers: [HeaderField] = []
    for line in lines {
      if line.first == " ", let last = headers.indices.last {
        headers[last].value += "\n" + line
      } else {
        let name = line.prefix { $0 != ":" }
        headers.append(
          HeaderField(name: String(name), value: String(line.dropFirst(name.count + 1))))
      }
    }
    self.headers = headers
  }

  /// Decoded, because some of the suite's queries are raw and some are encoded.
  var query: [(name: String, value: String)] {
    guard let mark = target.firstIndex(of: "?") else { return [] }
    return target[target.index(after: mark)...].split(separator: "&").map { parameter in
      let name = parameter.prefix { $0 != "=" }
      let value = parameter.dropFirst(name.count + 1)
      return (
        name: name.removingPercentEncoding ?? String(name),
        value: value.removingPercentEncoding ?? String(value)
      )
    }
  }

  /// Sorted, with names in lower case: neither the case nor the order of different names matters.
  var sortedHeaders: [String] { Self.sorted(headers) }

  static func sorted(_ headers: [HeaderField]) -> [String] {
    headers.map { "\($0.name.lowercased()):\($0.value)" }.sorted()
  }
}

/// The parameters of a target, decoded and sorted, because their order does not matter.
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
