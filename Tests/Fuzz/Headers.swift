// Header lines of /invocation/next as received from libcurl, parsed into an invocation; errors with
// any text are reported in valid JSON and a header of printable ASCII below 1 MiB.
@testable import HTTPClient
import JSON
@testable import LambdaRuntime
import Platform

/// Called by libFuzzer with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  let bytes = UnsafeRawBufferPointer(start: data, count: size)
  let transfer = Transfer(
    HTTPRequest(method: "GET", url: "http://h/", timeoutMilliseconds: nil, maximumBodyBytes: 4096)
  ) { _ in }
  var start = 0
  while start < size {
    let end = bytes[start...].firstIndex(of: 10) ?? size - 1
    _ = transfer.receiveHeader(UnsafeRawBufferPointer(rebasing: bytes[start...end]))
    start = end + 1
  }
  guard let response = try? transfer.response(status: 200) else { return 0 }
  guard let invocation = Invocation(response) else { return 0 }
  precondition(!invocation.requestID.isEmpty)
  let error = InvocationError(
    errorType: invocation.traceID ?? "", message: String(decoding: bytes, as: UTF8.self))
  // Arithmetic on the deadline, whatever it is, and a report that Lambda and queues take.
  _ = invocation.remainingMilliseconds()
  _ = invocation.deadline.earlier(byMilliseconds: invocation.remainingMilliseconds())
    .remainingMilliseconds(on: .system)
  precondition(error.report.count < 8192 && error.xRayCause.utf8.count < 8192)
  precondition((try? JSONValue(parsing: error.report)) != nil)
  precondition((try? JSONValue(parsing: error.xRayCause)) != nil)
  precondition(error.xRayCause.utf8.count < 1 << 20)
  precondition(error.xRayCause.utf8.allSatisfy { (0x20...0x7E).contains($0) })
  precondition(error.headerType.utf8.allSatisfy { (0x21...0x7E).contains($0) })
  return 0
}
