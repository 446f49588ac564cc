import Foundation

/// Hours and days of the clock over all replications.
struct ClockWindows {
  /// Requests that arrived in a stretch of time, and how many ended late or not at all.
  struct Window {
    var startSeconds: Double
    var lengthSeconds: Double
    var arrivals: Int
    var late: Int
  }

  private let level: ServiceLevel
  private let replications: Int
  private let length: Double
  private let slowestHour: Double?
  let hours: [Window]
  let days: [Window]

  init(
    _ traffic: Traffic, _ timeZone: TimeZone, _ outcomes: [Outcome], _ level: ServiceLevel,
    slowestHour: Double?
  ) {
    self.slowestHour = slowestHour
    self.level = level
    replications = outcomes.count
    length = traffic.duration.inSeconds
    var hours: [Window] = []
    for outcome in outcomes {
      for (index, hour) in outcome.hours.enumerated() {
        if index == hours.count {
          hours.append(
            Window(startSeconds: hour.startSeconds, lengthSeconds: 3600, arrivals: 0, late: 0))
        }
        hours[index].arrivals += hour.arrivals
        hours[index].late += hour.late
      }
    }
    self.hours = hours
    var days: [(day: Int, window: Window)] = []
    for hour in hours {
      let unix = (traffic.startUnixSeconds ?? 0) + hour.startSeconds
      let local = unix + Double(timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: unix)))
      let day = Int((local / 86_400).rounded(.down))
      if let last = days.last, last.day == day {
        days[days.count - 1].window.arrivals += hour.arrivals
        days[days.count - 1].window.late += hour.late
        days[days.count - 1].window.lengthSeconds =
          hour.startSeconds + 3600 - last.window.startSeconds
      } else {
        days.append((day, hour))
      }
    }
    self.days = days.map(\.window)
  }

  func summary(
    _ windows: [Window], latency: (Range<Duration>) -> Duration?
  ) -> Certainty.Windows {
    let busy = windows.filter { $0.arrivals > 0 }
    let missed = busy.count { $0.late > allowed($0.arrivals) }
    // The percentile of a handful of requests is their slowest one: prefer stretches in which it means something.
    let enough = busy.filter {
      Double($0.arrivals) / Double(max(1, replications)) * (1 - level.percentile) >= 1
    }
    var worst = (enough.isEmpty ? busy : enough).max { share($0) < share($1) }
    if let slowestHour, worst.map({ share($0) == 0 }) ?? true {
      worst =
        busy.first {
          $0.startSeconds <= slowestHour && slowestHour < $0.startSeconds + $0.lengthSeconds
        } ?? worst
    }
    return Certainty.Windows(
      count: busy.count, missed: missed,
      worst: worst.map { window in
        let from = Duration.seconds(max(0, window.startSeconds))
        let to = Duration.seconds(min(length, window.startSeconds + window.lengthSeconds))
        return Certainty.Worst(
          startSeconds: window.startSeconds, lengthSeconds: window.lengthSeconds,
          arrivals: window.arrivals / max(1, replications), keptShare: 1 - share(window),
          latency: latency(from..<max(from, to)))
      })
  }

  private func share(_ window: Window) -> Double { Double(window.late) / Double(window.arrivals) }

  private func allowed(_ arrivals: Int) -> Int {
    arrivals - Int((level.percentile * Double(arrivals)).rounded(.up))
  }
}
