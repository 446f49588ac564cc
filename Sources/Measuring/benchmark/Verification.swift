import Foundation
import JSON
import SigV4
import SignatureVerification

/// Whether a contender did the work: its requests to S3 and the endpoint were signed as AWS requires, and its answer
/// contains the probabilities that follow from the endpoint's logits. `mock-aws` itself verifies that the
/// endpoint receives the image and that all answers are equal.
struct Verification {
  private let folder: URL
  private let imageBytes: Int

  /// - Parameter folder: what `MockRun.folder` was; made anew.
  init(folder: URL, imageBytes: Int) {
    self.folder = folder
    self.imageBytes = imageBytes
  }

  /// Runs the contender for three events.
  ///
  /// - Returns: the findings, whose `answerHash` all later runs must have.
  /// - Throws: `BenchmarkFailure` with the reason.
  func run(_ contender: Contender, in workspace: Workspace) throws -> MockRun.Findings {
    try? FileManager.default.removeItem(at: folder)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let findings: MockRun.Findings
    do {
      findings = try MockRun(invocations: 3, imageBytes: imageBytes, folder: folder)
        .run(contender, in: workspace)
    } catch {
      let log = (try? text("log"))?.suffix(1_000) ?? ""
      throw BenchmarkFailure("\(error.message)\(log.isEmpty ? "" : "; its log: \(log)")")
    }
    guard !contender.isFloor else { return findings }
    do {
      try checkSignature("s3", service: "s3", body: [])
      try checkSignature("endpoint", service: "sagemaker", body: image())
      try Self.checkAnswer(Array(Data(contentsOf: folder.appendingPathComponent("answer"))))
    } catch {
      let what = (error as? BenchmarkFailure)?.message ?? "\(error)"
      throw BenchmarkFailure("\(contender.name) does not do the work: \(what)")
    }
    return findings
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }

  // MARK: Signatures

  private func checkSignature(_ name: String, service: String, body: [UInt8]) throws {
    let lines = try text(name).split(separator: "\r\n").map(String.init)
    let request = lines.first?.split(separator: " ").map(String.init) ?? []
    guard request.count == 3 else { throw BenchmarkFailure("\(name) got no request") }
    let headers = lines.dropFirst().compactMap { line in
      line.firstIndex(of: ":").map { colon in
        HeaderField(
          name: String(line[..<colon]),
          value: line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
      }
    }
    let credentials = AWSCredentials(
      accessKeyID: "AKIDEXAMPLE", secretAccessKey: MockRun.secretAccessKey,
      sessionToken: MockRun.sessionToken)
    do {
      try SignatureVerifier(credentials: { $0 == "AKIDEXAMPLE" ? credentials : nil }).verify(
        method: request[0], target: request[1], headers: headers, body: body, service: service,
        region: "us-east-1", at: SigningTime(unixSeconds: Int64(Date().timeIntervalSince1970)))
    } catch {
      throw BenchmarkFailure("its request to \(name) is not signed: \(error)")
    }
  }

  /// The image that `mock-aws` makes.
  private func image() -> [UInt8] {
    var state: UInt32 = 20_251_122
    let bytes = (0..<imageBytes).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    return [0xFF, 0xD8, 0xFF] + bytes.dropFirst(3)
  }

  // MARK: The answer

  /// - Throws: `BenchmarkFailure` unless the answer has the proxy shape with the right probabilities.
  static func checkAnswer(_ bytes: [UInt8]) throws(BenchmarkFailure) {
    guard let answer = try? JSONValue(parsing: bytes), answer["statusCode"]?.int64Value == 200,
      let text = answer["body"]?.stringValue, let body = try? JSONValue(parsing: text),
      let results = body["results"]?.arrayValue, results.count == 1,
      let ranking = results[0]["probabilities"]?.arrayValue
    else {
      throw BenchmarkFailure(
        "its answer is not that of one image: \(String(decoding: bytes.prefix(300), as: UTF8.self))"
      )
    }
    let found = ranking.compactMap { $0["probability"]?.doubleValue }
    let expected = probabilities
    guard found.count == expected.count, zip(found, expected).allSatisfy({ abs($0 - $1) < 1e-12 })
    else {
      throw BenchmarkFailure(
        "its \(found.count) probabilities begin with \(found.prefix(2)), not with \(expected.prefix(2))"
      )
    }
  }

  /// Softmax of the mock's logits, highest first.
  static let probabilities: [Double] = {
    let weights = (0..<133).map { exp(Double($0 * 7_919 % 1_009) * 0.0123456789012345 - 4) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }.sorted(by: >)
  }()
}
