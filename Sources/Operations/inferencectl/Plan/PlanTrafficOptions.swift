import ArgumentParser
import CapacityPlanner
import Foundation
import Platform

/// Where the traffic comes from: a file, a rate, CloudWatch.
struct PlanTrafficOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Trace file: CSV, JSON of CloudWatch, JSON Lines, or an access log, also with gzip; - reads standard input.",
      valueName: "trace"))
  var trace: String?

  @Option(
    help: ArgumentHelp(
      "Column of the times, a name or a number; each row is then one request.",
      valueName: "column"))
  var column: String?
  @Option(
    help: ArgumentHelp(
      "Column of the counts, a name or a number, or the id of a metric; each row is then a count of requests.",
      valueName: "column"))
  var countColumn: String?
  @Option(
    help: ArgumentHelp(
      "Width of the bins, for example 5m; each row is then a count of requests (default: the usual step).",
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

  @Option(help: ArgumentHelp("Multiply the traffic, for example by 1.5.", valueName: "factor"))
  var scale = 1.0

  func validate() throws {
    let sources = [trace != nil, rate != nil, fromCloudwatch != nil].filter { $0 }.count
    guard sources == 1 else {
      throw ValidationError(
        sources == 0
          ? "Give a trace file, or --rate, or --from-cloudwatch."
          : "Give only one of a trace file, --rate, and --from-cloudwatch.")
    }
    guard scale > 0, scale.isFinite else { throw ValidationError("--scale must be above 0.") }
    if trace == nil, column != nil || countColumn != nil || bin != nil || skipBadRows {
      throw ValidationError(
        "--column, --count-column, --bin, and --skip-bad-rows need a trace file.")
    }
    if rate == nil, peak != nil { throw ValidationError("--peak needs --rate.") }
    if !(0..<24).contains(peakHour) {
      throw ValidationError("--peak-hour must be at least 0 and less than 24.")
    }
    if trace != nil, days != nil {
      throw ValidationError("--days needs --rate or --from-cloudwatch.")
    }
    if let days, !CloudWatchTraffic.daysKept.contains(days) {
      throw ValidationError("--days must be 1 to 455, which is what CloudWatch keeps.")
    }
  }

  /// The traffic, what came with it, and a name for it.
  func read(in session: Session, qualifier: String) throws -> PlanTraffic {
    if let trace {
      let format = TraceFormat(
        column: column, countColumn: countColumn, binWidth: bin?.duration,
        skipsBadRows: skipBadRows)
      let name = trace == "-" ? "standard input" : VisibleText.escaped(trace)
      let read = try naming(name) {
        trace == "-"
          ? try Trace(FileHandle.standardInput.readDataToEndOfFile(), format: format)
          : try Trace(contentsOf: URL(fileURLWithPath: trace), format: format)
      }
      return PlanTraffic(
        traffic: try scaled(read.traffic), name: name,
        notices: read.notices.map { "\(name): \($0)" })
    }
    if let fromCloudwatch {
      return try readCloudWatch(fromCloudwatch, qualifier, session)
    }
    let rate = rate ?? 0
    let day: Traffic
    do throws(TrafficError) {
      day = try .syntheticDays(
        ratePerSecond: rate, peakPerSecond: peak, days: days ?? 1, peakHour: peakHour,
        startUnixSeconds: 0)
    } catch { throw ValidationError("--rate, --peak: \(error.description).") }
    let text = "\(rate) requests a second" + (peak.map { ", \($0) at the peak" } ?? "")
    return PlanTraffic(traffic: try scaled(day), name: text, notices: [])
  }

  private func readCloudWatch(
    _ name: String, _ qualifier: String, _ session: Session
  ) throws -> PlanTraffic {
    session.progress.show("Reading the metrics of \(name)")
    let client = try session.client()
    let days = days ?? 14
    let read = try CloudWatchTraffic.read(
      functionName: name, days: days, unixSeconds: session.clock.unixMilliseconds() / 1000,
      with: client)
    session.progress.show("Reading the configuration of \(name)")
    var function = try MeasuredFunction.read(
      name, qualifier: qualifier, window: read.measured.window,
      periodSeconds: LambdaMetrics.periodSeconds(days: days), with: client)
    function.duration = read.duration
    return PlanTraffic(
      traffic: try scaled(read.traffic), name: name, notices: read.notices + function.notices,
      function: function, measured: scale == 1 ? read.measured : nil)
  }

  /// - Throws: `ValidationError` above a rate that no account reaches, and with which the planner cannot calculate.
  private func scaled(_ traffic: Traffic) throws -> Traffic {
    let scaled = scale == 1 ? traffic : traffic.scaled(by: scale)
    guard scaled.meanRatePerSecond <= 1e9 else {
      throw ValidationError(
        "\(scaled.meanRatePerSecond) requests per second on average: at most 1,000,000,000 can be planned."
      )
    }
    return scaled
  }
}

/// Traffic, and what else its source contains about the function.
struct PlanTraffic {
  let traffic: Traffic
  let name: String
  let notices: [String]
  var function: MeasuredFunction?
  /// What CloudWatch measured; nil when the traffic was scaled.
  var measured: MeasuredWindow?
}
