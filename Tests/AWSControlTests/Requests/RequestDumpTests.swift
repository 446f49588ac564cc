import Foundation
import TestSupport
import Testing

/// Writes our requests, which the check compares with those of botocore's serializer.
@Suite struct RequestDumpTests {
  private static let path = ProcessInfo.processInfo.environment["CONTROL_REQUESTS"]

  @Test(
    .enabled(
      if: path != nil || ProcessInfo.processInfo.environment["REQUIRE_ORACLES"] != nil,
      "CONTROL_REQUESTS is not set: .ci/checks/control-requests.sh sets it"))
  func requestsAreWrittenForBotocore() throws {
    let path = try #require(Self.path)
    var text: [UInt8] = []
    for request in RequestCases.all { text += try request.line() + [UInt8(ascii: "\n")] }
    try Data(text).write(to: URL(fileURLWithPath: path))
  }

  @Test func everyCaseMakesARequest() throws {
    for request in RequestCases.all { #expect(try request.line().count > 0) }
  }
}
