import Foundation
import JSON
import TestSupport
import Testing

@Suite struct FailuresSaveTests {
  private static let counts = ScriptedServer.Answer(
    200, body: #"{"Attributes":{"ApproximateNumberOfMessages":"1"}}"#)
  private static let empty = ScriptedServer.Answer(200, body: "{}")

  /// - Parameter objects: keys as S3 encodes them, with the version if there is one.
  private static func message(_ objects: [(key: String, version: String?)]) -> ScriptedServer.Answer
  {
    let records = objects.map { object -> JSONValue in
      var named: JSONObject = ["key": .string(object.key)]
      if let version = object.version { named.set("versionId", to: .string(version)) }
      return [
        "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
        "s3": ["bucket": ["name": "photos"], "object": .object(named)],
      ]
    }
    let record: JSONValue = [
      "requestContext": ["functionArn": "arn:aws:lambda:us-east-1:1:function:f:live"],
      "requestPayload": ["Records": .array(records)],
    ]
    let message: JSONValue = [
      "MessageId": "12345678-90ab", "ReceiptHandle": "r",
      "Body": .string(String(decoding: record.serialized(), as: UTF8.self)), "Attributes": [:],
    ]
    return .init(200, bytes: JSONValue.object(["Messages": [message]]).serialized())
  }

  private func folder() -> URL {
    FileManager.default.temporaryDirectory.appendingPathComponent("failure-\(UUID().uuidString)")
  }

  private func save(
    _ server: ScriptedServer, to folder: URL, _ more: String...
  ) -> CommandRun {
    CommandRun(
      ["failures", "show", "1234", "--queue", "https://sqs/1/q", "--save", folder.path] + more,
      url: server.baseURL)
  }

  @Test func eventAndItsObjectsAreWrittenForLocalInvoke() throws {
    let server = try ScriptedServer([
      Self.counts, Self.message([("in/Rex+1.jpg", "v7"), ("b.jpg", nil)]), Self.empty, Self.empty,
      .init(200, body: "photograph"), .init(200, body: "other"),
    ])
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = save(server, to: folder)
    #expect(run.status == 0, "\(run.errors)")
    let event = try JSONValue(
      parsing: Array(Data(contentsOf: folder.appendingPathComponent("event.json"))))
    #expect(event["Records"]?[0]?["s3"]?["object"]?["key"] == "in/Rex+1.jpg")
    let photograph = folder.appendingPathComponent("objects/photos/in/Rex 1.jpg")
    #expect(try String(contentsOf: photograph, encoding: .utf8) == "photograph")
    let mode = try FileManager.default.attributesOfItem(atPath: photograph.path)[.posixPermissions]
    #expect(mode as? Int == 0o600)
    #expect(
      server.requests.suffix(2).map(\.target) == [
        "/photos/in/Rex%201.jpg?versionId=v7", "/photos/b.jpg",
      ])
    #expect(run.output.contains("local-invoke \(folder.path)/event.json --wait-for-debugger"))
  }

  @Test func objectThatIsGoneIsReportedAndTheEventIsThere() throws {
    let server = try ScriptedServer([
      Self.counts, Self.message([("a.jpg", nil)]), Self.empty, Self.empty,
      .init(404, body: "<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>"),
    ])
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = save(server, to: folder, "--output", "json")
    #expect(run.status == 1)
    #expect(run.errors.contains("s3://photos/a.jpg was not saved: "))
    #expect(try JSONValue(parsing: run.output)["missing"]?[0] == "s3://photos/a.jpg")
    #expect(
      FileManager.default.fileExists(atPath: folder.appendingPathComponent("event.json").path))
  }

  @Test(arguments: ["..%2Fevil.jpg", "a%2F%2Fb.jpg", "%2Fetc%2Fpasswd"])
  func keyThatLeadsOutOfTheFolderIsNotWritten(key: String) throws {
    let server = try ScriptedServer([
      Self.counts, Self.message([(key, nil)]), Self.empty, Self.empty, .init(200, body: "evil"),
    ])
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = save(server, to: folder)
    #expect(run.status == 1)
    let written = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    #expect(written == ["event.json"])
    #expect(
      !FileManager.default.fileExists(
        atPath: folder.deletingLastPathComponent().appendingPathComponent("evil.jpg").path))
  }

  @Test func folderWithFilesIsNotOverwritten() throws {
    let server = try ScriptedServer([
      Self.counts, Self.message([("a.jpg", nil)]), Self.empty, Self.empty,
    ])
    let folder = folder()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: folder.appendingPathComponent("event.json"))
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = save(server, to: folder)
    #expect(run.status == 1)
    #expect(run.errors.contains("is not an empty folder"))
  }

  @Test(arguments: [[], ["1234", "--id", "1234"]])
  func oneIDIsRequired(ids: [String]) throws {
    let run = CommandRun(["failures", "show", "--queue", "https://sqs/1/q"] + ids, url: "http://h")
    #expect(run.status == 2)
  }
}
