import JSON
import OperationsSupport
import TestSupport
import Testing
import Versioning

@Suite struct SmokeTests {
  private static func answer(status: Int64 = 200, _ body: String) -> JSONValue {
    ["statusCode": .number(JSONNumber(status)), "body": .string(body)]
  }

  private func failure(_ answer: JSONValue) throws -> (deploy: DeployFixture, error: String?) {
    let event = try TemporaryFile(#"{"key": "rex.jpg"}"#)
    let deploy = try DeployFixture { $0.smokeAnswer = answer }
    let smoke = try SmokeEvent(reading: event.path)
    let error = deploy.failure { $0.smokeEvent = smoke }
    return (deploy, error.map { "\($0)" })
  }

  @Test(
    arguments: [
      answer(
        #"{"results":[{"class":"a","probabilities":[{"class":"a","probability":0.7},{"class":"b","probability":0.3}]}]}"#
      ),
      answer(
        #"{"results":[{"class":"a","complete":false,"probabilities":[{"class":"a","probability":0.7}]}]}"#
      ),
      answer(status: 202, #"{"results":[]}"#), ["batchItemFailures": []],
      ["invocationSchemaVersion": "1.0", "results": [["resultCode": "Succeeded"]]],
    ] as [JSONValue])
  func goodAnswerLetsTheDeploymentGoOn(answer: JSONValue) throws {
    let (deploy, error) = try failure(answer)
    #expect(error == nil)
    #expect(deploy.live?.version == "6")
    let calls = deploy.lambda.calls.map(\.description)
    let smoke = try #require(calls.firstIndex(of: "Invoke 6"))
    let traffic = try #require(calls.firstIndex(of: "UpdateAlias live"))
    #expect(smoke < traffic)
  }

  @Test(
    arguments: [
      (answer(status: 500, "{}"), "status 500"), (answer("{}"), "no results"),
      (answer(#"{"results":[{"probabilities":[]}]}"#), "has no class"),
      (
        answer(#"{"results":[{"class":"a","probabilities":[{"class":"a","probability":0.7}]}]}"#),
        "add up to 0.7, not to 1"
      ),
      (["batchItemFailures": [["itemIdentifier": "1"]]], "messages failed"),
      (
        ["invocationSchemaVersion": "1.0", "results": [["resultCode": "PermanentFailure"]]],
        "tasks failed"
      ),
      ("text", "status 0"),
    ] as [(JSONValue, String)])
  func badAnswerStopsBeforeAnyUser(answer: JSONValue, text: String) throws {
    let (deploy, error) = try failure(answer)
    #expect(error?.contains("Version 6 failed") == true)
    #expect(error?.contains(text) == true, "\(error ?? "")")
    #expect(deploy.live?.version == "5")
    #expect(!deploy.lambda.writes.contains("UpdateAlias live"))
  }

  @Test func fileThatIsNotJSONIsRefused() throws {
    let file = try TemporaryFile("not json")
    #expect(throws: (any Error).self) { try SmokeEvent(reading: file.path) }
  }
}
