import Foundation

/// What the traffic asks for, minute by minute, before anything is simulated: by Little's law the mean concurrency is
/// the rate times the time of a request. It guides where the search looks, never what it finds.
struct Demand {
  private let traffic: Traffic
  private let timeZone: TimeZone
  /// Mean concurrency of each minute, sorted; and in order.
  private let sorted: [Double]
  private let byMinute: [Double]
  private let sortedRates: [Double]

  init(_ traffic: Traffic, secondsPerRequest: Double, timeZone: TimeZone = .gmt) {
    self.traffic = traffic
    self.timeZone = timeZone
    let rates = traffic.ratesPerSecond(binWidth: .seconds(60))
    sortedRates = rates.sorted()
    byMinute = rates.map { $0 * secondsPerRequest }
    sorted = byMinute.sorted()
  }

  /// The concurrency that suffices in this share of the minutes: three standard deviations above the Poisson mean.
  func concurrency(_ share: Double) -> Int { Self.withMargin(Self.quantile(sorted, share)) }

  /// Arrivals a second that are not exceeded in this share of the minutes.
  func rate(_ share: Double) -> Double { Self.quantile(sortedRates, share) }

  /// The rate of the first ten minutes.
  var firstConcurrency: Double { byMinute.prefix(10).max() ?? 0 }

  /// A day has to be seen whole before its hours can be planned.
  var coversADay: Bool { traffic.duration >= .seconds(86_400) }

  /// A week has to be seen whole before weekends can differ.
  var coversAWeek: Bool { traffic.duration >= .seconds(7 * 86_400) }

  /// For each day of the week (1 is Sunday) and hour of the clock, the concurrency that suffices in this share of the
  /// minutes of such hours. Working days are taken together, and weekends; all days, when less than a week is known.
  func concurrencyByHour(_ share: Double) -> [Int: [Int]] {
    let isSplit = coversAWeek && traffic.startUnixSeconds != nil
    var minutes: [Bool: [[Double]]] = [:]
    let start = traffic.startUnixSeconds ?? 0
    for minute in byMinute.indices {
      let unix = start + Double(minute) * 60
      let local =
        unix + Double(timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: unix)))
      let day = Int((local / 86_400).rounded(.down))
      // 1970-01-01 was a Thursday: days 2 and 3 are a weekend.
      let isWeekend = isSplit && [2, 3].contains(((day % 7) + 7) % 7)
      let hour = Int((local - Double(day) * 86_400) / 3600)
      minutes[isWeekend, default: Array(repeating: [], count: 24)][hour].append(byMinute[minute])
    }
    let amounts = minutes.mapValues { hours in
      hours.map { Self.withMargin(Self.quantile($0.sorted(), share)) }
    }
    let weekdays = amounts[false] ?? amounts[true] ?? []
    return Dictionary(
      uniqueKeysWithValues: (1...7).map { day in
        (day, isSplit && (day == 1 || day == 7) ? amounts[true] ?? weekdays : weekdays)
      })
  }

  private static func withMargin(_ mean: Double) -> Int {
    Int((mean + 3 * mean.squareRoot()).rounded(.up))
  }

  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    guard let last = sorted.last else { return 0 }
    let index = Int((share * Double(sorted.count)).rounded(.up)) - 1
    return index < 0 ? sorted[0] : index < sorted.count ? sorted[index] : last
  }
}
