import Foundation
import TestSupport
import Testing

/// The terminal sessions of a page, each a block of code behind `<!-- session NAME -->`.
struct SessionPage {
  private let url: URL

  /// - Parameter path: from the root of the repository, for example `docs/operations-deploy.md`.
  init(_ path: String) { url = Repository.root.appendingPathComponent(path) }

  /// Compares what was recorded with the page, or writes it there with `RECORD_SESSIONS=1`.
  func compare(_ recorded: String, _ name: String) throws {
    let text = try String(contentsOf: url, encoding: .utf8)
    let opening = "<!-- session \(name) -->\n```\n"
    let start = try #require(text.range(of: opening), "no session \(name)").upperBound
    let end = try #require(text.range(of: "```\n", range: start..<text.endIndex)).lowerBound
    guard ProcessInfo.processInfo.environment["RECORD_SESSIONS"] != nil else {
      #expect(recorded == text[start..<end])
      return
    }
    try text.replacingCharacters(in: start..<end, with: recorded)
      .write(to: url, atomically: true, encoding: .utf8)
  }
}
