import ArgumentParser
import CapacityPlanner
import Foundation

/// Where the traffic comes from: a file, a rate, CloudWatch.
struct PlanTrafficOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "CSV with arrival times (seconds or ISO dates), or with two columns, time and count per bin; - reads standard input.",
      valueName: "trace.csv"))
  var trace: String?

  @Option(
    help: ArgumentHelp(
      "The times' column, a name or a number (default: the first); the file then has arrival times.",
      valueName: "column"))
  var column: String?
  @Option(
    help: ArgumentHelp(
      "The counts' column; the file then has counts per bin.", valueName: "column"))
  var countColumn: String?
  @Option(
    help: ArgumentHelp(
      "The bins' width; the file then has counts per bin (default: the smallest step).",
      valueName: "duration"))
  var bin: DurationArgument?
  @Flag(help: "Leave bad rows out instead of failing.")
  var skipBadRows = false

  @Option(
    help: ArgumentHelp("A synthetic day instead: requests a second, on average.", valueName: "rate")
  )
  var rate: Double?
  @Option(
    help: ArgumentHelp("With --rate: requests a second at the peak.", valueName: "rate"))
  var peak: Double?
  @Option(help: ArgumentHelp("With --rate: the hour of the peak, UTC.", valueName: "hour"))
  var peakHour = 14.0

  @Option(
    help: ArgumentHelp("A function's own traffic instead, from CloudWatch.", valueName: "function"))
  var fromCloudwatch: String?
  @Option(help: "Days of --from-cloudwatch (default: 14) or of --rate (default: 1).")
  var days: Int?

  @Option(help: ArgumentHelp("So many times the traffic.", valueName: "factor"))
  var scale = 1.0

  func validate() throws {
    let sources = [trace != nil, rate != nil, fromCloudwatch != nil].filter { $0 }.count
    guard sources == 1 else {
      throw ValidationError(
        sources == 0
          ? "Give a trace file, or --rate, or --from-cloudwatch."
          : "Give only one of a trace file, --rate and --from-cloudwatch.")
    }
    guard scale > 0, scale.isFinite else { throw ValidationError("--scale must be above 0.") }
    if trace == nil, column != nil || countColumn != nil || bin != nil || skipBadRows {
      throw ValidationError("--column, --count-column, --bin and --skip-bad-rows are for a trace.")
    }
    if rate == nil, peak != nil { throw ValidationError("--peak goes with --rate.") }
    if !(0..<24).contains(peakHour) { throw ValidationError("--peak-hour wants 0 to 23.") }
    if trace != nil, days != nil {
      throw ValidationError("--days goes with --rate or --from-cloudwatch.")
    }
    if let days, !CloudWatchTraffic.daysKept.contains(days) {
      throw ValidationError("--days wants 1 to 455, which is what CloudWatch keeps.")
    }
  }

  /// The traffic, the durations that came with it, and a name for it.
  func read(
    in session: Session
  ) throws -> (traffic: Traffic, duration: DurationModel?, name: String, notices: [String]) {
    if let trace {
      let format = TraceFormat(
        column: column, countColumn: countColumn, binWidth: bin?.duration,
        skipsBadRows: skipBadRows)
      let read = try naming(trace) {
        trace == "-"
          ? try Trace(FileHandle.standardInput.readDataToEndOfFile(), format: format)
          : try Trace(contentsOf: URL(fileURLWithPath: trace), format: format)
      }
      return (scaled(read.traffic), nil, trace, read.notices.map { "\(trace): \($0)" })
    }
    if let fromCloudwatch {
      session.progress.show("Reading the metrics of \(fromCloudwatch)")
      let read = try CloudWatchTraffic.read(
        functionName: fromCloudwatch, days: days ?? 14,
        unixSeconds: session.clock.unixMilliseconds() / 1000, with: session.client())
      return (scaled(read.traffic), read.duration, fromCloudwatch, read.notices)
    }
    let rate = rate ?? 0
    let day: Traffic
    do throws(TrafficError) {
      day = try .syntheticDays(
        ratePerSecond: rate, peakPerSecond: peak, days: days ?? 1, peakHour: peakHour,
        startUnixSeconds: 0)
    } catch { throw ValidationError("--rate, --peak: \(error.description).") }
    let text = "\(rate) requests a second" + (peak.map { ", \($0) at the peak" } ?? "")
    return (scaled(day), nil, text, [])
  }

  private func scaled(_ traffic: Traffic) -> Traffic {
    scale == 1 ? traffic : traffic.scaled(by: scale)
  }
}
