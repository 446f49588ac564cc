import Foundation
import LoopbackServer
import SigV4

/// S3 and an asynchronous endpoint in memory, on one loopback server: objects and their first bytes, conditional
/// writes, and a queue whose requests are processed on demand of the test. No signature is verified.
package final class AsynchronousAWS: Sendable {
  /// An object as it is now.
  package struct Object: Sendable {
    package let bytes: [UInt8]
    package let versionID: String?
    package var eTag: String { String(SHA256.hexDigest(bytes).prefix(32)) }
  }

  /// An accepted request, and its result after `process`.
  package struct Inference: Sendable {
    package let inferenceID: String
    package let inputLocation: String
    package let outputKey: String
    package var reply: [UInt8] = []
  }

  private struct State {
    var objects: [String: Object] = [:]
    var queue: [Inference] = []
    var requests: [ReceivedHTTPRequest] = []
    var inferenceCount = 0
    var failsWrites = false
  }

  package static let outputBucket = "async-results"
  private let state: Locked<State>
  private let server: LoopbackServer

  package init() throws {
    let state = Locked(State())
    self.state = state
    server = try LoopbackServer { request, connection in
      let answer = state.withLock { Self.answer(to: request, &$0) }
      try connection.send(status: answer.status, headers: answer.headers, body: answer.body)
    }
  }

  /// `http://127.0.0.1:PORT`, of both services.
  package var baseURL: String { server.baseURL }
  package func stop() { server.stop() }

  /// Stores an object as an upload does.
  @discardableResult
  package func put(
    _ bytes: [UInt8], bucket: String, key: String, versionID: String? = nil
  ) -> Object {
    let object = Object(bytes: bytes, versionID: versionID)
    state.withLock { $0.objects["/\(bucket)/\(key)"] = object }
    return object
  }

  package func object(bucket: String, key: String) -> Object? {
    state.withLock { $0.objects["/\(bucket)/\(key)"] }
  }

  /// The paths of all objects in a bucket.
  package func paths(inBucket bucket: String) -> [String] {
    state.withLock { $0.objects.keys.filter { $0.hasPrefix("/\(bucket)/") }.sorted() }
  }

  package var requests: [ReceivedHTTPRequest] { state.withLock { $0.requests } }

  /// Whether every PUT is answered with 503.
  package func failWrites(_ isFailing: Bool) { state.withLock { $0.failsWrites = isFailing } }

  /// The requests that wait, which are then no longer in the queue.
  package func takeQueue() -> [Inference] {
    state.withLock { state in
      defer { state.queue = [] }
      return state.queue
    }
  }

  /// Reads the input as it is now, has it answered, and stores the reply.
  package func process(_ inference: Inference, reply: ([UInt8]) -> [UInt8]) -> Inference {
    var inference = inference
    let path = inference.inputLocation.dropFirst("s3:/".count)
    inference.reply = reply(state.withLock { $0.objects[String(path)]?.bytes } ?? [])
    put(inference.reply, bucket: Self.outputBucket, key: inference.outputKey)
    return inference
  }

  private typealias Answer = ScriptedServer.Answer

  private static func answer(to request: ReceivedHTTPRequest, _ state: inout State) -> Answer {
    state.requests.append(request)
    let path = request.path.removingPercentEncoding ?? request.path
    switch request.method {
    case "POST": return accept(request, &state)
    case "PUT": return write(request, path, &state)
    default: return read(request, path, state)
    }
  }

  /// The names of outputs differ from the IDs, as SageMaker's do.
  private static func accept(_ request: ReceivedHTTPRequest, _ state: inout State) -> Answer {
    state.inferenceCount += 1
    let number = String(state.inferenceCount, radix: 16)
    let name =
      "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - number.count) + number
    let path = request.header("X-Amzn-SageMaker-S3OutputPathExtension").map { "\($0)/" } ?? ""
    let id = request.header("X-Amzn-SageMaker-Inference-Id") ?? ""
    let key = "out/\(path)\(name).out"
    state.queue.append(
      Inference(
        inferenceID: id, inputLocation: request.header("X-Amzn-SageMaker-InputLocation") ?? "",
        outputKey: key))
    return Answer(
      202,
      [
        ("X-Amzn-SageMaker-OutputLocation", "s3://\(outputBucket)/\(key)"),
        (
          "X-Amzn-SageMaker-FailureLocation",
          "s3://\(outputBucket)/failures/\(name)-error.out"
        ), ("x-amzn-RequestId", name),
      ], body: #"{"InferenceId":"\#(id)"}"#)
  }

  private static func write(
    _ request: ReceivedHTTPRequest, _ path: String, _ state: inout State
  ) -> Answer {
    if state.failsWrites { return error(503, "SlowDown") }
    let current = state.objects[path].map { "\"\($0.eTag)\"" }
    if request.header("If-None-Match") == "*", current != nil {
      return error(412, "PreconditionFailed")
    }
    if let expected = request.header("If-Match"), expected != current {
      return current == nil ? error(404, "NoSuchKey") : error(412, "PreconditionFailed")
    }
    state.objects[path] = Object(bytes: request.body, versionID: nil)
    return Answer(200)
  }

  private static func read(
    _ request: ReceivedHTTPRequest, _ path: String, _ state: State
  ) -> Answer {
    guard let object = state.objects[path] else { return error(404, "NoSuchKey") }
    var headers = [("ETag", "\"\(object.eTag)\""), ("Content-Type", "application/json")]
    if let version = object.versionID { headers.append(("x-amz-version-id", version)) }
    guard let range = request.header("Range"),
      let last = range.split(separator: "-").last.flatMap({ Int($0) })
    else { return Answer(200, headers, bytes: object.bytes) }
    if object.bytes.isEmpty { return error(416, "InvalidRange") }
    let part = Array(object.bytes.prefix(last + 1))
    headers.append(("Content-Range", "bytes 0-\(part.count - 1)/\(object.bytes.count)"))
    return Answer(206, headers, bytes: part)
  }

  private static func error(_ status: Int, _ code: String) -> Answer {
    Answer(status, body: "<Error><Code>\(code)</Code><Message>m</Message></Error>")
  }
}

extension AsynchronousAWS.Inference {
  /// What SageMaker publishes to SNS, as recorded.
  ///
  /// - Parameter includesReply: whether the topic includes the reply.
  package func message(includesReply: Bool = true) -> String {
    var message: [String: Any] = [
      "awsRegion": "us-east-1", "eventTime": "2026-11-26T04:10:22.871Z",
      "receivedTime": "2026-11-26T04:10:19.002Z", "invocationStatus": "Completed",
      "requestParameters": [
        "accept": "application/json", "contentType": "image/jpeg", "endpointName": "dog-breeds",
        "inputLocation": inputLocation,
      ],
      "responseParameters": [
        "contentType": "application/json",
        "outputLocation": "s3://\(AsynchronousAWS.outputBucket)/\(outputKey)",
      ],
      "inferenceId": inferenceID, "eventVersion": "1.0", "eventSource": "aws:sagemaker",
      "eventName": "InferenceResult",
    ]
    if includesReply {
      message["responseBody"] = [
        "content": Data(reply).base64EncodedString(), "message": "OK", "encoding": "BASE64",
      ]
    }
    return Self.text(message)
  }

  /// The same of a failure.
  package func failureMessage(reason: String) -> String {
    Self.text([
      "awsRegion": "us-east-1", "eventTime": "2026-11-26T04:10:22.871Z",
      "receivedTime": "2026-11-26T04:10:19.002Z", "invocationStatus": "Failed",
      "failureReason": reason,
      "requestParameters": ["endpointName": "dog-breeds", "inputLocation": inputLocation],
      "inferenceId": inferenceID, "eventVersion": "1.0", "eventSource": "aws:sagemaker",
      "eventName": "InferenceResult",
    ])
  }

  /// SNS's event for Lambda with a message.
  package static func snsEvent(_ message: String) -> String {
    text([
      "Records": [["EventSource": "aws:sns", "Sns": ["Type": "Notification", "Message": message]]]
    ])
  }

  /// A message of a queue that is subscribed without raw message delivery.
  package static func envelope(_ message: String) -> String {
    text(["Type": "Notification", "MessageId": "1", "Message": message])
  }

  /// S3's event about the output.
  package var outputEvent: String {
    Self.text([
      "Records": [
        [
          "eventVersion": "2.1", "eventSource": "aws:s3",
          "eventName": "ObjectCreated:CompleteMultipartUpload",
          "s3": [
            "bucket": ["name": AsynchronousAWS.outputBucket],
            "object": ["key": outputKey, "size": reply.count, "sequencer": "FF"],
          ],
        ]
      ]
    ])
  }

  private static func text(_ object: [String: Any]) -> String {
    let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
    return String(decoding: data ?? Data(), as: UTF8.self)
  }
}
