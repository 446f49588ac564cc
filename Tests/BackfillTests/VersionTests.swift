import AWSControl
import OperationsSupport
import TestSupport
import Testing

@testable import Backfill

/// Direct invocations are of the version that the job gets: `$LATEST` may be other code.
@Suite struct VersionTests {
  private static let answer = ScriptedServer.Answer(
    200,
    body: #"{"results":[{"taskId":"1","resultCode":"Succeeded","resultString":"dog 0.9"}]}"#)

  @Test func trialInvokesTheVersion() throws {
    let fixture = try ControlFixture([Self.answer])
    let outcome = try Trial(functionName: "dog-breeds", version: "7", width: 1).run(
      [ManifestRow(bucket: "b", key: "k", versionID: nil)], with: fixture.client,
      isInterrupted: { false }, onProgress: { _ in })
    #expect(outcome.summary.succeeded == 1)
    #expect(
      fixture.requests.map(\.target) == ["/2015-03-31/functions/dog-breeds/invocations?Qualifier=7"]
    )
  }
}
