import Foundation
import JSON
import Testing

/// The template with a queue, stored results, and a function URL, as a stack in MiniStack with
/// AUTH=true and TLS. The function comes from the zip; LocalAWS is the endpoint.
@Suite(.enabled(if: Oracle.deployment.isExpected, Oracle.deployment.absence))
struct DeploymentSourceTests {
  private let results: JSONValue

  init() throws { results = try DeploymentResults.experiment("sources") }

  @Test func stackWithAQueueResultsAndAURLIsCreatedAndUpdated() throws {
    #expect(try Oracle.deployment.description().text("queueStack") == "CREATE_COMPLETE")
    #expect(try results.text("update") == "UPDATE_COMPLETE")
  }

  @Test func queueHidesMessagesSixTimesAsLongAsTheFunctionMayTake() throws {
    let settings = try results.member("settings")
    let timeout = try #require(settings["timeout"]?.int64Value)
    #expect(try #require(settings["visibility"]?.int64Value) >= 6 * timeout)
    #expect(settings["tries"]?.int64Value == 5)
    #expect(settings["answers"] == ["ReportBatchItemFailures"])
    #expect(settings["batch"]?.int64Value == 10)
  }

  @Test func onlyTheBucketOfThisAccountMayFillTheQueue() throws {
    let decisions = try results.member("decisions")
    #expect(try decisions.text("the bucket") == "Allow")
    for other in ["another bucket", "the bucket's name in another account", "another service"] {
      #expect(try decisions.text(other) == "ImplicitDeny", "\(other)")
    }
  }

  @Test func uploadGoesThroughTheQueueAndItsResultIsReadBack() throws {
    let stored = try results.member("stored")
    let document = try stored.member("document")
    #expect(try document.member("source").text("bucket") == "queued-photos", "\(stored)")
    #expect(try document.member("source").text("versionId") == stored.text("version"))
    // LocalAWS's 118 classes are numbered; 84 is the German shepherd.
    #expect(try document.text("class") == "84")
    #expect(document["probabilities"]?.arrayValue?.count == 118, "all, regardless of TopK")
  }

  @Test func messageThatFailsFiveTimesGoesToTheDeadLetterQueue() throws {
    let failed = try results.member("failed")
    #expect(try failed.text("body").contains("uploads/empty.jpg"), "\(failed)")
    #expect(failed["left"]?.int64Value == 0)
  }

  @Test func imagePostedToTheURLIsClassifiedWhenItIsSignedByWhoMay() throws {
    let url = try results.member("url")
    #expect(try url.text("auth") == "AWS_IAM")
    #expect(url["printed"]?.boolValue == true)
    let answer = try url.member("signed")
    #expect(answer["status"]?.int64Value == 200, "\(answer)")
    let result = answer["body"]?["results"]?[0]
    #expect(result?["class"]?.stringValue == "84")
    #expect(result?["probabilities"]?.arrayValue?.count == 5, "limited by TopK")
    #expect(url["stranger"]?.int64Value == 403)
    #expect(url["unsigned"]?.int64Value == 403)
  }
}
