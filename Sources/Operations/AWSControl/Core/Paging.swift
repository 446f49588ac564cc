import HTTPClient

package struct Page<Item: Sendable>: Sendable {
  package let items: [Item]
  /// The token of the next page; nil on the last.
  package let nextToken: String?
}

/// A list that comes in pages; `ControlClient.all` reads them all.
package protocol PagedOperation: ReadOperation where Output == Page<Item> {
  associatedtype Item: Sendable
  /// The list's name in the response, for example `Versions`.
  static var itemsKey: String { get }
  /// The token's name in the response, for example `NextMarker`.
  static var nextTokenKey: String { get }
  /// The token of the page; nil for the first.
  var pageToken: String? { get set }
}

extension PagedOperation where Item: ResponseShape {
  /// Reads the list and the token of a JSON body.
  package static func output(of response: HTTPResponse) throws(MalformedResponse) -> Page<Item> {
    let fields = try ResponseFields(body: response.body)
    let token = fields.optionalString(nextTokenKey)
    return Page(items: try fields.list(itemsKey), nextToken: token == "" ? nil : token)
  }
}
