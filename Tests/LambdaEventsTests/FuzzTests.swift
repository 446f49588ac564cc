import Foundation
import JSON
import LambdaEvents
import TestSupport
import Testing

@Suite struct FuzzTests {
  /// The insertions of a mutation: structure, other kinds of values, parts of keys.
  private static let pieces = [
    "null", "[]", "{}", "\"\"", "1e999", "true", "%", "%Z", "+", "%C3", "\\u0000", "\"Records\":",
    "\"s3\":", "aws:sqs", "aws:sns", "\\\"", "\\\\", "=", "\"requestContext\":", "OPTIONS", "2.0",
    "s3://", "\"key\":", ",", ":", "[", "{", "}", "]",
  ]

  private static let names = {
    let folder = Repository.root.appendingPathComponent("events").path
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".json") }.sorted()
  }()

  @Test(arguments: names) func mutatedEventsAreReadOrRefusedWithAMessage(name: String) throws {
    // An image would attract all mutations.
    let original = try eventFile(name).withShortBody()
    var generator = SeededGenerator(seed: 2025)
    for _ in 0..<1000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&bytes, &generator) }
      do throws(EventError) {
        check(try LambdaEvent.decode(bytes, defaultBucket: "b"))
      } catch {
        check(error)
      }
    }
  }

  private func check(_ event: LambdaEvent) {
    switch event {
    case .s3(let outcomes):
      #expect(!outcomes.isEmpty)
      for outcome in outcomes { check(outcome.map(\.object)) }
    case .sqs(let messages):
      #expect(messages.allSatisfy { !$0.messageID.isEmpty })
      for message in messages {
        switch message.contents {
        case .success(.records(let outcomes)):
          #expect(!outcomes.isEmpty)
          for outcome in outcomes { check(outcome.map(\.object)) }
        case .success(.test), .success(.inferenceTest): break
        case .success(.inference(let notification)): check(notification)
        case .failure(let error): check(error)
        }
      }
    case .s3Batch(let invocation):
      #expect(invocation.tasks.allSatisfy { !$0.taskID.isEmpty })
      for task in invocation.tasks { check(task.object) }
    case .http(let request):
      if case .failure(let error) = request.content {
        #expect(error.isConsoleRequest)
        check(error)
      }
    case .inferences(let outcomes):
      for outcome in outcomes {
        switch outcome {
        case .success(let notification): check(notification)
        case .failure(let error): check(error)
        }
      }
    case .s3Test, .console: break
    }
  }

  private func check(_ notification: SageMakerNotification) {
    for location in [notification.inputLocation, notification.outputLocation] {
      let object = location.flatMap { S3ObjectReference(location: $0) }
      #expect(object.map { !$0.key.isEmpty && !$0.bucket.isEmpty } ?? true)
      _ = InferenceTrace(outputKey: object?.key ?? "")
    }
  }

  private func check(_ outcome: Result<S3ObjectReference, EventError>) {
    switch outcome {
    case .success(let object): #expect(!object.key.isEmpty && !object.bucket.isEmpty)
    case .failure(let error): check(error)
    }
  }

  private func check(_ error: EventError) {
    #expect(error.errorType.hasPrefix("Event.") && !error.message.isEmpty)
    #expect(!error.message.unicodeScalars.contains { $0.value < 0x20 })
  }

  private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
    let start = Int.random(in: 0...bytes.count, using: &generator)
    let end = min(bytes.count, start + Int.random(in: 0...12, using: &generator))
    switch Int.random(in: 0..<3, using: &generator) {
    case 0: bytes.removeSubrange(start..<end)
    case 1:
      bytes.replaceSubrange(
        start..<end, with: Self.pieces.randomElement(using: &generator)?.utf8 ?? "".utf8)
    default: if start < bytes.count { bytes[start] = UInt8.random(in: 0...255, using: &generator) }
    }
  }
}

extension [UInt8] {
  /// A request with only the start of its image.
  fileprivate func withShortBody() throws -> [UInt8] {
    guard case .object(var event) = try JSONValue(parsing: self),
      event["isBase64Encoded"] == true, let body = event["body"]?.stringValue
    else { return self }
    event.set("body", to: .string(String(body.prefix(64))))
    return JSONValue.object(event).serialized()
  }
}
