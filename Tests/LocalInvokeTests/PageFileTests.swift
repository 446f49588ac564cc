import Foundation
import TestSupport
import Testing

@Suite struct PageFileTests {
  private static let folder = Repository.root.appendingPathComponent(
    "Sources/Local/local-invoke/Serve/Page")

  private func files() throws -> [(name: String, text: String)] {
    try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted().map {
      ($0, try String(contentsOf: Self.folder.appendingPathComponent($0), encoding: .utf8))
    }
  }

  @Test func everyFileIsServedWithoutATokenUnderAPolicyThatAllowsNothingFromElsewhere() throws {
    let function = try ServedFunction()
    for (name, text) in try files() {
      let response = try function.send("GET", "/_page/\(name)")
      #expect(response.status == 200)
      #expect(response.text == text)
      #expect(
        response.head.contains("content-security-policy: default-src 'none'; script-src 'self'; "))
      #expect(response.head.contains("require-trusted-types-for 'script'"))
      #expect(response.head.contains("x-content-type-options: nosniff"))
    }
    let page = try function.send("GET", "/", [("Accept", "text/html,*/*")])
    #expect(page.head.contains("content-type: text/html; charset=utf-8"))
    #expect(page.text.contains("<title>local-invoke</title>"))
    #expect(try function.send("HEAD", "/", [("Accept", "text/html")]).body.isEmpty)
  }

  @Test func noFileRefersToAnotherHost() throws {
    for (name, text) in try files() {
      let rest = text.replacing("http://www.w3.org/2000/svg", with: "")
      #expect(!rest.contains("http:"), "\(name)")
      #expect(!rest.contains("https:"), "\(name)")
      #expect(rest.firstMatch(of: /["'(]\/\//) == nil, "\(name)")
      #expect(rest.firstMatch(of: /url\(|@import/) == nil, "\(name)")
    }
  }

  /// What a stranger chose (a key, an answer, a log line) becomes text, never HTML or a script.
  @Test func noFileMakesHTMLFromText() throws {
    let sinks =
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|srcdoc|setHTML|\beval\(|new Function|javascript:/
    for (name, text) in try files() { #expect(text.firstMatch(of: sinks) == nil, "\(name)") }
    let page = try #require(try files().first { $0.name == "index.html" }).text
    #expect(
      page.firstMatch(of: /\son[a-z]+=|\sstyle=|<style|<script(?! type="module" src="\/_page\/)/)
        == nil)
  }
}
