import Foundation
import HTTPClient
import ImageClassification
import JSON
import LambdaRuntime
import Platform
import TestSupport
import Testing

typealias Answer = ScriptedServer.Answer

/// The function with a scripted S3 and a scripted endpoint.
struct Fixture {
  /// The response of the function, or its invocation error.
  enum Said {
    case answer(JSONValue)
    case failure(InvocationError)
  }

  let s3: ScriptedServer
  let endpoint: ScriptedServer
  let lines = Recorder<String>()
  private let classifier: ImageClassifier
  private let log: Log
  private let clock: Clock

  /// A JPEG's first bytes are enough for a scripted endpoint.
  static let image = Answer(200, [("ETag", "\"tag\"")], bytes: [0xFF, 0xD8, 0xFF, 0xD9])
  static let threeValues = Answer(
    200, [("x-Amzn-Invoked-Production-Variant", "AllTraffic")], body: "[[1.5, 3, -2]]")

  init(
    s3: [Answer] = [image], endpoint: [Answer] = [threeValues], environment: [String: String] = [:],
    clock: Clock = .system
  ) throws {
    self.clock = clock
    self.s3 = try ScriptedServer(s3)
    self.endpoint = try ScriptedServer(endpoint)
    var values = [
      "ENDPOINT_NAME": "dog-breeds", "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AKID",
      "AWS_SECRET_ACCESS_KEY": "SECRET", "AWS_SESSION_TOKEN": "TOKEN",
      "AWS_ENDPOINT_URL_S3": self.s3.baseURL,
      "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": self.endpoint.baseURL,
    ]
    values.merge(environment) { $1 }
    let lines = lines
    log = Log(environment: Environment(values)) {
      for line in String(decoding: $0, as: UTF8.self).split(separator: "\n") {
        lines.add("\(line)\n")
      }
    }
    classifier = try ImageClassifier(environment: Environment(values), clock: clock)
  }

  func stop() {
    s3.stop()
    endpoint.stop()
  }

  func say(
    _ event: String, deadlineIn milliseconds: Int64 = 60_000, requestID: String = "request-1"
  ) -> Said {
    let invocation = Invocation(
      requestID: requestID, deadline: .after(milliseconds: milliseconds, on: clock),
      event: Array(event.utf8))
    do throws(InvocationError) {
      let answer = try classifier.handle(invocation, log: log.forRequest(requestID))
      return .answer((try? JSONValue(parsing: answer)) ?? .string("not JSON"))
    } catch {
      return .failure(error)
    }
  }

  /// The body and status of a response.
  func answer(
    _ event: String, deadlineIn milliseconds: Int64 = 60_000, requestID: String = "request-1"
  ) throws -> (status: Int, body: JSONValue) {
    guard
      case .answer(let answer) = say(event, deadlineIn: milliseconds, requestID: requestID)
    else {
      throw Unexpected()
    }
    #expect(
      answer.objectValue?.members.map(\.key) == [
        "statusCode", "headers", "isBase64Encoded", "body",
      ],
      "API Gateway answers 502 to any other key")
    let body = try JSONValue(parsing: try #require(answer["body"]?.stringValue))
    return (Int(answer["statusCode"]?.int64Value ?? 0), body)
  }

  func failure(
    _ event: String, deadlineIn milliseconds: Int64 = 60_000
  ) throws -> InvocationError {
    guard case .failure(let error) = say(event, deadlineIn: milliseconds) else {
      throw Unexpected()
    }
    return error
  }

  struct Unexpected: Error {}
}

/// An S3 notification about some keys of the bucket `photos`, form-encoded as given.
func notification(_ keys: String..., event: String = "ObjectCreated:Put") -> String {
  let records = keys.map {
    #"{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"\#(event)","s3":{"bucket":"#
      + #"{"name":"photos"},"object":{"key":"\#($0)","sequencer":"0A"}}}"#
  }
  return #"{"Records":[\#(records.joined(separator: ","))]}"#
}

/// One of the events for `local-invoke`.
func event(_ name: String) throws -> String {
  let url = Repository.root.appendingPathComponent("events/\(name).json")
  return String(decoding: try Data(contentsOf: url), as: UTF8.self)
}

/// An SQS event of messages by their identifiers.
func sqs(_ messages: [(id: String, body: String)]) -> String {
  let records = messages.map { id, body in
    let text = String(decoding: JSONValue.string(body).serialized(), as: UTF8.self)
    return #"{"messageId":"\#(id)","eventSource":"aws:sqs","body":\#(text)}"#
  }
  return #"{"Records":[\#(records.joined(separator: ","))]}"#
}

/// A request in version 2.0.
///
/// - Parameter context: more members of `requestContext`, each with a comma in front.
func httpRequest(
  _ method: String = "POST", type: String = "application/json", body: String? = "{}",
  context: String = ""
) -> String {
  let text = body.map { String(decoding: JSONValue.string($0).serialized(), as: UTF8.self) }
  return #"{"version":"2.0","rawPath":"/","headers":{"content-type":"\#(type)"},"#
    + #""requestContext":{"http":{"method":"\#(method)","path":"/"}\#(context)},"#
    + #""isBase64Encoded":false"# + (text.map { #","body":\#($0)"# } ?? "") + "}"
}

let consoleRequest = #"{"bucket":"photos","key":"rex.jpg"}"#
