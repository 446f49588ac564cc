import Foundation

/// What the results were measured on.
struct Machine: Codable, Equatable {
  let processor: String
  let processors: Int
  let memoryMiB: Int
  let system: String
  let kernel: String
  /// The commit that was checked out, with `+` when files differed from it; nil outside of a clone.
  let commit: String?
  /// How many processes wanted to run in the minute before.
  let load: Double

  /// `one core of 2, AMD EPYC, Debian …`.
  var line: String {
    let at = commit.map { ", commit \($0)" } ?? ""
    return
      "\(processors) cores of \(processor), \(system), Linux \(kernel)\(at), load \(Format.load(load))"
  }

  /// This machine, as it is now.
  static func current() -> Machine {
    Machine(
      processor: field("/proc/cpuinfo", "model name") ?? "an unnamed processor",
      processors: ProcessInfo.processInfo.activeProcessorCount,
      memoryMiB: Int(ProcessInfo.processInfo.physicalMemory >> 20),
      system: field("/etc/os-release", "PRETTY_NAME") ?? "an unnamed system",
      kernel: text("/proc/sys/kernel/osrelease") ?? "", commit: commit(),
      load: text("/proc/loadavg")?.split(separator: " ").first.flatMap { Double($0) } ?? 0)
  }

  private static func text(_ path: String) -> String? {
    (try? String(contentsOfFile: path, encoding: .utf8))?
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The value of the first line `name: value` or `name="value"`.
  private static func field(_ path: String, _ name: String) -> String? {
    text(path)?.split(separator: "\n").first { $0.hasPrefix(name) }.flatMap { line in
      line.firstIndex { $0 == ":" || $0 == "=" }.map { line[line.index(after: $0)...] }
    }?.trimmingCharacters(in: CharacterSet(charactersIn: "\" \t"))
  }

  private static func commit() -> String? {
    guard let hash = try? Command("git", "rev-parse", "--short", "HEAD").output() else {
      return nil
    }
    let changes = try? Command("git", "status", "--porcelain").output()
    return hash + (changes?.isEmpty == false ? "+" : "")
  }
}

extension Format {
  static func load(_ value: Double) -> String { String(format: "%.1f", value) }
}
