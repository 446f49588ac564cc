import Foundation
import Foundation

/// Maps values to a plot's coordinates, linearly or by their logarithm, with round ticks.
/// Maps values to a plot's coordinates, linearly or by their logarithm, with round ticks.
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
    let coarse = decimalTicks([1])
    let usual = decimalTicks([1, 2, 5])
    if usual.count > 6, coarse.count > 1 { return coarse }
    if usual.count > 2 { return usual }
    let fine = decimalTicks([1, 1.5, 2, 3, 4, 5, 6, 8])
    return fine.count > 2 ? fine : linearTicks
  }

  /// These times the powers of ten.
  private func decimalTicks(_ mantissas: [Double]) -> [Double] {
    let decades = Int(log10(lower).rounded(.down))...Int(log10(upper).rounded(.up))
    return decades.flatMap { exponent in mantissas.map { $0 * pow(10, Double(exponent)) } }
      .filter { $0 >= lower && $0 <= upper }
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

/// Round values for the horizontal axis of a plot, and their names.
package struct HorizontalAxis: Sendable {
  /// Values in the plot's unit, about the given number of them.
  package let ticks: @Sendable (Int) -> [(value: Double, label: String)]
  /// For tooltips.
  package let name: @Sendable (Double) -> String

  /// Seconds since a moment, by the clock when the moment is known.
  ///
  /// - Parameters:
  ///   - startUnixSeconds: the moment; nil writes durations.
  ///   - hasDate: whether it is a day of the calendar; else days are numbered from 1 on.
  ///   - format: of durations in seconds.
  package static func time(
    seconds: Double, startUnixSeconds: Double?, hasDate: Bool = true, timeZone: TimeZone,
    format: @escaping @Sendable (Double) -> String
  ) -> HorizontalAxis {
    let clock = AxisClock(
      startUnixSeconds: startUnixSeconds, hasDate: hasDate, timeZone: timeZone, format: format)
    return HorizontalAxis(ticks: { clock.ticks(seconds, $0) }, name: { clock.name($0) })
  }

  /// Plain numbers.
  package static func numbers(
    _ range: ClosedRange<Double>, format: @escaping @Sendable (Double) -> String
  ) -> HorizontalAxis {
    HorizontalAxis(
      ticks: { _ in
        Scale(range.lowerBound, range.upperBound, start: 0, end: 1).ticks.map { ($0, format($0)) }
      }, name: format)
  }
}

/// Round moments, and how they are called.
private struct AxisClock: Sendable {
  let startUnixSeconds: Double?
  let hasDate: Bool
  let timeZone: TimeZone
  let format: @Sendable (Double) -> String

  private static let steps: [Double] = [
    1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
    604_800, 1_209_600, 2_592_000, 7_776_000, 31_536_000,
  ]

  func ticks(_ seconds: Double, _ count: Int) -> [(value: Double, label: String)] {
    let step = Self.steps.first { seconds / $0 <= Double(max(2, count)) } ?? 31_536_000
    let origin = (startUnixSeconds ?? 0) + (startUnixSeconds == nil ? 0 : offset(0))
    let first = (origin / step).rounded(.up) * step - origin
    return stride(from: first, through: seconds, by: step).map { ($0, label($0, step)) }
  }

  private func offset(_ seconds: Double) -> Double {
    let date = Date(timeIntervalSince1970: (startUnixSeconds ?? 0) + seconds)
    return Double(timeZone.secondsFromGMT(for: date))
  }

  private func label(_ seconds: Double, _ step: Double) -> String {
    guard startUnixSeconds != nil else { return seconds == 0 ? "0" : format(seconds) }
    return step >= 86_400 ? date(seconds) : clock(seconds, step < 60)
  }

  private func parts(_ seconds: Double) -> DateComponents {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone
    return calendar.dateComponents(
      [.month, .day, .weekday, .hour, .minute, .second],
      from: Date(timeIntervalSince1970: (startUnixSeconds ?? 0) + seconds))
  }

  /// `14 Apr`, `day 3`
  private func date(_ seconds: Double) -> String {
    guard hasDate else {
      let midnights = ((startUnixSeconds ?? 0) + offset(0)) / 86_400
      let day = ((startUnixSeconds ?? 0) + offset(seconds) + seconds) / 86_400
      return "day \(Int(day.rounded(.down) - midnights.rounded(.down)) + 1)"
    }
    let names = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let parts = parts(seconds)
    return "\(parts.day ?? 1) \(names[(parts.month ?? 1) - 1])"
  }

  /// `08:30`, `08:30:05`
  private func clock(_ seconds: Double, _ withSeconds: Bool) -> String {
    let parts = parts(seconds)
    let text = String(format: "%02d:%02d", parts.hour ?? 0, parts.minute ?? 0)
    return withSeconds ? text + String(format: ":%02d", parts.second ?? 0) : text
  }

  /// `Mon 14 Apr 08:30`, `day 3 08:30`, or the time since the start.
  func name(_ seconds: Double) -> String {
    guard startUnixSeconds != nil else { return format(seconds.rounded()) }
    guard hasDate else { return "\(date(seconds)) \(clock(seconds, false))" }
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let day = days[(parts(seconds).weekday ?? 1) - 1]
    return "\(day) \(date(seconds)) \(clock(seconds, false))"
  }
}
