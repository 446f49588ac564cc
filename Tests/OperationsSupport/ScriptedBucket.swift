import Foundation
import LoopbackServer
import TestSupport

/// One bucket of S3 on loopback: ListObjectsV2 with prefix, delimiter, and pages, encoded as S3 encodes; GetObject.
package final class ScriptedBucket: Sendable {
  package struct Object: Sendable {
    package var bytes: [UInt8]
    package var written: String

    package init(_ text: String, written: String = "2026-11-23T10:00:00.000Z") {
      bytes = Array(text.utf8)
      self.written = written
    }
  }

  private let server: LoopbackServer
  private let recorder = Recorder<ReceivedHTTPRequest>()
  private let locked: Locked<[String: Object]>

  /// - Parameters:
  ///   - objects: by key; keys that differ only to bytes are not supported.
  ///   - pageSize: S3's is 1,000.
  package init(_ objects: [String: Object], pageSize: Int = 1_000) throws {
    let locked = Locked(objects)
    let recorder = recorder
    self.locked = locked
    server = try LoopbackServer { request, connection in
      recorder.add(request)
      let objects = locked.withLock { $0 }
      if request.query.contains("list-type=2") {
        let body = Self.list(objects, Self.parameters(request.query), pageSize)
        return try connection.send(status: 200, body: Array(body.utf8))
      }
      let key = Self.decoded(String(request.path.drop { $0 == "/" }.drop { $0 != "/" }.dropFirst()))
      guard let object = objects[key] else {
        let body = "<Error><Code>NoSuchKey</Code><Message>no \(key.utf8.count)</Message></Error>"
        return try connection.send(status: 404, body: Array(body.utf8))
      }
      try connection.send(status: 200, headers: [("ETag", "\"1\"")], body: object.bytes)
    }
  }

  deinit { server.stop() }

  package var baseURL: String { server.baseURL }
  package var requests: [ReceivedHTTPRequest] { recorder.all }
  package func stop() { server.stop() }
  package func change(_ body: (inout [String: Object]) -> Void) { locked.withLock { body(&$0) } }

  private static func list(
    _ objects: [String: Object], _ parameters: [String: String], _ pageSize: Int
  ) -> String {
    let prefix = parameters["prefix"] ?? ""
    let after = parameters["continuation-token"] ?? parameters["start-after"] ?? ""
    var keys = objects.keys.filter { $0.utf8.starts(with: prefix.utf8) }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var common = Set<String>()
    if let delimiter = parameters["delimiter"] {
      keys.removeAll { key in
        let rest = String(decoding: key.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
        guard let end = rest.range(of: delimiter) else { return false }
        common.insert(prefix + rest[..<end.upperBound])
        return true
      }
    }
    keys.removeAll { !after.utf8.lexicographicallyPrecedes($0.utf8) }
    let page = keys.prefix(pageSize)
    let contents = page.map { key in
      "<Contents><Key>\(encoded(key))</Key><LastModified>\(objects[key]?.written ?? "")</LastModified>"
        + "<ETag>&quot;1&quot;</ETag><Size>\(objects[key]?.bytes.count ?? 0)</Size>"
        + "<StorageClass>STANDARD</StorageClass></Contents>"
    }
    let prefixes = common.sorted().map {
      "<CommonPrefixes><Prefix>\(encoded($0))</Prefix></CommonPrefixes>"
    }
    let isTruncated = page.count < keys.count
    let token =
      isTruncated ? "<NextContinuationToken>\(xml(page.last ?? ""))</NextContinuationToken>" : ""
    return "<?xml version=\"1.0\"?>\n<ListBucketResult><EncodingType>url</EncodingType>"
      + "<IsTruncated>\(isTruncated)</IsTruncated>\(token)\(contents.joined())\(prefixes.joined())</ListBucketResult>"
  }

  private static func parameters(_ query: String) -> [String: String] {
    Dictionary(
      query.split(separator: "&").map { pair in
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts[0]), decoded(parts.count > 1 ? String(parts[1]) : ""))
      }, uniquingKeysWith: { $1 })
  }

  private static func decoded(_ text: String) -> String { text.removingPercentEncoding ?? text }

  /// As in a form, a slash stays.
  private static func encoded(_ key: String) -> String {
    var allowed = CharacterSet(charactersIn: "/-_.*")
    allowed.formUnion(CharacterSet(charactersIn: "a"..."z"))
    allowed.formUnion(CharacterSet(charactersIn: "A"..."Z"))
    allowed.formUnion(CharacterSet(charactersIn: "0"..."9"))
    return (key.addingPercentEncoding(withAllowedCharacters: allowed) ?? key)
      .replacing("%20", with: "+")
  }

  private static func xml(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
  }
}
