import ArgumentParser
import Foundation
import LocalAWS

/// The options of the emulated endpoint's kind.
struct EndpointKindOptions: ParsableArguments {
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case realtime, serverless, asynchronous

    /// That of `ENDPOINT_KIND`; nil without it, and for another value, which the function reports.
    init?(_ caller: Caller) {
      guard let kind = caller["ENDPOINT_KIND"].flatMap(Kind.init(rawValue:)) else { return nil }
      self = kind
    }
  }

  /// How often, and in which order, notifications of results arrive.
  enum Arrival: String, CaseIterable, ExpressibleByArgument {
    case once, twice, reversed, lost
  }

  @Option(
    help: ArgumentHelp(
      "Kind of the emulated endpoint (default: ENDPOINT_KIND or realtime).", valueName: "kind"))
  var endpointKind: Kind?

  @Option(
    help: ArgumentHelp(
      "Asynchronous: time that each request waits, in milliseconds, for example 2000 (default: 0).",
      valueName: "ms"))
  var asyncDelay: Int?

  @Option(
    help: ArgumentHelp(
      "Asynchronous: let the container fail for the request of this number, for example 1, or for this object key.",
      valueName: "n|key"))
  var asyncFail: String?

  @Option(
    help: ArgumentHelp(
      """
      Asynchronous: how notifications arrive: once, twice, reversed (the last request first), or lost (the first never \
      arrives) (default: once).
      """, valueName: "arrival"))
  var asyncNotifications: Arrival?

  @Option(
    help: ArgumentHelp(
      "Asynchronous: what invokes the function with results: sns, sqs (SNS to a queue), or s3 (default: sns).",
      valueName: "source"))
  var asyncResults: AsynchronousNotification.Delivery?

  @Option(
    help: ArgumentHelp(
      "Serverless: duration of a cold start in milliseconds (default: 6000).", valueName: "ms"))
  var serverlessColdStart: Int?

  @Option(
    help: ArgumentHelp(
      "Serverless: MaxConcurrency, 1 to 200; further requests are throttled (default: 5).",
      valueName: "n"))
  var serverlessMaxConcurrency: Int?

  @Option(
    help: ArgumentHelp(
      "Serverless: ProvisionedConcurrency, the number of environments that never start cold (default: 0).",
      valueName: "n"))
  var serverlessProvisioned: Int?

  /// Whether any of them is given: with `--aws`, the endpoint is not an emulated one.
  var isGiven: Bool {
    endpointKind != nil || asyncDelay != nil || asyncFail != nil || asyncNotifications != nil
      || asyncResults != nil || serverlessColdStart != nil || serverlessMaxConcurrency != nil
      || serverlessProvisioned != nil
  }

  func validate() throws {
    try require(
      .asynchronous,
      [
        ("--async-delay", asyncDelay != nil), ("--async-fail", asyncFail != nil),
        ("--async-notifications", asyncNotifications != nil),
        ("--async-results", asyncResults != nil),
      ])
    try require(
      .serverless,
      [
        ("--serverless-cold-start", serverlessColdStart != nil),
        ("--serverless-max-concurrency", serverlessMaxConcurrency != nil),
        ("--serverless-provisioned", serverlessProvisioned != nil),
      ])
    try check(asyncDelay, "--async-delay", 0...3_600_000, " milliseconds")
    try check(serverlessColdStart, "--serverless-cold-start", 0...240_000, " milliseconds")
    try check(serverlessMaxConcurrency, "--serverless-max-concurrency", 1...200)
    let maximum = serverlessMaxConcurrency ?? ServerlessEndpoint().maximumConcurrency
    try check(serverlessProvisioned, "--serverless-provisioned", 0...maximum)
  }

  private func require(_ kind: Kind, _ options: [(name: String, isGiven: Bool)]) throws {
    let chosen = endpointKind ?? Kind(Caller(environment: ProcessInfo.processInfo.environment))
    guard chosen != kind, let option = options.first(where: \.isGiven) else { return }
    throw ValidationError("\(option.name) requires --endpoint-kind \(kind.rawValue).")
  }

  private func check(
    _ value: Int?, _ name: String, _ range: ClosedRange<Int>, _ unit: String = ""
  ) throws {
    guard let value, !range.contains(value) else { return }
    throw ValidationError("\(name) must be \(range.lowerBound) to \(range.upperBound)\(unit).")
  }
}

extension AsynchronousNotification.Delivery: ExpressibleByArgument {}
