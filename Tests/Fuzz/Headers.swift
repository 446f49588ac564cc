// Header lines of a response as received from libcurl: every value stays on its line, and a body within the limit is
// accepted whatever they contain.
@testable import HTTPClient

private let names = [
  "content-length", "content-type", "etag", "location", "content-range", "x-amz-request-id",
  "x-amzn-requestid", "x-amz-checksum-crc32", "transfer-encoding", "", ":", " ", "a",
]

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
  for name in names {
    guard let value = response.headers[name] else { continue }
    precondition(!value.utf8.contains(10))
    precondition(
      ![0x20, 0x09, 0x0D].contains(value.utf8.first)
        && ![0x20, 0x09, 0x0D].contains(value.utf8.last))
  }
  return 0
}
