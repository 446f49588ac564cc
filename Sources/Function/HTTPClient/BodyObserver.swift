/// Reads the body of a 2xx response while it is received.
public protocol BodyObserver: AnyObject {
  /// Whether it keeps the bytes itself, so that the body of the response stays empty.
  var keepsBody: Bool { get }
  /// A response begins; what was taken before belonged to one that was repeated.
  ///
  /// - Parameter declaredBytes: the length of its body, which is within the request's limit; nil if it has none.
  func begin(_ headers: HTTPHeaders, declaredBytes: Int?)
  /// Where as many further bytes of its body can be received, so that `take` need not copy them; nil for anywhere.
  func place(forBytes count: Int) -> UnsafeMutableRawPointer?
  /// The next bytes of its body, valid only during the call; some or all of those that were received in a place.
  func take(_ bytes: UnsafeRawBufferPointer)
}
