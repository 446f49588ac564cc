import Foundation
import TestSupport
import Testing

/// Each row of the fault table, tested with the real process.
@Suite struct FaultTableTests {
  static let all = Fault.ofNext + Fault.ofDelivery + Fault.ofPost

  @Test(arguments: all)
  func theProcessComesThroughOrSaysWhyItEnds(fault: Fault) throws {
    let run = try FaultRun(fault)
    #expect(run.isRecordComplete)
    #expect(run.outcomes == fault.outcomes)
    #expect(run.exitStatus == fault.exitStatus)
    #expect(run.log == fault.log)
    #expect(run.seconds >= fault.minimumSeconds)
    #expect(run.processorMilliseconds < FaultRun.processorLimitMilliseconds, "it must not spin")
    #expect(
      run.thirdPosts.allSatisfy {
        $0.invocationID == run.thirdPosts[0].invocationID
      }, "a repeated answer is about the same invocation")
    try Self.record(run.row(fault), at: Self.all.firstIndex { $0.name == fault.name } ?? 0)
  }

  /// `FAULT_TABLE` is a folder for the rows of docs/faults.md.
  private static func record(_ row: String, at index: Int) throws {
    guard let folder = ProcessInfo.processInfo.environment["FAULT_TABLE"] else { return }
    let name = String(format: "%03d.md", index)
    try Data((row + "\n").utf8).write(to: URL(fileURLWithPath: folder).appendingPathComponent(name))
  }
}
