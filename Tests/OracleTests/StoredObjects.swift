import Foundation
import JSON
import LocalAWS
import SigV4
import Synchronization
import TestSupport
import Testing

/// The object keys for both S3 oracles.
enum ObjectKeys {
  private static let sets: JSONValue? = {
    let file = Repository.root.appendingPathComponent(
      "Tests/OracleTests/Fixtures/object-keys.json")
    return (try? Data(contentsOf: file)).flatMap { try? JSONValue(parsing: Array($0)) }
  }()

  /// Keys that any store supports.
  static let everywhere = keys("everywhere")

  /// `//`, `.`, and `..`: S3's keys are flat, but rclone stores them as files and returns 400
  /// InvalidArgument for their PutObject (rclone_setup.py verifies that). MiniStack supports all of
  /// them.
  static let notOnFiles = keys("notOnFiles")

  private static func keys(_ name: String) -> [String] {
    sets?[name]?.arrayValue?.compactMap(\.stringValue) ?? []
  }
}

/// An S3 oracle with its objects. The endpoint is LocalAWS, which verifies the same user's
/// signature.
struct ObjectStoreOracle {
  let description: JSONValue

  init(_ oracle: Oracle) throws { description = try oracle.description() }

  /// The event and the SHA-256 of an object.
  func object(_ key: String) throws -> JSONValue {
    let objects = description["objects"]?.arrayValue ?? []
    // Compared as bytes, because in Swift ü equals u with a combining mark.
    let found = objects.first { $0["key"]?.stringValue.map { Array($0.utf8) } == Array(key.utf8) }
    return try #require(found, "the oracle does not hold \(key)")
  }

  func credentials(_ user: String) throws -> AWSCredentials {
    try description.member("users").member(user).credentials()
  }

  /// Expects that exactly the bytes of the event's object reach the endpoint.
  func expectImage(
    of object: JSONValue, as user: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let key = try object.text("key")
    let model = RecordingModel()
    let run = try start(model, credentials(user))
    defer { run.stop() }
    let body = try run.function.classify(object.member("event"), sourceLocation: sourceLocation)
    let source = try #require(body["results"]?[0]?["source"], sourceLocation: sourceLocation)
    #expect(
      try Array(source.text("key").utf8) == Array(key.utf8), sourceLocation: sourceLocation)
    let received = model.bodies.map(SHA256.hexDigest)
    #expect(try received == [object.text("sha256")], sourceLocation: sourceLocation)
  }

  /// The error of an invocation that the store refuses. The endpoint must not have been called.
  func failure(
    of object: JSONValue, as credentials: AWSCredentials,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> (type: String, message: String) {
    let model = RecordingModel()
    let run = try start(model, credentials)
    defer { run.stop() }
    let error = try run.function.failure(object.member("event"), sourceLocation: sourceLocation)
    #expect(model.bodies.isEmpty, sourceLocation: sourceLocation)
    return error
  }

  /// A user's credentials with a wrong secret.
  func wrongSecret() throws -> AWSCredentials {
    AWSCredentials(
      accessKeyID: try credentials("user").accessKeyID,
      secretAccessKey: "not/the+secret/that/IAM/handed/out/")
  }

  private func start(_ model: RecordingModel, _ credentials: AWSCredentials) throws -> Run {
    let aws = try LocalAWS(
      configuration: LocalAWS.Configuration(
        objectsFolder: Repository.root, credentials: [credentials], model: model))
    let function = try OracleFunction(
      credentials: credentials, s3URL: description.text("s3URL"), sageMakerURL: aws.sageMakerBaseURL
    )
    return Run(aws: aws, function: function)
  }

  private struct Run {
    let aws: LocalAWS
    let function: OracleFunction

    func stop() {
      function.stop()
      aws.stop()
    }
  }
}

/// Records the requests of the endpoint.
private final class RecordingModel: InferenceModel {
  private let recorded = Mutex<[[UInt8]]>([])

  var bodies: [[UInt8]] { recorded.withLock { $0 } }

  func infer(contentType: String, accept: String, body: [UInt8]) throws -> ContainerReply {
    recorded.withLock { $0.append(body) }
    return ContainerReply(
      status: 200, contentType: "application/json", body: Array("[[-1, 2, 3]]".utf8))
  }
}
