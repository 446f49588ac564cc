import Foundation
import JSON
import LoopbackServer
import RuntimeEmulator
import SigV4
import TestSupport
import Testing

extension Oracle {
  static let samEvents = Oracle(variable: "SAM_EVENTS", script: "sam-events.sh")
}

/// The events that the SAM CLI generates, given to the real bootstrap; S3 and the endpoint are scripted servers.
@Suite(.enabled(if: Oracle.samEvents.isExpected, Oracle.samEvents.absence))
struct SAMEventTests {
  /// Names of the events that are ours; all others are another service's.
  private static let ours: Set = [
    "s3 put", "s3 delete", "s3 batch-invocation", "s3 in sqs", "s3 in sns", "sqs receive-message",
    "apigateway aws-proxy", "apigateway http-api-proxy", "alb request",
    "rekognition s3-request",  // an upload to S3
  ]

  private static let shared = Result { try run() }

  private static func run() throws -> [String: InvocationOutcome] {
    let s3 = try ScriptedServer([.init(200, [("ETag", "\"1\"")], bytes: [0xFF, 0xD8, 0xFF, 0xD9])])
    let endpoint = try ScriptedServer([.init(200, body: "[[1.5, 3, -2]]")])
    let function = try OracleFunction(
      credentials: AWSCredentials(accessKeyID: "AKID", secretAccessKey: "SECRET"),
      s3URL: s3.baseURL, sageMakerURL: endpoint.baseURL)
    defer {
      function.stop()
      s3.stop()
      endpoint.stop()
    }
    let events = try Oracle.samEvents.description().objectValue?.members ?? []
    return Dictionary(uniqueKeysWithValues: events.map { ($0.key, function.invoke($0.value)) })
  }

  private func answer(_ name: String) throws -> JSONValue {
    let outcome = try #require(try Self.shared.get()[name])
    #expect(
      outcome.errorType == nil, "\(name): \(String(decoding: outcome.payload, as: UTF8.self))")
    return try JSONValue(parsing: outcome.payload)
  }

  @Test(arguments: [
    ("s3 put", 1), ("s3 delete", 0), ("s3 in sns", 1), ("rekognition s3-request", 1),
  ])
  func aNotificationIsAnsweredWithItsResults(name: String, count: Int) throws {
    let answer = try answer(name)
    #expect(answer["statusCode"] == 200)
    let body = try JSONValue(parsing: answer.text("body"))
    #expect(body["results"]?.arrayValue?.count == count)
  }

  @Test func theS3EventInAMessageIsDoneAndAGreetingReturns() throws {
    #expect(try answer("s3 in sqs")["batchItemFailures"] == [])
    #expect(try answer("sqs receive-message")["batchItemFailures"]?.arrayValue?.count == 1)
  }

  @Test func everyTaskOfABatchJobGetsItsResultCode() throws {
    #expect(try answer("s3 batch-invocation")["results"]?[0]?["resultCode"] == "Succeeded")
  }

  /// They carry no image: two without a content type, one with JSON that names none.
  @Test(arguments: ["apigateway aws-proxy", "apigateway http-api-proxy", "alb request"])
  func anHTTPRequestGetsAnAnswerOfItsShape(name: String) throws {
    let answer = try answer(name)
    #expect([400, 415].contains(answer["statusCode"]?.int64Value), "\(answer)")
    let error = try JSONValue(parsing: answer.text("body"))["error"]
    #expect(error?["message"]?.stringValue?.contains("accepted are") == true, "\(answer)")
  }

  @Test func everyOtherEventIsRefusedWithTheAcceptedShapes() throws {
    let others = try Self.shared.get().filter { !Self.ours.contains($0.key) }
    #expect(others.count > 50)
    for (name, outcome) in others {
      let type = outcome.errorType ?? "answered"
      #expect(type.hasPrefix("Event."), "\(name): \(type)")
    }
  }
}
