import Foundation
import Platform
import RuntimeEmulator

/// What Lambda's log says of one invocation after the function's own lines.
struct Report {
  let requestID: String
  let memoryMB: Int
  /// Process start to first `/next`; nil when the process was there already.
  var initMilliseconds: Double?
  var maximumMemoryMB = 0
  private(set) var durationMilliseconds = 0.0
  private var failure: String?
  private var status = ""

  init(requestID: String, memoryMB: Int) {
    self.requestID = requestID
    self.memoryMB = memoryMB
  }

  mutating func complete(_ outcome: InvocationOutcome, timeoutSeconds: Int) {
    durationMilliseconds = outcome.durationMilliseconds
    switch outcome.result {
    case .success: break
    case .timedOut:
      // Lambda reports the limit itself, not when it noticed.
      durationMilliseconds = Double(timeoutSeconds) * 1000
      let time = Date().ISO8601Format(.iso8601(timeZone: .gmt, includingFractionalSeconds: true))
      failure = "\(time) \(requestID) Task timed out after \(timeoutSeconds).00 seconds\n"
      status = "Status: timeout\t"
    case .error(let type, _) where type.hasPrefix("Runtime.") || type.hasPrefix("Sandbox."):
      let message = Answer(outcome).errorMessage ?? "RequestId: \(requestID) Error"
      failure = VisibleText.escaped(message) + "\n" + VisibleText.escaped(type)
      status = "Status: error\tError Type: \(VisibleText.escaped(type))\t"
    case .error: break
    }
  }

  /// Duration rounded up, init included: that is billed too.
  var billedMilliseconds: Int {
    Int((durationMilliseconds + (initMilliseconds ?? 0)).rounded(.up))
  }

  /// The lines after the function's own, without line ends.
  var lines: [String] {
    let milliseconds = { (value: Double) in String(format: "%.2f ms", value) }
    var line = "REPORT RequestId: \(requestID)\tDuration: \(milliseconds(durationMilliseconds))\t"
    line += "Billed Duration: \(billedMilliseconds) ms\tMemory Size: \(memoryMB) MB\t"
    line += "Max Memory Used: \(maximumMemoryMB) MB\t"
    if let initMilliseconds { line += "Init Duration: \(milliseconds(initMilliseconds))\t" }
    return (failure.map { [$0] } ?? []) + ["END RequestId: \(requestID)", line + status]
  }
}
