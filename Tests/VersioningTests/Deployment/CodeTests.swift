import AWSControl
import Versioning
import Foundation
import OperationsSupport
import TestSupport
import Testing

@Suite struct CodeTests {
  @Test func otherArchitectureIsRefused() throws {
    let deploy = try DeployFixture { $0.latest.architecture = "arm64" }
    let failure = deploy.failure()
    #expect(
      "\(failure.map { "\($0)" } ?? "")".contains(
        "built for x86_64, but photo-classifier runs on arm64"))
    #expect(deploy.lambda.writes == [])
  }

  @Test func unknownArchitectureIsReported() throws {
    let deploy = try DeployFixture()
    try deploy.run {
      $0.package = DeploymentPackage(path: "a.zip", bytes: [1], architecture: nil)
    }
    #expect(deploy.warned.all.first?.contains("a.zip.arch is missing") == true)
  }

  @Test func functionOfAStackIsDeployedWithAWarningThatNamesTheStacksWay() throws {
    let deploy = try DeployFixture { $0.tags["aws:cloudformation:stack-name"] = "dog-breeds" }
    try deploy.run()
    #expect(deploy.warned.all.first?.contains("sam deploy --stack-name dog-breeds") == true)
  }

  @Test func permissionsOfOthersDoNotStopTheUpload() throws {
    let deploy = try DeployFixture {
      $0.interference = [.init(before: "UpdateFunctionCode") { $0.latest.revision = "permission" }]
    }
    try deploy.run()
    #expect(deploy.live?.version == "6")
  }

  @Test func codeOfOthersIsNotOverwritten() throws {
    let deploy = try DeployFixture {
      $0.interference = [
        .init(before: "UpdateFunctionCode") {
          $0.latest.revision = "theirs"
          $0.latest.codeSHA256 = "theirs"
        }
      ]
    }
    let failure = deploy.failure()
    #expect("\(failure.map { "\($0)" } ?? "")".contains("photo-classifier was changed meanwhile"))
    #expect(deploy.lambda.state.latest.codeSHA256 == "theirs")
  }

  @Test func updateThatLambdaCouldNotMakeIsNotPublished() throws {
    let deploy = try DeployFixture { $0.updateFailure = "ImageDeleted" }
    let failure = deploy.failure()
    #expect("\(failure.map { "\($0)" } ?? "")".contains("ImageDeleted"))
    #expect(deploy.lambda.writes == ["UpdateFunctionCode"])
  }

  @Test func functionWhoseLastUpdateFailedCanBeDeployed() throws {
    let deploy = try DeployFixture { $0.latest.failure = "EniLimitExceeded" }
    try deploy.run()
    #expect(deploy.live?.version == "6")
  }

  @Test func someoneElsesUpdateIsWaitedFor() throws {
    let deploy = try DeployFixture { $0.latest.looksLeft = 3 }
    try deploy.run()
    #expect(deploy.lambda.calls.allSatisfy { $0.status != 409 })
  }

  @Test func throttlingIsWaitedOutByLambdasRetryAfter() throws {
    let deploy = try DeployFixture {
      $0.faults["PublishVersion"] = [.throttled(retryAfterSeconds: 7)]
    }
    try deploy.run()
    #expect(deploy.sleeps.all.contains(7_000))
  }

  @Test func dryRunWritesNothing() throws {
    let deploy = try DeployFixture { $0.provisioned["5"] = .init(3) }
    let outcome = try deploy.run(dryRun: true) { $0.traffic = .tenPercent }
    #expect(outcome.version == "6")
    #expect(deploy.lambda.writes == [])
    #expect(deploy.said.all.allSatisfy { $0.hasPrefix("Dry run: ") })
  }

  // MARK: The zip

  @Test func zipIsReadWithWhatLiesBesideIt() throws {
    let zip = try TemporaryFile("PK\u{3}\u{4} zip")
    let beside = zip.path + ".arch"
    try Data("arm64\n".utf8).write(to: URL(fileURLWithPath: beside))
    defer { try? FileManager.default.removeItem(atPath: beside) }
    let package = try DeploymentPackage(reading: zip.path)
    #expect(package.architecture == "arm64")
    #expect(package.bytes.count == 8)
    #expect(package.codeSHA256.count == 44)
  }

  @Test func zipOfAnotherBuildThanItsDigestIsRefused() throws {
    let zip = try TemporaryFile("PK\u{3}\u{4} zip")
    let beside = zip.path + ".sha256"
    try Data("another".utf8).write(to: URL(fileURLWithPath: beside))
    defer { try? FileManager.default.removeItem(atPath: beside) }
    #expect(throws: Refusal.self) { try DeploymentPackage(reading: zip.path) }
  }

  @Test func missingFileOrOneThatIsNotAZipIsRefused() throws {
    let text = try TemporaryFile("no zip")
    #expect(throws: Refusal.self) { try DeploymentPackage(reading: text.path) }
    #expect(throws: Refusal.self) { try DeploymentPackage(reading: text.path + ".not") }
  }

  @Test func zipThatIsTooLargeForADirectUploadIsRefusedUnread() throws {
    let file = try TemporaryFile("")
    // Sparse: only its length is large.
    try FileHandle(forWritingTo: URL(fileURLWithPath: file.path)).truncate(
      atOffset: UInt64(DeploymentPackage.maximumBytes) + 1)
    let failure = #expect(throws: Refusal.self) { try DeploymentPackage(reading: file.path) }
    #expect(failure?.advice.contains("--s3-bucket") == true)
  }

  @Test(arguments: [
    ("10%:5m", 0.1, 300_000), ("0.25:90s", 0.25, 90_000), ("2.5%:1h", 0.025, 3_600_000),
  ])
  func stepIsReadFromItsText(text: String, share: Double, hold: Int64) throws {
    let step = try #require(TrafficStep(text))
    #expect(abs(step.share - share) < 1e-12)
    #expect(step.hold.milliseconds == hold)
  }

  @Test(arguments: [
    "", "10%", "10:5m", "0%:5m", "100%:5m", "10%:5", "10%:-5m", "10%:0m", "x:5m", "10%:5m:",
  ])
  func otherTextsAreNoSteps(text: String) {
    #expect(TrafficStep(text) == nil)
  }
}
