import ArgumentParser

/// A share as a fraction or in percent: `0.7` or `70%`.
struct ShareArgument: ExpressibleByArgument, Sendable, Equatable {
  /// 0 to 1.
  let value: Double

  init(_ value: Double) { self.value = value }

  /// - Returns: nil for anything outside of 0 to 1: 70 could mean 70 % or a mistake.
  init?(argument: String) {
    let isPercent = argument.hasSuffix("%")
    let digits = isPercent ? argument.dropLast().trimmed : argument[...]
    guard let number = Double(digits), number.isFinite else { return nil }
    // Divided, because 7 * 0.01 is 0.07000000000000001.
    let share = isPercent ? number / 100 : number
    guard (0...1).contains(share) else { return nil }
    value = share
  }

  var defaultValueDescription: String { Text.percent(value) }
}

/// A whole percentage: `10`, `10%`, or `0.1`.
struct PercentArgument: ExpressibleByArgument, Sendable, Equatable {
  /// 0 to 100.
  let value: Int

  init(_ value: Int) { self.value = value }

  init?(argument: String) {
    if let whole = Int(argument.hasSuffix("%") ? argument.dropLast().trimmed : argument[...]) {
      guard (0...100).contains(whole) else { return nil }
      value = whole
    } else {
      guard let share = ShareArgument(argument: argument)?.value else { return nil }
      let percent = (share * 100).rounded()
      guard abs(percent - share * 100) < 1e-9 else { return nil }
      value = Int(percent)
    }
  }

  var defaultValueDescription: String { "\(value)%" }
}

extension Substring {
  fileprivate var trimmed: Substring {
    self[..<(lastIndex { $0 != " " }.map(index(after:)) ?? startIndex)]
  }
}
