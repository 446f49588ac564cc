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
    #expect(event == .s3([.success(S3Record(eventName: "ObjectCreated:Put", object: object))]))
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
        == "the event is the console's hello-world template; replace it with your own event; "
        + acceptedShapes)
    #expect(error?.isConsoleRequest == false)
  }

  @Test func messagesOfAQueueNameTheirObjects() throws {
    guard
      case .sqs(let messages) = try LambdaEvent.decode(
        eventFile("sqs-two-messages.json"), defaultBucket: nil)
    else { throw OtherEvent() }
    #expect(Set(messages.map(\.messageID)).count == 2)
    #expect(
      try namedObjects(in: "sqs-two-messages.json").map(\.key)
        == ["uploads/husky-mix-with-bicycle.jpg", "uploads/mixed-breed.jpg"])
  }

  @Test(arguments: [
    "sqs.json", "sns.json", "sns-in-sqs.json", "eventbridge.json", "s3-batch-1.json",
  ])
  func everyWayOfTheGermanShepherdNamesTheSameObject(name: String) throws {
    let object = try #require(try namedObjects(in: name).first)
    #expect(object.bucket == "dog-photos")
    #expect(object.key == "uploads/Schäferhund Rex.jpg")
  }

  @Test func aRemovedObjectIsNoCreation() throws {
    let event = try LambdaEvent.decode(eventFile("removed.json"), defaultBucket: nil)
    #expect(records(in: event).map(\.eventName) == ["ObjectRemoved:Delete"])
    #expect(records(in: event).map(\.isCreation) == [false])
  }

  @Test func theTestEventInAQueueNamesItsBucket() throws {
    guard
      case .sqs(let messages) = try LambdaEvent.decode(
        eventFile("sqs-test-event.json"), defaultBucket: nil)
    else { throw OtherEvent() }
    #expect(messages.map(\.contents) == [.success(.test(S3TestEvent(bucket: "dog-photos")))])
  }

  @Test(arguments: [
    ("http-api-image.json", ProxyFormat.version2, 13_643),
    ("rest-api-image.json", .version1, 12_740),
  ])
  func requestsCarryAJPEG(name: String, format: ProxyFormat, byteCount: Int) throws {
    guard
      case .http(let request) = try LambdaEvent.decode(eventFile(name), defaultBucket: nil),
      case .success(.image(let bytes, let mediaType)) = request.content
    else { throw OtherEvent() }
    #expect(request.format == format)
    #expect(request.path == "/classify")
    #expect(mediaType == "image/jpeg")
    #expect(bytes.count == byteCount)
    #expect(bytes.starts(with: [0xFF, 0xD8, 0xFF]) && bytes.suffix(2) == [0xFF, 0xD9])
  }

  @Test func theQuestionWhatIsAllowedIsRead() throws {
    let event = try LambdaEvent.decode(eventFile("function-url-options.json"), defaultBucket: nil)
    guard case .http(let request) = event else { throw OtherEvent() }
    #expect(request.content == .success(.options))
  }

  @Test(
    .enabled(
      if: Repository.exists(Repository.root.appendingPathComponent("events/objects/dog-photos")),
      "needs the photographs of events/objects"),
    arguments: [
      "s3.json", "s3-two-records.json", "test-url.json", "test-key.json", "sqs.json",
      "sqs-two-messages.json", "sns.json", "sns-in-sqs.json", "eventbridge.json", "s3-batch-1.json",
      "s3-batch-2.json", "function-url-json.json", "async-completed.json", "async-failed.json",
    ])
  func everyEventPointsAtAPhotographThatIsThere(name: String) throws {
    let objects = try namedObjects(in: name)
    #expect(!objects.isEmpty)
    for object in objects {
      let file = Repository.root.appendingPathComponent(
        "events/objects/\(object.bucket)/\(object.key)")
      let size = try Data(contentsOf: file).count
      #expect(object.sizeBytes == nil || object.sizeBytes == Int64(size))
    }
  }

  /// Every object in an event of any shape.
  private func namedObjects(in name: String) throws -> [S3ObjectReference] {
    let event = try LambdaEvent.decode(eventFile(name), defaultBucket: nil)
    switch event {
    case .s3: return objects(in: event)
    case .s3Test: return []
    case .inferences(let outcomes):
      return try outcomes.map {
        try #require(S3ObjectReference(location: try $0.get().inputLocation ?? ""))
      }
    case .sqs(let messages):
      return try messages.flatMap { message in
        guard case .records(let outcomes) = try message.contents.get() else {
          return [S3ObjectReference]()
        }
        return try outcomes.map { try $0.get().object }
      }
    case .s3Batch(let invocation): return try invocation.tasks.map { try $0.object.get() }
    case .http(let request):
      guard case .reference(let reference) = try request.content.get() else { return [] }
      return object(of: reference)
    case .console(let request): return object(of: request)
    }
  }

  private func object(of request: ConsoleRequest) -> [S3ObjectReference] {
    if case .object(let object) = request.location { [object] } else { [] }
  }
}
