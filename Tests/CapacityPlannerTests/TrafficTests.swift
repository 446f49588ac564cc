import CapacityPlanner
import Testing

@Suite struct TrafficTests {
  /// Arrivals of each point of the series.
  private func arrivals(_ traffic: Traffic, points: Int, seed: UInt64 = 1) throws -> [Int] {
    try Simulation(scenario(), seed: seed, seriesPoints: points).run(traffic).series
      .prefix(points).map(\.arrivals)
  }

  @Test func aBinHasExactlyItsCount() throws {
    let traffic = try Traffic(counts: [3, 0, 500], binWidth: .seconds(60))
    #expect(try arrivals(traffic, points: 3) == [3, 0, 500])
  }

  @Test func scaledCountsCarryTheirFractions() throws {
    let traffic = try Traffic(counts: [1, 1, 1, 1], binWidth: .seconds(60)).scaled(by: 2.5)
    #expect(try arrivals(traffic, points: 4) == [2, 3, 2, 3])
    #expect(traffic.expectedArrivals == 10)
  }

  @Test func arrivalsOfABinAreUniformInIt() throws {
    let traffic = try Traffic(counts: [40_000], binWidth: .seconds(600))
    // A tenth each, within five standard deviations.
    #expect(try arrivals(traffic, points: 10).allSatisfy { abs($0 - 4000) < 5 * 60 })
  }

  @Test func exactTimesAreKeptAndScaledOnesFillTheGapThatFollows() throws {
    let times = [Duration.zero, .seconds(100)]
    let traffic = try Traffic(arrivals: times, duration: .seconds(200))
    #expect(try arrivals(traffic, points: 2) == [1, 1])
    #expect(try arrivals(traffic.scaled(by: 50), points: 2) == [50, 50])
  }

  @Test func unorderedTimesAreSortedAndSaidToBe() throws {
    let traffic = try Traffic(arrivals: [.seconds(5), .seconds(1)])
    #expect(traffic.wasUnordered)
    #expect(traffic.duration == .seconds(6))
    #expect(try Simulation(scenario()).run(traffic).completed == 2)
  }

  @Test func ratesArePoisson() throws {
    let traffic = try Traffic(ratesPerSecond: [0, 10], binWidth: .seconds(10_000))
    let counts = try arrivals(traffic, points: 20_000)
    #expect(counts.prefix(10_000).allSatisfy { $0 == 0 })
    let busy = counts.dropFirst(10_000)
    let mean = Double(busy.reduce(0, +)) / 10_000
    let variance = busy.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / 10_000
    #expect(abs(mean - 10) < 0.2)
    #expect(abs(variance / mean - 1) < 0.1)
  }

  @Test func aSyntheticDayHasItsMeanAndItsPeak() throws {
    let day = try Traffic.syntheticDays(ratePerSecond: 2, peakPerSecond: 15, days: 2, peakHour: 20)
    #expect(abs(day.meanRatePerSecond - 2) < 1e-9)
    #expect(abs(day.peakRatePerSecond - 15) < 0.01)
    #expect(day.duration == .seconds(172_800))
    let rates = day.ratesPerSecond(binWidth: .seconds(3600))
    #expect(
      rates.indices.max { rates[$0] < rates[$1] }.map { [19, 20, 43, 44].contains($0) } == true)
  }

  @Test func whatIsNoTrafficIsRefused() {
    #expect(throws: TrafficError.empty) { try Traffic(arrivals: []) }
    #expect(throws: TrafficError.empty) { try Traffic(counts: [0, 0], binWidth: .seconds(1)) }
    #expect(throws: TrafficError.negative("a count")) {
      try Traffic(counts: [1, -1], binWidth: .seconds(1))
    }
    #expect(throws: TrafficError.notFinite("a rate")) {
      try Traffic(ratesPerSecond: [.nan], binWidth: .seconds(1))
    }
    #expect(throws: TrafficError.negative("an arrival time")) {
      try Traffic(arrivals: [.seconds(-1)])
    }
    #expect(throws: TrafficError.peak(rate: 2, peak: 1)) {
      try Traffic.syntheticDays(ratePerSecond: 2, peakPerSecond: 1)
    }
  }
}
