import Foundation
import JSON
import LocalAWS
import SigV4
import TestSupport
import Testing

/// The results of boto3 with LocalAWS. The script runs once; each test checks one of its scenarios.
enum Boto3Results {
  static let image = "events/objects/dog-photos/uploads/Schäferhund Rex.jpg"
  static let bucket = "photos"
  static let key = "uploads/dog ü.jpg"
  private static let shared = Result { try run() }

  /// The result of a scenario of `boto3_client.py`.
  static func scenario(_ name: String) throws -> JSONValue { try shared.get().member(name) }

  private static func run() throws -> JSONValue {
    let python = try Oracle.boto3.required()
    let folder = try ObjectsFolder()
    let plain = AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG")
    let session = AWSCredentials(
      accessKeyID: "ASIAEXAMPLE", secretAccessKey: "bPxRfiCYEXAMPLEKEY", sessionToken: "to/ken+=")
    var configuration = LocalAWS.Configuration(
      objectsFolder: folder.url, credentials: [plain, session], model: BuiltInModel())
    configuration.deniedObjects = ["\(bucket)/denied.jpg"]
    let aws = try LocalAWS(configuration: configuration)
    defer { aws.stop() }
    let users: JSONValue = [
      "right": keys(plain.accessKeyID, plain.secretAccessKey),
      "session": keys(session.accessKeyID, session.secretAccessKey, session.sessionToken),
      "wrongSecret": keys(plain.accessKeyID, "another"),
      "unknown": keys("AKIDUNKNOWN", plain.secretAccessKey),
      "wrongToken": keys(session.accessKeyID, session.secretAccessKey, "another"),
      "missingToken": keys(session.accessKeyID, session.secretAccessKey),
    ]
    return try PythonScript.run(
      python, "boto3_client.py", "aws",
      description: [
        "s3URL": .string(aws.s3BaseURL), "sageMakerURL": .string(aws.sageMakerBaseURL),
        "users": users, "bucket": .string(bucket), "key": .string(key), "denied": "denied.jpg",
        "keys": .array((ObjectKeys.everywhere + ObjectKeys.notOnFiles).map { .string($0) }),
        "image": .string(Repository.root.appendingPathComponent(image).path),
      ])
  }

  private static func keys(_ identifier: String, _ secret: String, _ token: String? = nil)
    -> JSONValue
  {
    var keys: JSONObject = [
      "accessKeyID": .string(identifier), "secretAccessKey": .string(secret),
    ]
    if let token { keys.set("sessionToken", to: .string(token)) }
    return .object(keys)
  }
}

/// A folder `BUCKET/KEY` with the photograph and one object per key.
private final class ObjectsFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "objects-\(UUID().uuidString)")
    let photograph = try Data(
      contentsOf: Repository.root.appendingPathComponent(Boto3Results.image))
    let keys = [Boto3Results.key, "uploads/other.jpg", "denied.jpg"] + ObjectKeys.everywhere
    for key in keys {
      // By path, because a URL would interpret ? and #.
      let path = "\(url.path)/\(Boto3Results.bucket)/\(key)"
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      let data = key == Boto3Results.key ? photograph : Data("object \(key)".utf8)
      try data.write(to: URL(fileURLWithPath: path))
    }
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }
}
