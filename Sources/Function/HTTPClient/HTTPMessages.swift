/// One header of a request.
public struct HTTPHeader: Sendable, Equatable {
  /// The field name, RFC 9110 token characters.
  public var name: String
  /// The value, without line breaks.
  public var value: String

  /// A header. Line breaks and NUL in either part make the request fail with `.invalidRequest`.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// One HTTP/1.1 request.
public struct HTTPRequest: Sendable {
  /// `GET`, `HEAD`, `POST`, `PUT`, `DELETE`; sent as it is.
  public var method: String
  /// An absolute `http` or `https` URL. The path is sent as it stands: nothing is decoded,
  /// encoded or removed, so that it stays equal to what was signed.
  public var url: String
  /// Sent in this order. `Host` comes from the URL unless given.
  public var headers: [HTTPHeader]
  /// Bytes to send; for `POST` and `PUT` also when empty.
  public var body: [UInt8]
  /// Sent instead of `body`. The limit of the first byte then counts from when the request is sent.
  public var bodyBuffer: BodyBuffer?
  /// The whole transfer may take this long; nil waits without limit.
  public var timeoutMilliseconds: Int64?
  /// The first byte of the response must come within this time, counted from when the request is sent, or
  /// from the last part of its body; nil for no limit.
  public var firstByteMilliseconds: Int64?
  /// After the first byte the transfer is given up when nothing comes for this long; nil for no limit.
  public var stallMilliseconds: Int64?
  /// Sent on a new connection, to an address that is looked up anew.
  public var isOnFreshConnection = false
  /// The connection is closed after the response, also where the server would keep it.
  var endsConnection = false
  /// A larger body of a 2xx response is refused: before it is read when its length is declared, else
  /// while it is received. Of other responses the first 1 MiB is kept, so that an error can be reported.
  public var maximumBodyBytes: Int
  /// libcurl repeats a request by itself when a reused connection breaks without a response. True: that
  /// fails with `.connectionLost` instead, for a caller who counts and logs its own attempts.
  public var isSentOnce = false

  /// A request; see the properties for units and limits.
  public init(
    method: String, url: String, headers: [HTTPHeader] = [], body: [UInt8] = [],
    timeoutMilliseconds: Int64?, maximumBodyBytes: Int
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeoutMilliseconds = timeoutMilliseconds
    self.maximumBodyBytes = maximumBodyBytes
  }

  /// `https://example.com:8443` of the URL: what a connection can be shared for.
  var origin: Substring {
    var slashes = 0
    let end = url.utf8.firstIndex { byte in
      if byte == UInt8(ascii: "/") { slashes += 1 }
      return slashes == 3
        || (slashes == 2 && (byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")))
    }
    return url[..<(end ?? url.endIndex)]
  }
}

/// One complete HTTP response, of any status.
public struct HTTPResponse: Sendable {
  /// The status code.
  public let status: Int
  /// The header fields.
  public let headers: HTTPHeaders
  /// The body, at most `maximumBodyBytes` long.
  public let body: [UInt8]

  /// A response, for tests of what reads one.
  public init(status: Int, headers: HTTPHeaders, body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}
