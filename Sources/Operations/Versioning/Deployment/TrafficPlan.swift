import Foundation

/// A duration, for example `90s`, `5m`, `1h`.
package struct Interval: Sendable, Equatable {
  /// Milliseconds, 0 or more.
  package let milliseconds: Int64

  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Reads a whole number with its unit `s`, `m` or `h`; nil for anything else or more than a day.
  package init?(_ text: String) {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600]
    guard let unit = text.last.flatMap({ units[$0] }), text.dropLast().allSatisfy(\.isASCII),
      let number = Int64(text.dropLast()), (0...86_400).contains(number), number * unit <= 86_400
    else { return nil }
    milliseconds = number * unit * 1000
  }

  /// `90 s`, `5 min`.
  package var text: String {
    let seconds = milliseconds / 1000
    return seconds % 60 == 0 && seconds > 0 ? "\(seconds / 60) min" : "\(seconds) s"
  }
}

/// A share of the traffic for some time: `10%:5m`.
package struct TrafficStep: Sendable, Equatable {
  /// Above 0, below 1.
  package let share: Double
  /// How long the share is monitored before the next step.
  package let hold: Interval

  package init(share: Double, hold: Interval) {
    self.share = share
    self.hold = hold
  }

  /// Reads `10%:5m` or `0.1:5m`; nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let hold = Interval(parts[1]), hold.milliseconds > 0 else { return nil }
    let isPercent = parts[0].hasSuffix("%")
    guard let number = Double(isPercent ? String(parts[0].dropLast()) : parts[0]) else {
      return nil
    }
    let share = isPercent ? number / 100 : number
    guard share > 0, share < 1 else { return nil }
    self.init(share: share, hold: hold)
  }
}

/// The steps in which traffic moves to a new version before full cutover.
package struct TrafficPlan: Sendable, Equatable {
  /// In order; empty moves all traffic at once.
  package let steps: [TrafficStep]

  package static let allAtOnce = TrafficPlan(steps: [])

  /// One share for some time, then all.
  package static func canary(_ step: TrafficStep) -> TrafficPlan { TrafficPlan(steps: [step]) }

  /// Equal steps until all traffic has moved.
  package static func linear(_ step: TrafficStep) -> TrafficPlan {
    // Whole hundredths of a percent, so that ten times 10 % is all of it.
    let unit = max(1, Int((step.share * 10_000).rounded()))
    return TrafficPlan(
      steps: stride(from: unit, to: 10_000, by: unit).map {
        TrafficStep(share: Double($0) / 10_000, hold: step.hold)
      })
  }

  /// The remaining steps of a version that already has this share. Whatever it is, the share is
  /// watched again first.
  func remaining(from share: Double) -> [TrafficStep] {
    guard share > 0, let last = steps.last else { return steps }
    let next = steps.filter { $0.share >= share - 1e-9 }
    if let first = next.first, abs(first.share - share) < 1e-9 { return next }
    let hold = steps.last { $0.share < share }?.hold ?? last.hold
    return [TrafficStep(share: share, hold: hold)] + next
  }
}
