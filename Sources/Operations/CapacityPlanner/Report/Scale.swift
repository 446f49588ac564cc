import Foundation

/// Maps values to a plot's coordinates, linearly or by their logarithm, and knows round ticks.
struct Scale {
  let lower: Double
  let upper: Double
  let isLogarithmic: Bool
  /// Coordinates of `lower` and `upper`.
  let start: Double
  let end: Double
  private var leastStep = 0.0

  /// From zero to a round number that is not below the greatest.
  ///
  /// - Parameter isWhole: the ticks are whole numbers.
  init(upTo greatest: Double, isWhole: Bool = false, start: Double, end: Double) {
    let fine = Self.step(for: max(greatest, 1e-9), count: 4)
    let step = isWhole ? max(1, fine) : fine
    (lower, upper) = (0, max(step, (greatest / step).rounded(.up) * step))
    (isLogarithmic, self.start, self.end) = (false, start, end)
    leastStep = isWhole ? 1 : 0
  }

  /// Logarithmic, a little wider than the values, which must be positive.
  init(logarithmicOver values: [Double], start: Double, end: Double) {
    let least = max(values.min() ?? 1, 1e-9)
    let most = max(values.max() ?? 1, least)
    (lower, upper) = (least / 1.15, most * 1.15)
    (isLogarithmic, self.start, self.end) = (true, start, end)
  }

  /// Exactly this range.
  init(_ lower: Double, _ upper: Double, start: Double, end: Double) {
    (self.lower, self.upper) = (lower, max(upper, lower + 1e-9))
    (isLogarithmic, self.start, self.end) = (false, start, end)
  }

  func position(_ value: Double) -> Double {
    let share =
      isLogarithmic
      ? log(max(value, lower) / lower) / log(upper / lower) : (value - lower) / (upper - lower)
    return start + min(1, max(0, share)) * (end - start)
  }

  /// Round values within the range, about five.
  var ticks: [Double] {
    guard isLogarithmic else { return linearTicks }
    let decades = Int(log10(lower).rounded(.down))...Int(log10(upper).rounded(.up))
    let fine = decades.flatMap { exponent in [1, 2, 5].map { $0 * pow(10, Double(exponent)) } }
      .filter { $0 >= lower && $0 <= upper }
    let coarse = fine.filter { log10($0) == log10($0).rounded() }
    if fine.count < 3 { return linearTicks }
    return fine.count <= 6 || coarse.count < 2 ? fine : coarse
  }

  private var linearTicks: [Double] {
    let step = max(Self.step(for: upper - lower, count: 4), leastStep)
    let first = (lower / step - 1e-9).rounded(.up)
    let last = (upper / step + 1e-9).rounded(.down)
    return first > last ? [] : stride(from: first, through: last, by: 1).map { $0 * step }
  }

  private static func step(for length: Double, count: Double) -> Double {
    let rough = length / count
    let magnitude = pow(10, log10(rough).rounded(.down))
    let factor = [1, 2, 5, 10].first { $0 * magnitude >= rough * 0.999 } ?? 10
    return factor * magnitude
  }
}

/// Round moments of a trace, and how they are called: by the clock when it is known.
struct TimeTicks {
  /// Seconds since the start of the traffic, and label.
  let ticks: [(seconds: Double, label: String)]
  let startUnixSeconds: Double?

  private static let steps: [Double] = [
    1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
    604_800, 1_209_600, 2_592_000, 7_776_000, 31_536_000,
  ]

  init(seconds: Double, startUnixSeconds: Double?) {
    self.startUnixSeconds = startUnixSeconds
    let step = Self.steps.first { seconds / $0 <= 8 } ?? 31_536_000
    let origin = startUnixSeconds ?? 0
    let first = (origin / step).rounded(.up) * step - origin
    ticks = stride(from: first, through: seconds, by: step).map { at in
      (at, Self.label(at, step, startUnixSeconds))
    }
  }

  private static func label(_ seconds: Double, _ step: Double, _ start: Double?) -> String {
    guard let start else {
      return seconds == 0 ? "0" : DurationText.text(.seconds(Int(seconds.rounded())))
    }
    return step >= 86_400 ? date(start + seconds) : clock(start + seconds, step < 60)
  }

  /// `14 Apr`
  private static func date(_ unixSeconds: Double) -> String {
    let names = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let parts = calendar.dateComponents([.day, .month], from: moment(unixSeconds))
    return "\(parts.day ?? 1) \(names[(parts.month ?? 1) - 1])"
  }

  /// `08:30`, `08:30:05`
  private static func clock(_ unixSeconds: Double, _ withSeconds: Bool) -> String {
    let parts = calendar.dateComponents([.hour, .minute, .second], from: moment(unixSeconds))
    let text = two(parts.hour) + ":" + two(parts.minute)
    return withSeconds ? text + ":" + two(parts.second) : text
  }

  /// For tooltips: `14 Apr 08:30`, or the time since the start.
  func name(_ seconds: Double) -> String {
    guard let start = startUnixSeconds else {
      return DurationText.text(.seconds(Int(seconds.rounded())))
    }
    return Self.date(start + seconds) + " " + Self.clock(start + seconds, false)
  }

  private static func two(_ number: Int?) -> String {
    String(format: "%02d", number ?? 0)
  }

  private static func moment(_ unixSeconds: Double) -> Date {
    Date(timeIntervalSince1970: unixSeconds)
  }

  private static let calendar: Calendar = {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar
  }()
}
