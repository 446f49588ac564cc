import CapacityPlanner
import Foundation

/// How fast the planner is, on a trace of counts per 5-minute bin:
///
///     planner-speed TRACE.csv simulate [FACTOR] [constant|exponential]
///     planner-speed TRACE.csv search
///
/// `simulate` multiplies the trace and runs it once with everything switched on: reserved and tracked provisioned
/// concurrency, throttling and retries, function errors, a scaling endpoint. `search` runs the whole search. Both print
/// figures only and never fail by them.
let arguments = CommandLine.arguments
guard arguments.count > 2, ["simulate", "search"].contains(arguments[2]) else {
  FileHandle.standardError.write(
    Data(
      "planner-speed: usage: planner-speed TRACE.csv simulate [FACTOR] [constant|exponential] | search\n"
        .utf8))
  exit(2)
}
do {
  let text = try String(contentsOfFile: arguments[1], encoding: .utf8)
  let counts = text.split(whereSeparator: \.isNewline).dropFirst()
    .compactMap { $0.split(separator: ",").last.flatMap { Double($0) } }
  let trace = try Traffic(counts: counts, binWidth: .seconds(300))
  if arguments[2] == "search" {
    try measureSearch(trace)
  } else {
    let factor = arguments.count > 3 ? Double(arguments[3]) ?? 1 : 1
    try measureSimulation(
      trace.scaled(by: factor), isConstant: arguments.count > 4 && arguments[4] == "constant")
  }
} catch {
  FileHandle.standardError.write(Data("planner-speed: \(error)\n".utf8))
  exit(1)
}
