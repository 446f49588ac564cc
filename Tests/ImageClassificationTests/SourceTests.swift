import Foundation
import JSON
import LoopbackServer
import TestSupport
import Testing

private let missing = Answer(404, body: "<Error><Code>NoSuchKey</Code></Error>")
private let busy = Answer(503, body: "<Error><Code>SlowDown</Code></Error>")

@Suite struct NotificationTests {
  @Test(arguments: ["s3", "s3-two-records", "sns", "eventbridge", "removed"])
  func anEventOfAServiceGetsTheAnswerOfANotification(name: String) throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let (status, body) = try fixture.answer(try event(name))
    #expect(status == 200)
    let count = ["s3-two-records": 2, "removed": 0][name] ?? 1
    #expect(body["results"]?.arrayValue?.count == count)
  }

  @Test(arguments: ["s3", "sns", "eventbridge"])
  func aFailedImageFailsTheInvocationSoThatLambdaTriesAgain(name: String) throws {
    let fixture = try Fixture(s3: [missing])
    defer { fixture.stop() }
    let error = try fixture.failure(try event(name))
    #expect(error.errorType == "S3.NoSuchKey")
    #expect(error.message.hasSuffix("[a retry will not help]"))
  }

  @Test func aReasonThatMayPassIsSaidToBeOne() throws {
    let fixture = try Fixture(s3: [busy], environment: ["AWS_MAX_ATTEMPTS": "1"])
    defer { fixture.stop() }
    #expect(try fixture.failure(notification("a")).message.hasSuffix("[a retry may help]"))
  }

  @Test func oneBadRecordDoesNotDisturbTheOthers() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let error = try fixture.failure(notification("good-1.jpg", "bad%ZZ", "good-2.jpg"))
    #expect(error.message.hasPrefix("1 of 3 images failed: "))
    #expect(error.errorType == "Event.MalformedKey")
    #expect(fixture.endpoint.requests.count == 2, "the good ones were classified")
  }
}

@Suite struct TogetherTests {
  @Test(arguments: [(nil, 8), ("3", 3)])
  func imagesAreOnTheirWayTogetherUpToTheLimit(setting: String?, limit: Int) throws {
    let inFlight = Recorder<Int>()
    let counter = Counter()
    let gate = Barrier(count: limit)
    let server = try LoopbackServer { _, connection in
      inFlight.add(counter.change(by: 1))
      // The first requests wait for each other: with fewer at a time, the test would not pass.
      gate.wait()
      _ = counter.change(by: -1)
      try connection.send(status: 200, body: [0xFF, 0xD8, 0xFF])
    }
    defer { server.stop() }
    var environment = ["AWS_ENDPOINT_URL_S3": server.baseURL]
    environment["MAX_PARALLEL"] = setting
    let fixture = try Fixture(environment: environment)
    defer { fixture.stop() }
    let keys = (0..<20).map { #"{"s3":{"bucket":{"name":"photos"},"object":{"key":"k\#($0)"}}}"# }
    let body = try fixture.answer(#"{"Records":[\#(keys.joined(separator: ","))]}"#).body
    #expect(body["results"]?.arrayValue?.count == 20)
    #expect(inFlight.all.max() == limit)
  }

  private final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var value = 0
    func change(by delta: Int) -> Int {
      lock.withLock {
        value += delta
        return value
      }
    }
  }

  @Test func theAnswerCanBeLimitedToTheFirstClasses() throws {
    let fixture = try Fixture(environment: ["TOP_K": "2"])
    defer { fixture.stop() }
    let result = try fixture.answer(notification("a")).body["results"]?[0]
    #expect(result?["probabilities"]?.arrayValue?.count == 2)
  }
}
