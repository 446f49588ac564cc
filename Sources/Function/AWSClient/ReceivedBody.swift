import HTTPClient
import SigV4

/// The body of a response that is sent on as it is: neither copied nor hashed again.
public struct ReceivedBody: Sendable {
  public let buffer: BodyBuffer
  public let hash: PayloadHash

  public init(buffer: BodyBuffer, hash: PayloadHash) {
    self.buffer = buffer
    self.hash = hash
  }
}
