import TestSupport
import Testing

/// The record from which the fault table is generated.
@Suite struct RecordTests {
  @Test func aPostIsRecordedWithItsStatusBeforeItsAnswerCanBeRead() throws {
    var fault = Fault(name: "", outcomes: "")
    fault.onPost = { $0.number.isMultiple(of: 2) ? 403 : 202 }
    let server = try TenEvents(fault)
    defer { server.stop() }
    let client = try RawClient(port: server.port)
    // Many, because a late record is late only by microseconds.
    for number in 1...500 {
      try client.send(
        "POST /2018-06-01/runtime/invocation/id-\(number)/response HTTP/1.1\r\nContent-Length: 0\r\n\r\n"
      )
      let status = number.isMultiple(of: 2) ? 403 : 202
      #expect(try client.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 \(status) "))
      #expect(server.posts(about: number).map(\.status) == [status])
    }
  }
}
