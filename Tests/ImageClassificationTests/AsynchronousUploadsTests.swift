import JSON
import TestSupport
import Testing

/// 1,000 uploads to 250 keys, of which each may overwrite the one before while that is on its way: events and
/// notifications that come twice, in any order, by any way, and notifications that are lost in the function and
/// delivered again. The order is random, and the same for the same seed.
@Suite struct AsynchronousUploadsTests {
  @Test(arguments: [false, true])
  func everyObjectEndsWithTheResultOfItsNewestVersion(hasVersions: Bool) throws {
    var run = try UploadRun(hasVersions: hasVersions, seed: hasVersions ? 2 : 1)
    defer { run.stop() }
    try run.perform()
    try run.check()
    print("AsynchronousUploadsTests: \(run.counts.sorted { $0.key < $1.key })")
    // Otherwise it would prove little.
    for (name, count) in run.counts { #expect(count > 50, "\(name)") }
    #expect(run.counts.count == (hasVersions ? 9 : 8))
  }
}

private struct UploadRun {
  private enum Step {
    case upload(Int)
    case event(Int)
    case work(AsynchronousAWS.Inference)
    case notification(AsynchronousAWS.Inference)
  }

  private static let uploads = 1_000
  private static let keys = 250
  private let hasVersions: Bool
  private let aws: AsynchronousAWS
  private let fixture: Fixture
  private var random: SeededGenerator
  private var steps: [Step]
  private(set) var counts: [String: Int] = [:]

  init(hasVersions: Bool, seed: UInt64) throws {
    self.hasVersions = hasVersions
    random = SeededGenerator(seed: seed)
    aws = try AsynchronousAWS()
    fixture = try Fixture(environment: [
      "ENDPOINT_KIND": "asynchronous", "IMAGE_BUCKET": "photos", "IMAGE_PREFIX": "uploads/",
      "ASYNC_OUTPUT_PATH": "s3://\(AsynchronousAWS.outputBucket)/out", "RESULT_BUCKET": "results",
      "AWS_ENDPOINT_URL_S3": aws.baseURL, "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": aws.baseURL,
      "AWS_MAX_ATTEMPTS": "1",
    ])
    // In their order, since an upload's number is its place in the order of its key's events.
    steps = (0..<Self.uploads).reversed().map(Step.upload)
  }

  func stop() {
    fixture.stop()
    aws.stop()
  }

  private static func key(of upload: Int) -> String { "uploads/\(upload % keys).jpg" }
  private static func sequencer(of upload: Int) -> String {
    let digits = String(upload, radix: 16, uppercase: true)
    return "00" + String(repeating: "0", count: 4 - digits.count) + digits
  }
  private func version(of upload: Int) -> String? { hasVersions ? "v\(upload)" : nil }

  private mutating func count(_ name: String) { counts[name, default: 0] += 1 }
  private mutating func isLucky(_ share: Double) -> Bool {
    Double.random(in: 0..<1, using: &random) < share
  }

  /// An upload is the last step of the list, and all else is anywhere in it.
  mutating func perform() throws {
    while !steps.isEmpty {
      let waiting = steps.indices.filter { if case .upload = steps[$0] { false } else { true } }
      let uploadIndex = steps.lastIndex { if case .upload = $0 { true } else { false } }
      let index =
        if let uploadIndex, waiting.isEmpty || (waiting.count < 600 && isLucky(0.3)) {
          uploadIndex
        } else {
          waiting.randomElement(using: &random) ?? 0
        }
      try perform(steps.remove(at: index))
    }
  }

  private mutating func perform(_ step: Step) throws {
    switch step {
    case .upload(let upload):
      count("uploads")
      aws.put(
        [0xFF, 0xD8, 0xFF] + Array(String(upload).utf8), bucket: "photos",
        key: Self.key(of: upload), versionID: version(of: upload))
      repeatLuckily(.event(upload), "duplicated events")
    case .event(let upload): try deliver(upload)
    case .work(let inference):
      let done = aws.process(inference) { image in
        let upload = String(decoding: image.dropFirst(3), as: UTF8.self)
        return Array(
          #"[{"label":"u\#(upload)","score":0.75},{"label":"other","score":0.25}]"#.utf8)
      }
      repeatLuckily(.notification(done), "duplicated notifications")
    case .notification(let inference): try deliver(inference)
    }
  }

  private mutating func repeatLuckily(_ step: Step, _ name: String) {
    steps.append(step)
    if isLucky(0.2) {
      count(name)
      steps.append(step)
    }
  }

  private mutating func deliver(_ upload: Int) throws {
    let version = version(of: upload).map { #","versionId":"\#($0)""# } ?? ""
    let event =
      #"{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":"#
      + #"{"name":"photos"},"object":{"key":"\#(Self.key(of: upload))","#
      + #""sequencer":"\#(Self.sequencer(of: upload))"\#(version)}}}]}"#
    let (status, _) = try fixture.answer(event)
    let queue = aws.takeQueue()
    #expect(status == (queue.isEmpty ? 200 : 202))
    if queue.isEmpty { count("events of a version that was superseded") }
    steps += queue.map(Step.work)
  }

  private mutating func deliver(_ inference: AsynchronousAWS.Inference) throws {
    let isLost = isLucky(0.15)
    aws.failWrites(isLost)
    let said = fixture.say(event(about: inference))
    aws.failWrites(false)
    #expect(aws.takeQueue().isEmpty, "a result is never submitted")
    if isLost {
      count("lost notifications")
      steps.append(.notification(inference))
    } else if case .failure(let error) = said {
      Issue.record("\(error.message)")
    }
  }

  private mutating func event(about inference: AsynchronousAWS.Inference) -> String {
    let includesReply = isLucky(0.5)
    let message = inference.message(includesReply: includesReply)
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      count("messages by SNS")
      return AsynchronousAWS.Inference.snsEvent(message)
    case 1:
      count("messages by SQS")
      return sqs([("1", AsynchronousAWS.Inference.envelope(message))])
    case 2:
      count("raw messages by SQS")
      return sqs([("1", message)])
    default:
      count("events of S3 about outputs")
      return inference.outputEvent
    }
  }

  func check() throws {
    for key in 0..<Self.keys {
      let newest = Self.uploads - Self.keys + key
      let document = try document(of: newest)
      #expect(document["class"]?.stringValue == "u\(newest)", "key \(key)")
      #expect(document["source"]?["sequencer"]?.stringValue == Self.sequencer(of: newest))
      #expect(document["source"]?["overwritten"] == nil)
    }
    #expect(hasVersions || aws.paths(inBucket: "results").count == Self.keys)
    guard hasVersions else { return }
    // Of an older version there is no result, or its own, or one that says that it may be a newer one's.
    for path in aws.paths(inBucket: "results") {
      let upload = try #require(
        path.split(separator: "/").last?.dropFirst().dropLast(".json".count))
      let document = try document(of: try #require(Int(upload)))
      #expect(
        document["class"]?.stringValue == "u\(upload)" || document["source"]?["overwritten"] == true
      )
    }
  }

  private func document(of upload: Int) throws -> JSONValue {
    let key = Self.key(of: upload)
    let name =
      version(of: upload).map { "photos@versions/\(key)/\($0).json" } ?? "photos/\(key).json"
    let object = try #require(aws.object(bucket: "results", key: name), "\(name)")
    return try JSONValue(parsing: object.bytes)
  }
}
