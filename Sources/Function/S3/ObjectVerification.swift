import AWSClient
import HTTPClient
import Platform
import SigV4

/// Computes the checksums of an object while it is received: the processor has time then, and the bytes are in its
/// cache. If the object is sent on, it also keeps it, and computes the hash that its signature needs.
final class ObjectVerification: BodyObserver {
  private let operation: String
  private let log: Log
  private let sentOn: (buffer: BodyBuffer, hasher: SHA256.Context)?
  private var running: [(checksum: RunningChecksum, expected: String)] = []

  init(operation: String, log: Log, isSentOn: Bool) {
    self.operation = operation
    self.log = log
    sentOn = isSentOn ? (BodyBuffer(), SHA256.Context()) : nil
  }

  var keepsBody: Bool { sentOn != nil }

  /// A composite checksum (of the parts of a multipart upload, `…-3`) does not cover the whole object; it is
  /// skipped with a debug line.
  func begin(_ headers: HTTPHeaders, declaredBytes: Int?) {
    sentOn?.buffer.begin(expectedBytes: declaredBytes ?? 0)
    sentOn?.hasher.reset()
    running.removeAll()
    let isComposite = headers["x-amz-checksum-type"] == "COMPOSITE"
    for checksum in Checksum.allCases {
      guard let expected = headers[checksum.rawValue] else { continue }
      if isComposite || expected.contains("-") {
        log.debug("\(operation): \(checksum.rawValue) is composite and was not checked")
      } else {
        running.append((RunningChecksum(checksum), expected))
      }
    }
  }

  func place(forBytes count: Int) -> UnsafeMutableRawPointer? {
    unsafe sentOn?.buffer.place(forBytes: count)
  }

  func take(_ bytes: UnsafeRawBufferPointer) {
    unsafe sentOn?.buffer.append(bytes)
    unsafe sentOn?.hasher.update(bytes)
    for index in running.indices { unsafe running[index].checksum.take(bytes) }
  }

  /// - Returns: an error when a checksum that came with the response does not match.
  func mismatch(in response: HTTPResponse) -> AWSError? {
    for (checksum, expected) in running {
      let actual = checksum.text
      guard actual == expected else {
        let name = checksum.checksum.rawValue
        return AWSError(
          operation: operation, service: AWSService.s3.displayName, code: .checksumMismatch,
          detail: "\(name) is \(expected.prefix(64)), the received bytes have \(actual)",
          status: response.status, requestID: response.headers["x-amz-request-id"], verdict: .once)
      }
    }
    return nil
  }

  /// The object; nil unless it is sent on.
  func receivedBody() -> ReceivedBody? {
    sentOn.map { ReceivedBody(buffer: $0.buffer, hash: .finished($0.hasher)) }
  }
}
