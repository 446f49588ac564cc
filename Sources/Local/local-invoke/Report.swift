import Foundation
import Platform
import RuntimeEmulator

/// Lambda's report lines for one invocation.
struct Report {
  let requestID: String
  let memoryMB: Int
  /// From process start to the first `/next`; nil for a warm invocation.
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
      // Lambda reports the limit, not the measured duration.
      durationMilliseconds = Double(timeoutSeconds) * 1000
      let time = Date().withMilliseconds
      failure = "\(time) \(requestID) Task timed out after \(timeoutSeconds).00 seconds\n"
      status = "Status: timeout\t"
    case .error(let type, _) where type.hasPrefix("Runtime.") || type.hasPrefix("Sandbox."):
      let message = Answer(outcome).errorMessage ?? "RequestId: \(requestID) Error"
      failure = VisibleText.escaped(message) + "\n" + VisibleText.escaped(type)
      status = "Status: error\tError Type: \(VisibleText.escaped(type))\t"
    case .error: break
    }
  }

  /// The duration rounded up, including init, which is also billed.
  var billedMilliseconds: Int {
    Int((durationMilliseconds + (initMilliseconds ?? 0)).rounded(.up))
  }

  /// Without line breaks.
  var lines: [String] {
    let milliseconds = { (value: Double) in String(format: "%.2f ms", value) }
    var line = "REPORT RequestId: \(requestID)\tDuration: \(milliseconds(durationMilliseconds))\t"
    line += "Billed Duration: \(billedMilliseconds) ms\tMemory Size: \(memoryMB) MB\t"
    line += "Max Memory Used: \(maximumMemoryMB) MB\t"
    if let initMilliseconds { line += "Init Duration: \(milliseconds(initMilliseconds))\t" }
    return (failure.map { [$0] } ?? []) + ["END RequestId: \(requestID)", line + status]
  }
}
