import Foundation
import JSON
import LambdaEvents
import TestSupport
import Testing

@Suite struct EventFileTests {
  @Test func s3EventNamesTheGermanShepherd() throws {
    let event = try LambdaEvent.decode(eventFile("s3.json"), defaultBucket: nil)
    let object = S3ObjectReference(
      bucket: "dog-photos", key: "uploads/Schäferhund Rex.jpg",
      rawKey: "uploads/Sch%C3%A4ferhund+Rex.jpg", eTag: "5818a2665423452f12f76c7b4ed076b7",
      sequencer: "0065F1A2B3C4D5E6F7", sizeBytes: 328_016, region: "us-east-1")
    #expect(event == .s3([S3Record(eventName: "ObjectCreated:Put", object: object)]))
  }

  @Test func twoRecordsKeepTheirOrder() throws {
    let event = try LambdaEvent.decode(eventFile("s3-two-records.json"), defaultBucket: nil)
    let objects = objects(in: event)
    #expect(
      objects.map(\.key) == ["uploads/husky-mix-with-bicycle.jpg", "uploads/mixed-breed.jpg"])
    #expect(objects.map(\.sizeBytes) == [163_759, 78_890])
  }

  @Test func s3TestEventNamesItsBucket() throws {
    let event = try LambdaEvent.decode(eventFile("s3-test-event.json"), defaultBucket: nil)
    #expect(event == .s3Test(S3TestEvent(bucket: "dog-photos")))
  }

  @Test func consoleFormsNameTheirObjects() throws {
    let byURL = try LambdaEvent.decode(eventFile("test-url.json"), defaultBucket: nil)
    let byKey = try LambdaEvent.decode(eventFile("test-key.json"), defaultBucket: nil)
    let husky = S3ObjectReference(bucket: "dog-photos", key: "uploads/husky-mix-with-bicycle.jpg")
    let mixed = S3ObjectReference(bucket: "dog-photos", key: "uploads/mixed-breed.jpg")
    #expect(byURL == .console(ConsoleRequest(location: .object(husky))))
    #expect(byKey == .console(ConsoleRequest(location: .object(mixed))))
  }

  @Test func consoleTemplateIsRefusedWithAHint() throws {
    let error = #expect(throws: EventError.self) {
      try LambdaEvent.decode(eventFile("console-template.json"), defaultBucket: "dog-photos")
    }
    #expect(error?.errorType == "Event.Unknown")
    #expect(
      error?.message
        == "the event is the console's hello-world template, put yours in its place; "
        + acceptedShapes)
    #expect(error?.isConsoleRequest == false)
  }

  @Test(
    .enabled(
      if: Repository.exists(Repository.root.appendingPathComponent("events/objects/dog-photos")),
      "needs the photographs of events/objects"),
    arguments: ["s3.json", "s3-two-records.json", "test-url.json", "test-key.json"])
  func everyEventPointsAtAPhotographThatIsThere(name: String) throws {
    let event = try LambdaEvent.decode(eventFile(name), defaultBucket: nil)
    var objects = objects(in: event)
    if case .console(let request) = event, case .object(let object) = request.location {
      objects = [object]
    }
    #expect(!objects.isEmpty)
    for object in objects {
      let file = Repository.root.appendingPathComponent(
        "events/objects/\(object.bucket)/\(object.key)")
      let size = try Data(contentsOf: file).count
      #expect(object.sizeBytes == nil || object.sizeBytes == Int64(size))
    }
  }
}
