extension Traffic {
  /// The same pattern with `factor` times as many arrivals. Counts and rates are multiplied; of exact times each
  /// stands for `factor` arrivals, spread at random over the gap that follows it.
  package func scaled(by factor: Double) -> Traffic {
    switch shape {
    case .times(let times, let earlier):
      Traffic(shape: .times(times, factor: earlier * factor), like: self)
    case .counts(let counts, let width):
      Traffic(shape: .counts(counts.map { $0 * factor }, width: width), like: self)
    case .rates(let rates, let width):
      Traffic(shape: .rates(rates.map { $0 * factor }, width: width), like: self)
    }
  }

  /// How many arrivals to expect: exact for times and counts, the mean for rates.
  package var expectedArrivals: Double {
    switch shape {
    case .times(let times, let factor): Double(times.count) * factor
    case .counts(let counts, _): counts.reduce(0, +)
    case .rates(let rates, let width): rates.reduce(0, +) * Double(width) / 1e6
    }
  }

  /// Arrivals a second, averaged over the whole duration.
  package var meanRatePerSecond: Double { expectedArrivals / duration.inSeconds }

  /// The highest rate: of a bin, or of a minute of exact times.
  package var peakRatePerSecond: Double {
    switch shape {
    case .times: ratesPerSecond(binWidth: .minute).max() ?? 0
    case .counts(let counts, let width): (counts.max() ?? 0) * 1e6 / Double(width)
    case .rates(let rates, _): rates.max() ?? 0
    }
  }

  /// Arrivals a second in bins of this width, in order; a narrower bin of the source is averaged, a wider repeated.
  package func ratesPerSecond(binWidth: Duration) -> [Double] {
    ratesPerSecond(binWidth: binWidth.microseconds)
  }

  private func ratesPerSecond(binWidth: Microseconds) -> [Double] {
    let length = duration.microseconds
    let width = Swift.max(1, Swift.min(binWidth, length))
    var arrivals = [Double](repeating: 0, count: Int((length + width - 1) / width))
    func add(_ amount: Double, from start: Microseconds, to end: Microseconds) {
      var at = start
      while at < end {
        let bin = Int(at / width)
        let stop = Swift.min(end, Microseconds(bin + 1) * width)
        arrivals[bin] += amount * Double(stop - at) / Double(end - start)
        at = stop
      }
    }
    switch shape {
    case .times(let times, let factor):
      for time in times { arrivals[Int(Swift.min(time, length - 1) / width)] += factor }
    case .counts(let bins, let source):
      for (index, count) in bins.enumerated() where count > 0 {
        add(count, from: Microseconds(index) * source, to: Microseconds(index + 1) * source)
      }
    case .rates(let bins, let source):
      for (index, rate) in bins.enumerated() where rate > 0 {
        add(
          rate * Double(source) / 1e6, from: Microseconds(index) * source,
          to: Microseconds(index + 1) * source)
      }
    }
    return arrivals.enumerated().map { index, count in
      let seconds = Double(Swift.min(width, length - Microseconds(index) * width)) / 1e6
      return count / seconds
    }
  }
}
