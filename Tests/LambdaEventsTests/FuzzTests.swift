import LambdaEvents
import TestSupport
import Testing

@Suite struct FuzzTests {
  /// What a mutation puts in: structure, other kinds of values, pieces of keys.
  private static let pieces = [
    "null", "[]", "{}", "\"\"", "1e999", "true", "%", "%Z", "+", "%C3", "\\u0000", "\"Records\":",
    "\"s3\":", "aws:sqs",
    "s3://", "\"key\":", ",", ":", "[", "{", "}", "]",
  ]

  @Test(arguments: [
    "s3.json", "s3-two-records.json", "s3-test-event.json", "test-url.json", "test-key.json",
    "console-template.json",
  ])
  func mutatedEventsAreReadOrRefusedWithAMessage(name: String) throws {
    let original = try eventFile(name)
    var generator = SeededGenerator(seed: 2025)
    for _ in 0..<1500 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&bytes, &generator) }
      do throws(EventError) {
        let event = try LambdaEvent.decode(bytes, defaultBucket: "b")
        if case .s3(let records) = event {
          #expect(records.allSatisfy { !$0.object.key.isEmpty && !$0.object.bucket.isEmpty })
        }
      } catch {
        #expect(error.errorType.hasPrefix("Event.") && !error.message.isEmpty)
        #expect(!error.message.unicodeScalars.contains { $0.value < 0x20 })
      }
    }
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
