import Foundation

extension Traffic {
  /// Days with a smooth daily peak, when there is no trace yet: the rate follows exp(k cos(t)), scaled to the mean,
  /// with k such that the busiest minute has the peak rate. Arrivals are a Poisson process.
  ///
  /// - Parameters:
  ///   - ratePerSecond: mean over the day.
  ///   - peakPerSecond: at the busiest moment; the mean when nil, which makes the day flat.
  ///   - days: how many such days.
  ///   - peakHour: hour of the day with the peak, 0 ..< 24.
  /// - Throws: ``TrafficError/peak(rate:peak:)`` when the peak does not fit the mean.
  package static func syntheticDays(
    ratePerSecond: Double, peakPerSecond: Double? = nil, days: Int = 1, peakHour: Double = 14,
    startUnixSeconds: Double? = nil
  ) throws(TrafficError) -> Traffic {
    let peak = peakPerSecond ?? ratePerSecond
    guard ratePerSecond.isFinite, peak.isFinite else { throw .notFinite("a rate") }
    guard ratePerSecond > 0 else { throw .empty }
    guard peak >= ratePerSecond, peak <= ratePerSecond * 1000 else {
      throw .peak(rate: ratePerSecond, peak: peak)
    }
    let minutes = 1440
    let angles = (0..<minutes).map { minute in
      (Double(minute) / 60 - peakHour) / 24 * 2 * Double.pi
    }
    func day(_ concentration: Double) -> [Double] {
      let weights = angles.map { exp(concentration * (cos($0) - 1)) }
      let mean = weights.reduce(0, +) / Double(minutes)
      return weights.map { $0 / mean * ratePerSecond }
    }
    var low = 0.0
    var high = 1.0
    while (day(high).max() ?? 0) < peak, high < 1e9 { high *= 2 }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if (day(middle).max() ?? 0) < peak { low = middle } else { high = middle }
    }
    let oneDay = day(low)
    var traffic = try Traffic(
      ratesPerSecond: (0..<max(1, days)).flatMap { _ in oneDay }, binWidth: .seconds(60),
      startUnixSeconds: startUnixSeconds)
    traffic.hasDate = false
    return traffic
  }
}
