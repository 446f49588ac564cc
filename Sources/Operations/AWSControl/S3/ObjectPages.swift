import AWSClient
import HTTPClient
import S3

/// A listing that is read page by page, so that ten million objects need the memory of a thousand.
///
///     let pages = ObjectPages(of: S3Location(bucket: "photos", key: "uploads/"), with: client)
///     while let page = try pages.next() { use(page.objects) }
///
/// `GET /?list-type=2` or `GET /?versions` on the bucket's host, 1,000 keys a page. Read only. It is used from one
/// thread only.
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html,
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
package final class ObjectPages {
  private let location: S3Location
  private let client: ControlClient
  private let lists: Lists
  private let delimiter: String?
  /// Where the next page begins; nil after the last.
  private var position: [(name: String, value: String)]?

  /// What is listed.
  package enum Lists: Sendable {
    /// The present objects. The caller needs `s3:ListBucket`.
    case objects
    /// Also their older versions and delete markers. The caller needs `s3:ListBucketVersions`.
    case versions
  }

  /// - Parameters:
  ///   - location: the bucket, and the beginning of the keys; the key `""` lists the whole bucket.
  ///   - delimiter: for example `/`: keys that contain it behind the prefix are only counted as
  ///     `commonPrefixes`.
  ///   - key: only keys behind this one, in UTF-8 order: where an earlier listing stopped.
  package init(
    of location: S3Location, _ lists: Lists = .objects, delimiter: String? = nil,
    after key: String? = nil, with client: ControlClient
  ) {
    self.location = location
    self.lists = lists
    self.delimiter = delimiter
    self.client = client
    position = key.map { [(lists == .objects ? "start-after" : "key-marker", $0)] } ?? []
  }

  /// The next page, which may be empty; nil after the last.
  ///
  /// - Throws: `AWSError`: `NoSuchBucket`, `AccessDenied`, `PermanentRedirect`; `Interrupted`; `CredentialError`.
  package func next() throws -> ObjectPage? {
    guard let position else { return nil }
    let body = XMLElement(try client.listing(location, lists, query(position)))
    do throws(MalformedResponse) {
      self.position = try following(body, after: position)
      return try ObjectPage(body)
    } catch {
      throw AWSError(
        operation: "\(lists.operation) \(location)", service: "S3", code: .malformedResponse,
        detail: "\(error.field) \(error.problem)")
    }
  }

  private func query(_ position: [(name: String, value: String)]) -> [(name: String, value: String)]
  {
    var query: [(name: String, value: String)] =
      lists == .objects ? [("list-type", "2")] : [("versions", "")]
    query += [("encoding-type", "url"), ("prefix", location.key)]
    if let delimiter { query.append(("delimiter", delimiter)) }
    return query + position
  }

  private func following(
    _ body: XMLElement, after position: [(name: String, value: String)]
  ) throws(MalformedResponse) -> [(name: String, value: String)]? {
    let isTruncated = body.text("IsTruncated")
    // A page of a proxy, for example, is not an empty bucket.
    guard isTruncated == "true" || isTruncated == "false" else {
      throw MalformedResponse(field: "IsTruncated", problem: "is missing")
    }
    guard isTruncated == "true" else { return nil }
    let next = lists.position(in: body)
    // The same page without end would be read for ever.
    guard !next.isEmpty, !next.elementsEqual(position, by: ==) else {
      throw MalformedResponse(
        field: "IsTruncated",
        problem: "is true, but the response does not say where the next page begins")
    }
    return next
  }
}

extension ObjectPages.Lists {
  var operation: String { self == .objects ? "ListObjectsV2" : "ListObjectVersions" }
  var permission: String { self == .objects ? "s3:ListBucket" : "s3:ListBucketVersions" }

  /// The parameters of the next page. A token is opaque, markers are keys.
  fileprivate func position(in body: XMLElement) -> [(name: String, value: String)] {
    if self == .objects {
      return body.text("NextContinuationToken").map { [("continuation-token", $0)] } ?? []
    }
    let decode = ObjectPage.decoder(of: body)
    guard let key = body.text("NextKeyMarker").flatMap(decode) else { return [] }
    let version = body.text("NextVersionIdMarker").flatMap { $0.isEmpty ? nil : $0 }
    return [("key-marker", key)] + (version.map { [("version-id-marker", $0)] } ?? [])
  }
}

@available(*, unavailable)
extension ObjectPages: Sendable {}

extension ControlClient {
  /// Lists the objects whose key begins with a prefix. For lists that may be long, read `ObjectPages`.
  ///
  /// - Parameter limit: the most objects; more are refused.
  /// - Throws: what `ObjectPages.next` throws; `Refusal` at the limit.
  package func listObjects(
    under location: S3Location, limit: Int = 10_000_000
  ) throws -> [ListedObject] {
    let pages = ObjectPages(of: location, with: self)
    var objects: [ListedObject] = []
    while let page = try pages.next() {
      objects += page.objects
      guard objects.count <= limit else {
        throw Refusal("\(location) has more than \(limit) objects")
      }
    }
    return objects
  }
}
