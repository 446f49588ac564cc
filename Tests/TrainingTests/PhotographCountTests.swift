import AWSControl
import Foundation
import OperationsSupport
import TestSupport
import Testing
import Training

@Suite struct PhotographCountTests {
  @Test func foldersAreClassesAndOtherFilesAreNotPhotographs() {
    let count = PhotographCount(files: [
      ("cat/1.jpg", 10), ("cat/deep/2.PNG", 20), ("dog/1.webp", 5), ("dog/notes.txt", 1),
      ("readme.md", 7), (".cache/x.jpg", 1),
    ])
    #expect(count.byClass == ["cat": 2, "dog": 1])
    #expect(count.bytes == 44)
    #expect(!count.hasSplits)
  }

  @Test func splitsAboveTheClassesAreSeen() {
    let count = PhotographCount(files: [
      ("train/cat/1.jpg", 1), ("train/dog/1.jpg", 1), ("valid/cat/2.jpg", 1), ("test/dog/3.jpg", 1),
    ])
    #expect(count.hasSplits)
    #expect(count.byClass == ["cat": 2, "dog": 2])
  }

  @Test func oneClassOnlyIsRefused() throws {
    let count = PhotographCount(files: [("cat/1.jpg", 1)])
    let refusal = #expect(throws: Refusal.self) { try count.requireTrainable("s3://photos") }
    #expect(refusal?.message.contains("only one class, cat") == true)
  }

  @Test func emptyClassIsNamed() {
    let count = PhotographCount(files: [("cat/1.jpg", 1), ("dog/", 0), ("elk/notes.txt", 3)])
    let refusal = #expect(throws: Refusal.self) { try count.requireTrainable("photos") }
    #expect(refusal?.message.contains("photos has no photographs of dog, elk") == true)
  }

  @Test func nothingAtAllIsRefused() {
    #expect(throws: Refusal.self) { try PhotographCount(files: []).requireTrainable("photos") }
  }

  @Test(arguments: [(0, 30), (5_000_000_000, 30), (40_000_000_000, 100)])
  func diskIsTwiceTheDataAndTwentyGigabytes(bytes: Int, gigabytes: Int) {
    #expect(PhotographCount(files: [("cat/1.jpg", bytes)]).volumeGigabytes == gigabytes)
  }

  @Test func listingIsReadPageByPage() throws {
    func page(_ keys: [String], next: String?) -> ScriptedServer.Answer {
      let contents = keys.map { "<Contents><Key>\($0)</Key><Size>3</Size></Contents>" }.joined()
      let end =
        next.map {
          "<IsTruncated>true</IsTruncated><NextContinuationToken>\($0)</NextContinuationToken>"
        }
        ?? "<IsTruncated>false</IsTruncated>"
      return .init(200, body: "<ListBucketResult>\(end)\(contents)</ListBucketResult>")
    }
    let fixture = try ControlFixture([
      page(["dogs/cat/1.jpg", "dogs/R&amp;D/1.jpg"], next: "a+b="),
      page(["dogs/cat/2.jpg"], next: nil),
    ])
    let count = try PhotographCount.inS3(
      S3Location(bucket: "photos", key: "dogs"), with: fixture.client)
    #expect(count.byClass == ["cat": 2, "R&D": 1])
    #expect(fixture.requests[0].target == "/photos?list-type=2&prefix=dogs%2F")
    #expect(fixture.requests[1].target.contains("continuation-token=a%2Bb%3D"))
  }

  @Test func deniedBucketNamesTheMissingPermission() throws {
    let fixture = try ControlFixture([
      .init(403, body: "<Error><Code>AccessDenied</Code><Message>no</Message></Error>")
    ])
    let error = #expect(throws: (any Error).self) {
      try PhotographCount.inS3(S3Location(bucket: "photos", key: ""), with: fixture.client)
    }
    #expect("\(try #require(error))".contains("s3:ListBucket"))
  }

  @Test func folderThatIsNotThereIsNamed() {
    let error = #expect(throws: TrainingError.self) {
      try PhotographCount.inFolder("/nowhere/at/all")
    }
    #expect(error?.problem == "the folder /nowhere/at/all does not exist")
  }
}
