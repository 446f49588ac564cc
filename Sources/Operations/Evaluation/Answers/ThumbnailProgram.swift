import Foundation
import JSON
import Training

/// Small pictures of photographs for a page, made by `local-invoke thumbnail`: a damaged file can stop that process
/// only, and nothing of the original's metadata is left.
package struct ThumbnailProgram {
  /// A page with more than that is hard to send.
  package static let maximumTotalBytes = 2 << 20
  private static let maximumFiles = 100
  /// One that ends it costs the others of this process, not all.
  private static let filesPerProcess = 20

  /// `local-invoke`.
  package let path: String
  package let environment: [String: String]

  package init(path: String, environment: [String: String]) {
    (self.path, self.environment) = (path, environment)
  }

  /// - Parameter files: paths by key; those beyond the hundredth are left out.
  /// - Returns: `data:` addresses by key, without files that cannot be read, and without those at the end that are too
  ///   much for a page.
  package func thumbnails(of files: [(key: String, path: String)]) -> [String: String] {
    var made: [String: String] = [:]
    var bytes = 0
    let files = Array(files.prefix(Self.maximumFiles))
    for start in stride(from: 0, to: files.count, by: Self.filesPerProcess) {
      for (key, source) in run(files[start..<min(start + Self.filesPerProcess, files.count)])
      where bytes + source.utf8.count <= Self.maximumTotalBytes {
        made[key] = source
        bytes += source.utf8.count
      }
    }
    return made
  }

  private func run(
    _ files: ArraySlice<(key: String, path: String)>
  ) -> [(key: String, source: String)] {
    let command = LocalPython.Command([path, "thumbnail"] + files.map(\.path))
    guard
      let text = ChildProcess.output(
        of: command, environment: environment, maximumBytes: Self.maximumTotalBytes)
    else { return [] }
    return zip(files, text.split(separator: "\n")).compactMap { file, line in
      let source = (try? JSONValue(parsing: String(line)))?["thumbnail"]?.stringValue
      return source.map { (file.key, $0) }
    }
  }
}
