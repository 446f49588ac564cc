/// Why a URL was not read. Its text never contains the URL: a presigned one is a key.
package struct WebFetchError: Error, CustomStringConvertible {
  package enum Reason: Sendable {
    case notHTTPS, redirectLeavesHTTPS, noName, offline
    case privateAddress(PeerAddress, isRedirect: Bool)
    case redirects(Int)
    case status(Int)
    case tooLarge(_ maximumBytes: Int)
    case timedOut(_ milliseconds: Int)
    /// In the words of libcurl or OpenSSL.
    case failed(String)
  }

  package let reason: Reason

  init(_ reason: Reason) {
    self.reason = reason
  }

  /// As in `inference.py`: 400 for a URL that is never read, 413 for too large an image, 424 if its server failed.
  var status: Int {
    switch reason {
    case .notHTTPS, .privateAddress(_, isRedirect: false): 400
    case .tooLarge: 413
    default: 424
    }
  }

  package var description: String {
    switch reason {
    case .notHTTPS: "The URL was not fetched: it must begin with https://."
    case .redirectLeavesHTTPS: "The URL was not fetched: its server redirects away from https."
    case .offline:
      "The URL was not fetched because of --offline. Without that option, local-invoke reads it from the web."
    case .noName:
      "The URL was not fetched: its host name cannot be resolved. Check the name, and whether this machine is connected "
        + "to the Internet; local-invoke needs a network only for https URLs."
    case .privateAddress(let address, let isRedirect):
      "The URL was not fetched: \(isRedirect ? "its redirect" : "its host") leads to \(address), which is not a public "
        + "address."
    case .redirects(let count): "The URL was not fetched: it redirects more than \(count) times."
    case .status(let status): "The URL was not fetched: its server answered \(status)."
    case .tooLarge(let bytes):
      "The URL was not fetched: the image is larger than \(bytes >> 20) MiB."
    case .timedOut(let milliseconds):
      "The URL was not fetched within \(milliseconds / 1000) s."
    case .failed(let words): "The URL was not fetched: \(words)."
    }
  }
}
