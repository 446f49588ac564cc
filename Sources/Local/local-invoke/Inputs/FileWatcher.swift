import Foundation

/// Detects changed files by time, size, and inode number, a few times per second: editors replace a file instead of
/// writing to it, and inotify would follow the replaced one.
struct FileWatcher {
  private static let intervalSeconds = 0.2

  private struct State: Equatable {
    let inode: UInt64
    let bytes: Int
    let seconds: Int
    let nanoseconds: Int
  }

  private let paths: [String]
  private var seen: [String: State]

  /// - Parameter paths: files, and folders, whose files are watched too.
  init(_ paths: [String]) {
    self.paths = paths
    seen = Self.states(paths)
  }

  /// Returns when a file has changed, appeared, or gone, and is not being written any more.
  /// - Parameter wait: waits for some seconds; returns true to stop.
  /// - Returns: false when stopped.
  mutating func waitForChange(_ wait: (Double) -> Bool) -> Bool {
    var last = seen
    while !wait(Self.intervalSeconds) {
      let now = Self.states(paths)
      // Two equal looks: a file that grows is still being copied.
      if now == last, now != seen {
        seen = now
        return true
      }
      last = now
    }
    return false
  }

  private static func states(_ paths: [String]) -> [String: State] {
    var found: [String: State] = [:]
    for path in paths {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
      for file in [path] + names.map({ "\(path)/\($0)" }) { found[file] = state(file) }
    }
    return found
  }

  private static func state(_ path: String) -> State? {
    var entry = stat()
    guard stat(path, &entry) == 0 else { return nil }
    return State(
      inode: UInt64(entry.st_ino), bytes: Int(entry.st_size), seconds: entry.st_mtim.tv_sec,
      nanoseconds: entry.st_mtim.tv_nsec)
  }
}
