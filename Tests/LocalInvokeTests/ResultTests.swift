import Foundation
import JSON
import TestSupport
import Testing

@Suite struct ResultTests {
  private static let key = "dog-photos/uploads/Schäferhund Rex.jpg.json"

  /// The JSON documents printed for an S3 address.
  private func documents(_ errors: String, at address: String) throws -> [JSONValue] {
    let parts = errors.components(separatedBy: "s3://\(address)\n{\n").dropFirst()
    return try parts.map { part in
      let end = try #require(part.range(of: "\n}\n"))
      return try JSONValue(parsing: "{\(part[..<end.lowerBound])}")
    }
  }

  private func filesOfTheClone() throws -> Set<String> {
    let folder = Repository.root.appendingPathComponent("events").path
    return Set(try FileManager.default.subpathsOfDirectory(atPath: folder))
  }

  @Test(arguments: ["s3", "sqs", "sns", "sns-in-sqs", "eventbridge", "s3-batch-1"])
  func theStoredResultIsPrintedAndLeavesNothingBehind(event: String) throws {
    let folder = try TemporaryFolder()
    let before = try filesOfTheClone()
    let run = try localInvoke(
      "events/\(event).json", "--show-results", environment: ["TMPDIR": folder.url.path])
    #expect(run.status == 0, "\(run.errors)")
    let found = try documents(run.errors, at: "local-results/\(Self.key)")
    #expect(found.count == 1)
    #expect(found.first?["class"] == "German shepherd")
    #expect(found.first?["probabilities"]?.arrayValue?.count == 118)
    _ = try JSONValue(parsing: run.output)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    #expect(try filesOfTheClone() == before)
  }

  @Test func bucketPrefixAndKeyAreTheCallers() throws {
    let run = try localInvoke(
      "events/s3.json", "--show-results",
      environment: [
        "RESULT_BUCKET": "mine", "RESULT_PREFIX": "/results/", "RESULT_KMS_KEY_ID": "alias/mine",
      ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try documents(run.errors, at: "mine/results/\(Self.key)").count == 1)
  }

  @Test func withoutTheOptionResultsAreStoredButNotPrinted() throws {
    let run = try localInvoke("events/s3.json", environment: ["RESULT_BUCKET": "mine"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(!run.errors.contains("s3://mine"))
  }

  @Test func whatStoresNothingSaysSo() throws {
    let run = try localInvoke("events/s3-test-event.json", "--show-results")
    #expect(run.status == 0)
    #expect(run.errors.contains("\nNo result was stored.\n"))
  }

  @Test(arguments: [1, 2])
  func aRepeatedEventRewritesItsResult(concurrency: Int) throws {
    let run = try localInvoke(
      "events/s3.json", "--show-results", "--repeat", "12", "--concurrency", "\(concurrency)")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("12 invocations, 0 failed"))
    #expect(try documents(run.errors, at: "local-results/\(Self.key)").count == 1)
  }

  @Test func anObjectThatTheContainerFetchesByItselfHasAResultToo() throws {
    let run = try localInvoke(
      "events/s3.json", "--show-results", environment: ["INPUT_MODE": "presigned-url"])
    #expect(run.status == 0, "\(run.errors)")
    let found = try documents(run.errors, at: "local-results/\(Self.key)")
    #expect(found.first?["class"] == "German shepherd")
  }

  @Test func aServedInvocationShowsItsOwnResults() throws {
    let run = try CommandRun(["--serve", "0", "--show-results"])
    let text = try #require(run.waitForError(containing: "AWS_SESSION_TOKEN="))
    let port = try #require(
      text.firstMatch(of: /is available at http:\/\/127\.0\.0\.1:(\d+)\./).flatMap { UInt16($0.1) })
    for key in ["mixed-breed", "husky-mix-with-bicycle"] {
      let client = try RawClient(port: port)
      let event = "{\"url\":\"s3://dog-photos/uploads/\(key).jpg\"}"
      try client.send(
        "POST /2015-03-31/functions/function/invocations HTTP/1.1\r\nConnection: close\r\n"
          + "Content-Length: \(event.utf8.count)\r\n\r\n\(event)")
      _ = try client.receiveToEnd()
    }
    kill(run.process.processIdentifier, SIGINT)
    let result = run.finish()
    #expect(result.status == 0)
    for key in ["mixed-breed", "husky-mix-with-bicycle"] {
      let address = "local-results/dog-photos/uploads/\(key).jpg.json"
      #expect(try documents(result.errors, at: address).count == 1)
    }
  }
}
