import Foundation
import HTTPClient
import LocalAWS
import SigV4
import TestSupport

let credentials = AWSCredentials(
  accessKeyID: "ASIAEXAMPLE", secretAccessKey: "secret", sessionToken: "token/with+signs==")

/// LocalAWS with its own folder, which is removed at the end.
final class LocalAWSFixture: Sendable {
  let aws: LocalAWS
  let folder: URL

  init(
    model: any InferenceModel = FixedReplyModel(json: "[[-1, 2]]"),
    _ change: (inout LocalAWS.Configuration) -> Void = { _ in }
  ) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "local-aws-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let objects = folder.appendingPathComponent("objects")
    var configuration = LocalAWS.Configuration(
      objectsFolder: objects, credentials: [credentials], model: model)
    change(&configuration)
    aws = try LocalAWS(configuration: configuration)
    try put("photos", "a.jpg", "bytes of a")
  }

  deinit {
    aws.stop()
    try? FileManager.default.removeItem(at: folder)
  }

  func put(_ bucket: String, _ key: String, _ text: String) throws {
    let file = folder.appendingPathComponent("objects/\(bucket)/\(key)")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// A signed S3 request with an unencoded path.
  func s3(
    _ path: String, method: String = "GET", query: [(name: String, value: String)] = [],
    headers: [(String, String)] = [], body: [UInt8] = [], sending: [UInt8]? = nil,
    signedBy keys: AWSCredentials = credentials,
    region: String = "us-east-1",
    at time: SigningTime = now()
  ) throws -> HTTPResponse {
    try send(
      aws.s3BaseURL, method, path, query, headers, body, keys, region, "s3", .s3, time,
      sending: sending)
  }

  /// A LocalAWS that accepts uploads, including those to the bucket `results`.
  static func writable(
    _ change: (inout LocalAWS.Configuration) -> Void = { _ in }
  ) throws -> LocalAWSFixture {
    try LocalAWSFixture { configuration in
      let overlay = configuration.objectsFolder.deletingLastPathComponent()
        .appendingPathComponent("overlay")
      // Without the folder, the write below would fail.
      try? FileManager.default.createDirectory(at: overlay, withIntermediateDirectories: true)
      configuration.overlayFolder = overlay
      configuration.writableBuckets = ["results"]
      change(&configuration)
    }
  }

  /// A signed PutObject of a text, which `sending` replaces after signing.
  func putObject(
    _ path: String, _ text: String, _ headers: [(String, String)] = [], sending: String? = nil,
    signedBy keys: AWSCredentials = credentials
  ) throws -> HTTPResponse {
    try s3(
      path, method: "PUT", headers: headers, body: Array(text.utf8),
      sending: sending.map { Array($0.utf8) }, signedBy: keys)
  }

  /// A signed InvokeEndpoint, whose body `sending` replaces after signing.
  func invoke(
    endpoint: String = "dog-breeds", body: [UInt8] = [1], sending: [UInt8]? = nil,
    headers: [(String, String)] = [("Content-Type", "image/jpeg"), ("Accept", "application/json")],
    signedBy keys: AWSCredentials = credentials, at time: SigningTime = now()
  ) throws -> HTTPResponse {
    try send(
      aws.sageMakerBaseURL, "POST", "/endpoints/\(endpoint)/invocations", [], headers, body, keys,
      "us-east-1",
      "sagemaker", .standard(), time, sending: sending)
  }

  /// A signed InvokeEndpointAsync; the headers without `X-Amzn-SageMaker-`.
  func invokeAsync(
    _ headers: [(String, String)], endpoint: String = "dog-breeds", body: [UInt8] = [],
    sentHeaders: [(String, String)]? = nil
  ) throws -> HTTPResponse {
    let prefixed = headers.map { ("X-Amzn-SageMaker-\($0.0)", $0.1) }
    return try send(
      aws.sageMakerBaseURL, "POST", "/endpoints/\(endpoint)/async-invocations", [], prefixed, body,
      credentials, "us-east-1", "sagemaker", .standard(), now(), replacing: sentHeaders)
  }

  private func send(
    _ base: String, _ method: String, _ path: String, _ query: [(name: String, value: String)],
    _ headers: [(String, String)], _ body: [UInt8], _ keys: AWSCredentials, _ region: String,
    _ service: String,
    _ style: SigningStyle, _ time: SigningTime, sending: [UInt8]? = nil,
    replacing: [(String, String)]? = nil
  ) throws -> HTTPResponse {
    let host = String(base.dropFirst("http://".count))
    let fields =
      [HeaderField(name: "Host", value: host)]
      + headers.map { HeaderField(name: $0.0, value: $0.1) }
    let signed = Signer().sign(
      SigningRequest(
        method: method, path: path, query: query, headers: fields, payloadHash: .of(body),
        style: style),
      credentials: keys, region: region, service: service, time: time)
    let replaced = replacing ?? []
    let sent = signed.headers.map { field in
      (field.name, replaced.first { $0.0 == field.name }?.1 ?? field.value)
    }
    return try plain(method, base + signed.target, sent, sending ?? body)
  }

  func plain(
    _ method: String, _ url: String, _ headers: [(String, String)] = [], _ body: [UInt8] = []
  ) throws -> HTTPResponse {
    try HTTPClient(trust: TrustStore(primary: .amazonTrustServices), proxy: .direct).send(
      HTTPRequest(
        method: method, url: url, headers: headers.map { HTTPHeader($0.0, $0.1) }, body: body,
        timeoutMilliseconds: 30_000, maximumBodyBytes: 16 << 20))
  }
}

func now(offsetSeconds: Int64 = 0) -> SigningTime {
  SigningTime(unixSeconds: Int64(Date().timeIntervalSince1970) + offsetSeconds)
}

func text(_ response: HTTPResponse) -> String {
  String(decoding: response.body, as: UTF8.self)
}

/// The code of an S3 error; empty for anything else.
func code(_ response: HTTPResponse) -> String {
  text(response).firstMatch(of: /<Code>(\w+)<\/Code>/).map { String($0.1) } ?? ""
}
