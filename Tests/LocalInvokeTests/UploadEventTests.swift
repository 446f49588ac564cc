import Foundation
import JSON
import LambdaEvents
import Testing

@testable import local_invoke

@Suite struct UploadEventTests {
  private static let object = UploadedObject(
    bucket: "photos", key: "uploads/Müller + Söhne (1)/100% *~.jpg", bytes: 7, eTag: "e")

  private func event(_ source: EventSource) -> [UInt8] {
    UploadEvent(region: "eu-west-1", time: Date(timeIntervalSince1970: 1_763_806_530))
      .event(from: source, of: Self.object)
  }

  @Test func theKeyIsEncodedAsS3WritesIt() {
    #expect(
      UploadEvent.encoded(key: Self.object.key)
        == "uploads/M%C3%BCller+%2B+S%C3%B6hne+%281%29/100%25+*%7E.jpg")
  }

  @Test(arguments: [EventSource.s3, .sns, .eventbridge])
  func aNotificationNamesTheObject(source: EventSource) throws {
    guard case .s3(let records) = try LambdaEvent.decode(event(source), defaultBucket: nil),
      case .success(let record)? = records.first
    else {
      Issue.record("not a notification")
      return
    }
    #expect(records.count == 1)
    #expect("\(record)".contains(Self.object.key))
  }

  @Test func aQueueABatchAndADirectInvocationAreReadAsSuch() throws {
    guard case .sqs(let messages) = try LambdaEvent.decode(event(.sqs), defaultBucket: nil),
      case .s3Batch(let batch) = try LambdaEvent.decode(event(.batch), defaultBucket: nil),
      case .console = try LambdaEvent.decode(event(.direct), defaultBucket: nil)
    else {
      Issue.record("another kind")
      return
    }
    #expect(messages.count == 1)
    #expect("\(messages)".contains(Self.object.key))
    #expect("\(batch)".contains(Self.object.key))
  }

  @Test func aLaterUploadHasALaterSequencer() throws {
    let sequencer = { (seconds: Double) -> String in
      let event = UploadEvent(region: "r", time: Date(timeIntervalSince1970: seconds))
        .event(from: .s3, of: Self.object)
      return try #require(
        JSONValue(parsing: event)["Records"]?[0]?["s3"]?["object"]?["sequencer"]?.stringValue)
    }
    #expect(try sequencer(1_763_806_530.000_1) < sequencer(1_763_806_530.000_2))
  }
}
