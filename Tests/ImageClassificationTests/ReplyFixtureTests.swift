import Foundation
import JSON
import TestSupport
import Testing

/// The replies of containers in Fixtures/Replies, each read as replies.json says.
@Suite struct ReplyFixtureTests {
  private static let folder = Repository.root.appendingPathComponent(
    "Tests/ImageClassificationTests/Fixtures/Replies")

  private static let cases: [JSONValue] = {
    guard let data = try? Data(contentsOf: folder.appendingPathComponent("replies.json")) else {
      return []
    }
    return (try? JSONValue(parsing: Array(data)).arrayValue) ?? []
  }()

  @Test func thereAreFixtures() { #expect(Self.cases.count >= 72) }

  @Test(arguments: cases.indices)
  func aReplyIsReadWithItsLabelsAndValues(index: Int) throws {
    let reply = Self.cases[index]
    let file = try #require(reply["file"]?.stringValue)
    let body = [UInt8](try Data(contentsOf: Self.folder.appendingPathComponent(file)))
    var environment: [String: String] = [:]
    for (name, value) in reply["environment"]?.objectValue?.members ?? [] {
      let value = value.stringValue ?? ""
      environment[name] =
        name == "CLASS_LABELS" ? Self.folder.appendingPathComponent(value).path : value
    }
    let type = try #require(reply["contentType"]?.stringValue)
    let fixture = try Fixture(
      endpoint: [Answer(200, [("Content-Type", type)], bytes: body)], environment: environment)
    defer { fixture.stop() }
    let result = try #require(try fixture.answer(notification("a")).body["results"]?[0], "\(file)")

    let expected = try #require(reply["classes"]?.objectValue?.members)
    #expect(result["complete"]?.boolValue ?? true == reply["complete"]?.boolValue, "\(file)")
    if expected.count == 1, case .null = expected[0].value {
      #expect(result["class"]?.stringValue == expected[0].key, "\(file)")
      #expect(result["probability"] == nil && result["probabilities"] == [], "\(file)")
      return
    }
    let classes = try #require(result["probabilities"]?.arrayValue)
    #expect(Set(classes.map { $0["class"]?.stringValue }) == Set(expected.map(\.key)), "\(file)")
    #expect(classes.count == expected.count, "\(file)")
    for (name, probability) in expected {
      let entry = classes.first { $0["class"]?.stringValue == name }
      let found = try #require(entry?["probability"]?.doubleValue)
      let wanted = try #require(probability.doubleValue)
      #expect(abs(found - wanted) <= 1e-15, "\(file): \(name)")
    }
  }
}
