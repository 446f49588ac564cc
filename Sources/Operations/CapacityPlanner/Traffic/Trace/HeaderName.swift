/// What the name of a column says of it.
struct HeaderName {
  enum Meaning {
    case time
    /// Requests per row.
    case count
    /// Perhaps requests per row: `value`, `sum`.
    case weakCount
    /// An average, a maximum, a rate: neither a count nor something of one request.
    case statistic
    /// Something of one request, such as its duration or size.
    case other
    case unknown
  }

  let words: Set<String>
  /// The width that Logs Insights' `bin(5m)` states.
  let binWidth: Duration?

  private static let times: Set<String> = [
    "time", "timestamp", "timestamps", "date", "datetime", "when", "at", "t", "ts", "start",
    "minute",
    "hour", "day", "period", "bin", "zeit", "eventtime", "starttime", "received", "arrival",
    "epoch",
  ]
  private static let counts: Set<String> = [
    "arrivals", "count", "counts", "events", "hits", "invocations", "requests", "requestcount",
    "calls", "uploads", "messages", "n", "number",
  ]
  private static let weakCounts: Set<String> = ["sum", "total", "value", "values"]
  private static let statistics: Set<String> = [
    "average", "avg", "mean", "median", "minimum", "min", "maximum", "max", "rate", "rps", "qps",
    "tps", "per", "percent", "utilization", "p50", "p90", "p95", "p99", "concurrentexecutions",
  ]
  private static let others: Set<String> = [
    "error", "errors", "failed", "failures", "throttles", "throttled", "duration", "latency", "ms",
    "milliseconds", "seconds", "bytes", "size", "tokens", "status", "code", "id", "user", "ip",
    "memory", "mb", "message", "ptr", "log", "requestid", "key", "name", "price", "cost",
    "contexttokens", "generatedtokens", "length",
  ]

  init(_ text: String) {
    let lowered = text.lowercased()
    words = Set(
      lowered.split { !$0.isLetter && !$0.isNumber }.map(String.init))
    binWidth =
      lowered.hasPrefix("bin(") && lowered.hasSuffix(")")
      ? DurationText.duration(String(lowered.dropFirst(4).dropLast())) : nil
  }

  var meaning: Meaning {
    if binWidth != nil { return .time }
    if !words.isDisjoint(with: Self.statistics) { return .statistic }
    // `count(@message)`, `Requests (Count)`: the count decides; `error count` does not count requests.
    if words.first(where: {
      $0.hasPrefix("error") || $0.hasPrefix("throttle") || $0.hasPrefix("fail")
    })
      != nil
    {
      return .other
    }
    if !words.isDisjoint(with: Self.counts) { return .count }
    if !words.isDisjoint(with: Self.times) { return .time }
    if !words.isDisjoint(with: Self.others) { return .other }
    if !words.isDisjoint(with: Self.weakCounts) { return .weakCount }
    return .unknown
  }

  var isCount: Bool { meaning == .count || meaning == .weakCount }

  /// Times before counts before the rest.
  var order: Int { meaning == .time ? 0 : isCount ? 1 : 2 }

  /// First cells of the rows that the CloudWatch console writes above its values.
  private static let labelsOfConsole: Set<String> = [
    "id", "label", "full label", "metric", "metric stat", "statistic", "stat", "period", "unit",
    "region", "account", "namespace", "dimensions", "color", "",
  ]

  static func isLabelOfConsole(_ text: String) -> Bool {
    labelsOfConsole.contains(text.lowercased())
  }
}
