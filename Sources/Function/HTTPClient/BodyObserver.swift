/// Reads the body of a 2xx response while it is received.
public protocol BodyObserver: AnyObject {
  /// Whether it keeps the bytes itself, so that the body of the response stays empty.
  var keepsBody: Bool { get }
  /// A response begins; what was taken before belonged to one that was repeated.
  ///
  /// - Parameter declaredBytes: the length of its body, which is within the request's limit; nil if it has none.
  func begin(_ headers: HTTPHeaders, declaredBytes: Int?)
  /// The next bytes of its body, valid only during the call.
  func take(_ bytes: UnsafeRawBufferPointer)
}
