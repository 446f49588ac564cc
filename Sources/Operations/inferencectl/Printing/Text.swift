import Foundation
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

  /// An error in its own words; of Foundation's errors about a file the path and the system's reason.
  static func problem(_ error: any Error) -> String {
    guard let error = error as? CocoaError else { return "\(error)" }
    return (error.filePath.map { "\($0): " } ?? "") + reason(error)
  }

  /// `No such file or directory`.
  static func reason(_ error: CocoaError) -> String {
    guard let system = error.underlying as? POSIXError else { return error.localizedDescription }
    return String(cString: strerror(system.code.rawValue))
  }

  /// `10 %`, `2.5 %`.
  static func percent(_ share: Double) -> String { Share.text(share) }

  /// `2026-11-22T14:26:41Z` for milliseconds since 1970.
  static func time(_ unixMilliseconds: Int64) -> String {
    Date(timeIntervalSince1970: Double(unixMilliseconds / 1000)).formatted(.iso8601)
  }
}
