import Foundation

/// Where fixtures live, found from this file so that tests run from any folder.
package enum Repository {
  /// The folder that holds Package.swift.
  package static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Contracts, vectors, and traces that must not be committed; missing in a plain clone.
  package static let shared = root.deletingLastPathComponent().appendingPathComponent("shared")

  /// The folder of the built executables, which is that of the running test program.
  package static let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()

  /// Whether a fixture exists.
  package static func exists(_ url: URL) -> Bool {
    FileManager.default.fileExists(atPath: url.path)
  }
}
