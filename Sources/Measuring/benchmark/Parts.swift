import Foundation
import JSON
import SigV4

/// Parts of the function in this process, beside what one would use instead. Processor time, not time: other
/// programs do not count.
struct Parts {
  private let workspace: Workspace

  init(workspace: Workspace) { self.workspace = workspace }

  func measured() throws -> [Results.Value] {
    Console.say("signatures, JSON, the size of the zip")
    let ours = Contender.function
    var values = [
      Results.Value(measure: .signature, contender: ours, spread: Self.signature()),
      Results.Value(
        measure: .signature, contender: Contender.python,
        spread: Spread([try pythonSignature()])),
      Results.Value(
        measure: .zipBytes, contender: ours, spread: Spread([try bytes(of: workspace.zip)])),
      Results.Value(
        measure: .zipBytes, contender: Contender.python, spread: Spread([try pythonZip()])),
    ]
    let reply = Self.reply
    let event = Array(try Data(contentsOf: try workspace.resource("s3-event", "json")))
    let (replyData, eventData) = (Data(reply), Data(event))
    let decoder = JSONDecoder()
    values += try Self.compared(
      .jsonReply, { try Self.numbers(reply).count },
      { try decoder.decode([[Double]].self, from: replyData)[0].count })
    values += try Self.compared(
      .jsonEvent, { try Self.keyLength(event) },
      {
        try decoder.decode(FoundationEvent.self, from: eventData).Records[0].s3.object.key.utf8
          .count
      })
    return values
  }

  // MARK: Signatures

  private static func signature() -> Spread {
    let signer = Signer()
    let credentials = AWSCredentials(
      accessKeyID: "AKIDEXAMPLE", secretAccessKey: MockRun.secretAccessKey,
      sessionToken: MockRun.sessionToken)
    let request = SigningRequest(
      method: "GET", path: "/uploads/Schäferhund Rex.jpg",
      headers: [
        HeaderField(name: "Host", value: "dog-photos.s3.us-east-1.amazonaws.com"),
        HeaderField(name: "x-amz-checksum-mode", value: "ENABLED"),
      ], payloadHash: .empty, style: .s3)
    let start = Int64(Date().timeIntervalSince1970)
    var second: Int64 = 0
    return rounds {
      second += 1
      // Another second each time, as in life, on one day.
      let time = SigningTime(unixSeconds: start - start % 86_400 + second % 86_400)
      return signer.sign(
        request, credentials: credentials, region: "us-east-1", service: "s3", time: time
      ).signature.utf8.count
    }
  }

  private func pythonSignature() throws -> Double {
    let script = try workspace.resource("python_parts", "py")
    let text = try Command(workspace.python.path, script.path, "signature", "500").output()
    guard let microseconds = Double(text) else {
      throw BenchmarkFailure("python_parts.py printed \(text) instead of a number")
    }
    return microseconds
  }

  // MARK: Sizes

  private func bytes(of file: URL) throws -> Double {
    Double(try Data(contentsOf: file, options: .alwaysMapped).count)
  }

  private func pythonZip() throws -> Double {
    let file = workspace.folder.appendingPathComponent("python.zip")
    let script = try workspace.resource("python_parts", "py")
    _ = try Command(workspace.python.path, script.path, "zip", file.path).output()
    return try bytes(of: file)
  }

  // MARK: JSON

  /// As PyTorch's container writes it.
  static let reply: [UInt8] = {
    let values = (0..<133).map { "\(Double($0 * 7_919 % 1_009) * 0.0123456789012345 - 4)" }
    return Array("[[\(values.joined(separator: ", "))]]".utf8)
  }()

  static func numbers(_ reply: [UInt8]) throws -> [Double] {
    try JSONValue(parsing: reply)[0]?.arrayValue?.compactMap(\.doubleValue) ?? []
  }

  /// Reads what `FoundationEvent` reads.
  static func keyLength(_ event: [UInt8]) throws -> Int {
    let record = try JSONValue(parsing: event)["Records"]?[0]
    let s3 = record?["s3"]
    let object = s3?["object"]
    let texts = [
      record?["eventVersion"], record?["eventSource"], record?["awsRegion"], record?["eventName"],
      s3?["bucket"]?["name"], object?["eTag"], object?["sequencer"],
    ]
    guard texts.allSatisfy({ $0?.stringValue != nil }), object?["size"]?.int64Value != nil else {
      return 0
    }
    return object?["key"]?.stringValue?.utf8.count ?? 0
  }

  /// Ours and Foundation's by turns, which must find the same.
  private static func compared(
    _ measure: Measure, _ ours: () throws -> Int, _ theirs: () throws -> Int
  ) throws -> [Results.Value] {
    let (found, expected) = (try ours(), try theirs())
    guard found == expected, found > 0 else {
      throw BenchmarkFailure("\(measure.title): ours finds \(found), Foundation \(expected)")
    }
    return [
      Results.Value(
        measure: measure, contender: Contender.function, spread: rounds { (try? ours()) ?? 0 }),
      Results.Value(
        measure: measure, contender: Contender.foundation, spread: rounds { (try? theirs()) ?? 0 }),
    ]
  }

  /// Microseconds a call, of eleven rounds of at least 20 ms.
  private static func rounds(_ call: () -> Int) -> Spread {
    var sum = 0
    func time(_ count: Int) -> Double {
      let start = processMicroseconds()
      for _ in 0..<count { sum &+= call() }
      return processMicroseconds() - start
    }
    let once = max(0.1, time(200) / 200)
    let count = Int(20_000 / once) + 1
    let spread = Spread((0..<11).map { _ in time(count) / Double(count) })
    // The calls have had an effect, so that none was left out.
    precondition(sum != 0)
    return spread
  }

  private static func processMicroseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
  }
}

/// What a function that uses Foundation would read of an S3 event.
private struct FoundationEvent: Decodable {
  struct Record: Decodable {
    let eventVersion: String
    let eventSource: String
    let awsRegion: String
    let eventName: String
    let s3: S3
  }

  struct S3: Decodable {
    let bucket: Bucket
    let object: Object
  }

  struct Bucket: Decodable {
    let name: String
  }

  struct Object: Decodable {
    let key: String
    let size: Int64?
    let eTag: String?
    let versionId: String?
    let sequencer: String?
  }

  let Records: [Record]
}
