/// What the traffic asks for, minute by minute, before anything is simulated: by Little's law the mean concurrency is
/// the rate times the time of a request. It says where the search looks, never what it finds.
struct Demand {
  /// Mean concurrency of each minute, sorted; and in order.
  private let sorted: [Double]
  private let byMinute: [Double]
  private let sortedRates: [Double]

  init(_ traffic: Traffic, secondsPerRequest: Double) {
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

  /// For each hour of the day, counted from the start of the traffic, the concurrency that suffices in this share of
  /// the hour's minutes over all days.
  func concurrencyByHour(_ share: Double) -> [Int] {
    (0..<24).map { hour in
      let minutes = stride(from: hour * 60, to: byMinute.count, by: 1440)
        .flatMap { byMinute[$0..<min($0 + 60, byMinute.count)] }
      return minutes.isEmpty ? 0 : Self.withMargin(Self.quantile(minutes.sorted(), share))
    }
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
