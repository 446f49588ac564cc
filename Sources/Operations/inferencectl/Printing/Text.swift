import Foundation
import Platform
import Versioning

/// Numbers as people read them.
enum Text {
  /// `328.0 kB`, `4.1 MB`.
  static func size(_ bytes: Int) -> String {
    switch bytes {
    case ..<1000: "\(bytes) B"
    case ..<1_000_000: String(format: "%.1f kB", Double(bytes) / 1e3)
    default: String(format: "%.1f MB", Double(bytes) / 1e6)
    }
  }

  /// An error's message; for Foundation's file errors the path and the system's reason.
  ///
  /// A message that may quote AWS or a file name is one line; other errors break their lines
  /// themselves.
  static func problem(_ error: any Error) -> String {
    if let error = error as? any ReportableError { return VisibleText.escaped(error.message) }
    guard let error = error as? CocoaError else { return "\(error)" }
    return VisibleText.escaped((error.filePath.map { "\($0): " } ?? "") + reason(error))
  }

  /// `No such file or directory`.
  static func reason(_ error: CocoaError) -> String {
    guard let system = error.underlying as? POSIXError else { return error.localizedDescription }
    return String(cString: strerror(system.code.rawValue))
  }

  /// `10 %`, `2.5 %`.
  static func percent(_ share: Double) -> String { Share.text(share) }

  // MARK: Times

  /// `2026-11-22T14:26:41Z`
  static func time(unixMilliseconds: Int64) -> String {
    time(unixSeconds: Double(unixMilliseconds / 1000))
  }

  /// `2026-11-22T14:26:41Z`
  static func time(unixSeconds: Double) -> String {
    Date(timeIntervalSince1970: unixSeconds.rounded(.down)).formatted(.iso8601)
  }

  /// `2 h 5 min`, `3 min 20 s`, `45 s`.
  static func duration(seconds: Double) -> String {
    let whole = Int(exactly: seconds.rounded()) ?? .max
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return "\(whole / 60) min \(whole % 60) s"
    case ..<172_800: return "\(whole / 3600) h \(whole % 3600 / 60) min"
    default: return "\(whole / 86_400) d \(whole % 86_400 / 3600) h"
    }
  }

  // MARK: Amounts

  /// `$0.0032`, `$12.40`.
  static func dollars(_ amount: Double) -> String {
    String(format: amount < 0.1 ? "$%.4f" : "$%.2f", amount)
  }

  /// `4,980`
  static func count(_ number: Int) -> String {
    let digits = String(number)
    let groups = stride(from: digits.count, to: 0, by: -3).map { end in
      digits.dropFirst(max(0, end - 3)).prefix(min(3, end))
    }
    return groups.reversed().joined(separator: ",")
  }

  static func number(_ value: Double) -> String { String(format: "%.4g", value) }
}
