import Foundation

/// Where fixtures live, found from this file so that tests run from any folder.
package enum Repository {
  /// The folder that holds Package.swift.
  package static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Contracts, vectors and traces that may not be committed; absent in a plain clone.
  package static let shared = root.deletingLastPathComponent().appendingPathComponent("shared")

  /// Where `swift build` put the executables: the folder of the running test program.
  package static let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()

  /// Whether a file or folder is there, for tests that need a fixture.
  package static func exists(_ url: URL) -> Bool {
    FileManager.default.fileExists(atPath: url.path)
  }
}
