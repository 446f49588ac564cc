import JSON
import TestSupport
import Testing

/// The shapes of replies that SageMaker containers send.
@Suite struct ReplyShapeTests {
  private func ranking(
    _ body: String, type: String = "application/json", environment: [String: String] = [:]
  ) throws -> [String] {
    let answer = Answer(200, [("Content-Type", type)], body: body)
    let fixture = try Fixture(endpoint: [answer], environment: environment)
    defer { fixture.stop() }
    let result = try fixture.answer(notification("a")).body["results"]?[0]
    return result?["probabilities"]?.arrayValue?.compactMap { $0["class"]?.stringValue } ?? []
  }

  @Test(arguments: [
    "[[0.1, 0.7, 0.2]]", "[0.1, 0.7, 0.2]", #"{"predictions": [[0.1, 0.7, 0.2]]}"#,
    #"{"predictions": [0.1, 0.7, 0.2]}"#, #"{"probabilities": [0.1, 0.7, 0.2]}"#,
  ])
  func listsOfNumbersAreReadWhereverTheyStand(body: String) throws {
    #expect(try ranking(body) == ["1", "2", "0"])
  }

  @Test(arguments: ["0.1,0.7,0.2", "0.1, 0.7,\t0.2\r\n", "1e-1,7E-1,.2\n"])
  func aRowOfCSVIsRead(body: String) throws {
    #expect(try ranking(body, type: "text/csv; charset=utf-8") == ["1", "2", "0"])
  }

  @Test func theLabelsOfAVerboseReplyAreUsed() throws {
    let body =
      #"{"probabilities":[0.1,0.7,0.2],"labels":["cat","dog","bird"],"predicted_label":"dog"}"#
    #expect(try ranking(body, type: "application/json;verbose") == ["dog", "bird", "cat"])
  }

  @Test func aLabelFileGoesBeforeTheLabelsOfTheReply() throws {
    let file = try TemporaryFile("A\nB\nC\n")
    let body = #"{"probabilities":[0.1,0.7,0.2],"labels":["cat","dog","bird"]}"#
    #expect(try ranking(body, environment: ["CLASS_LABELS": file.path]) == ["B", "C", "A"])
  }

  @Test(arguments: [
    ("0.1,0.7\n0.2,0.8\n", "text/csv", "EndpointReply.UnknownShape"),
    ("0.1,,0.2", "text/csv", "EndpointReply.NoNumbers"),
    ("cat,dog", "text/csv", "EndpointReply.NoNumbers"),
    ("", "text/csv", "EndpointReply.NoNumbers"),
    ("nan,1", "text/csv", "EndpointReply.NotFinite"),
    (#"{"probabilities":[1,0],"labels":["a"]}"#, "application/json", "EndpointReply.LabelCount"),
    (#"{"probabilities":[1,0],"labels":["a",2]}"#, "application/json", "EndpointReply.LabelCount"),
    (#"{"probabilities":"none"}"#, "application/json", "EndpointReply.UnknownShape"),
    (#"{"predictions":[[]]}"#, "application/json", "EndpointReply.NoNumbers"),
  ])
  func anythingElseIsRefused(body: String, type: String, errorType: String) throws {
    let fixture = try Fixture(endpoint: [Answer(200, [("Content-Type", type)], body: body)])
    defer { fixture.stop() }
    #expect(try fixture.failure(notification("a")).errorType == errorType)
  }
}
