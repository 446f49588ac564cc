import Foundation

/// The arrivals of a ``Traffic`` one after the other, in order, in constant memory.
struct ArrivalStream: ~Copyable {
  private let bins: Buffer<Double>
  private let times: Buffer<Microseconds>
  private let width: Double
  private let factor: Double
  private let kind: Kind
  private let lengthEnd: Double
  private var random: RandomBits
  private let exponential = ExponentialTable()

  private enum Kind { case times, spreadTimes, counts, rates }

  private var index = 0
  private var at = 0.0
  private var end = 0.0
  /// Arrivals still to come before `end`; the fraction that earlier bins left over.
  private var remaining = 0
  private var carried = 0.0
  /// Arrivals a microsecond in the current bin.
  private var rate = 0.0

  init(_ traffic: Traffic, seed: UInt64) {
    random = RandomBits(seed: seed, stream: 1)
    lengthEnd = Double(traffic.duration.microseconds)
    switch traffic.shape {
    case .times(let times, let factor):
      kind = factor == 1 ? .times : .spreadTimes
      self.times = Buffer(times)
      bins = Buffer([])
      (width, self.factor) = (0, factor)
    case .counts(let counts, let width):
      kind = .counts
      times = Buffer([])
      bins = Buffer(counts)
      (self.width, factor) = (Double(width), 1)
    case .rates(let rates, let width):
      kind = .rates
      times = Buffer([])
      bins = Buffer(rates.map { $0 / 1e6 })
      (self.width, factor) = (Double(width), 1)
    }
  }

  /// The next arrival, or `.never` when there are no more.
  @inline(__always)
  mutating func next() -> Microseconds {
    switch kind {
    case .counts, .spreadTimes: return nextOfKnownCount()
    case .rates: return nextOfKnownRate()
    case .times:
      guard index < times.count else { return .never }
      defer { index += 1 }
      return times[index]
    }
  }

  /// Of n arrivals left in the time that is left, the earliest: the minimum of n uniform moments, which is
  /// 1 - exp(-E/n) of that time for an exponential E.
  @inline(__always)
  private mutating func nextOfKnownCount() -> Microseconds {
    if remaining == 0, !enterBinWithArrivals() { return .never }
    let exponent = exponential.draw(&random) / Double(remaining)
    // Four terms are exact to 1e-10 here, and most draws are here.
    let share =
      exponent < 0.02
      ? exponent * (1 - exponent * (0.5 - exponent * (1.0 / 6 - exponent / 24))) : -expm1(-exponent)
    at += (end - at) * share
    remaining -= 1
    return Microseconds(at)
  }

  private mutating func enterBinWithArrivals() -> Bool {
    let count = kind == .counts ? bins.count : times.count
    while index < count {
      let weight = (kind == .counts ? bins[index] : factor) + carried
      if kind == .counts {
        at = Double(index) * width
        end = at + width
      } else {
        at = Double(times[index])
        end = index + 1 < count ? Double(times[index + 1]) : lengthEnd
      }
      index += 1
      // A count of 0.3 at a time must come to 3 after ten bins.
      remaining = Int(weight + 1e-9)
      carried = weight - Double(remaining)
      if remaining > 0 { return true }
    }
    return false
  }

  @inline(__always)
  private mutating func nextOfKnownRate() -> Microseconds {
    var exponent = exponential.draw(&random)
    while true {
      let available = (end - at) * rate
      if exponent < available {
        at += exponent / rate
        return Microseconds(at)
      }
      exponent -= available
      at = end
      guard index < bins.count else { return .never }
      at = Double(index) * width
      end = at + width
      rate = bins[index]
      index += 1
    }
  }
}
