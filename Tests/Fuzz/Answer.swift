// Responses of the Runtime API: what is read does not depend on where they are split, and stays within the limits. Of
// an event, every header can be reported; errors with any text are reported in valid JSON and a header of printable
// ASCII below 1 MiB.
import JSON
@testable import LambdaRuntime
import Platform

private let limitBytes = 1_024

/// Called by libFuzzer with each input: the length of the parts, then the bytes of a connection.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  let bytes = UnsafeBufferPointer(start: data, count: size)
  guard let partBytes = bytes.first else { return 0 }
  let connection = Array(bytes.dropFirst())
  let (whole, parts) = (Parts(connection, .max), Parts(connection, Int(partBytes) + 1))
  let readers = (ResponseReader(), ResponseReader())
  // Pipelined: what one response leaves is another one.
  while true {
    var leavesConnection = false
    let first = read(readers.0, whole, leavesConnection: &leavesConnection)
    precondition(first == read(readers.1, parts, leavesConnection: &leavesConnection))
    guard case .response(let status, let head, let body) = first else { return 0 }
    precondition(status >= 200 && body.count <= limitBytes)
    check(head, body)
    guard leavesConnection else { return 0 }
  }
}

private enum Outcome: Equatable {
  case response(status: Int, ResponseHead, body: [UInt8])
  case failure(RuntimeAPIError)
}

/// - Parameter leavesConnection: which depends on whether what follows has been received with the response.
private func read(
  _ reader: ResponseReader, _ source: Parts, leavesConnection: inout Bool
) -> Outcome {
  do throws(RuntimeAPIError) {
    let response = try reader.read(from: source, limitBytes: limitBytes)
    leavesConnection = response.leavesConnection
    return .response(status: response.status, response.head, body: response.body)
  } catch {
    return .failure(error)
  }
}

/// A connection that yields parts of one length.
private final class Parts: ByteSource {
  private var bytes: ArraySlice<UInt8>
  private let partBytes: Int

  init(_ bytes: [UInt8], _ partBytes: Int) {
    self.bytes = bytes[...]
    self.partBytes = partBytes
  }

  func receive(into buffer: UnsafeMutableRawBufferPointer) throws(RuntimeAPIError) -> Int {
    precondition(!buffer.isEmpty, "no room would count as the end of the connection")
    let part = bytes.prefix(min(partBytes, buffer.count))
    buffer.copyBytes(from: part)
    bytes = bytes.dropFirst(part.count)
    return part.count
  }
}

private func check(_ head: ResponseHead, _ body: [UInt8]) {
  guard let invocation = Invocation(head, event: body) else { return }
  precondition(!invocation.requestID.isEmpty && invocation.event == body)
  // Arithmetic on the deadline, whatever it is, and a report that Lambda and queues take.
  _ = invocation.remainingMilliseconds()
  _ = invocation.deadline.earlier(byMilliseconds: invocation.remainingMilliseconds())
    .remainingMilliseconds(on: .system)
  let error = InvocationError(
    errorType: invocation.traceID ?? "", message: String(decoding: body, as: UTF8.self))
  precondition(error.report.count < 8192 && error.xRayCause.utf8.count < 8192)
  precondition((try? JSONValue(parsing: error.report)) != nil)
  precondition((try? JSONValue(parsing: error.xRayCause)) != nil)
  precondition(error.xRayCause.utf8.count < 1 << 20)
  precondition(error.xRayCause.utf8.allSatisfy { (0x20...0x7E).contains($0) })
  precondition(error.headerType.utf8.allSatisfy { (0x21...0x7E).contains($0) })
  // A request about the invocation stays one request, or is refused.
  guard let address = try? RuntimeAddress("127.0.0.1:9001") else { preconditionFailure() }
  if var request = try? RuntimeRequest("POST", "/\(invocation.requestID)", to: address),
    (try? request.add("Lambda-Runtime-Invocation-Id", invocation.invocationID ?? "")) != nil
  {
    request.end(bodyBytes: 0)
    precondition(request.bytes.count(where: { $0 == 10 }) == 5)
    precondition(request.bytes.count(where: { $0 == 13 }) == 5)
  }
}
