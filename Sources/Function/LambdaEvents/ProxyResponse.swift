import JSON
import Platform

/// A response in the shape of API Gateway's Lambda proxy integration: exactly the four keys that it
/// knows, for it answers 502 to any other.
///
/// Source:
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
public struct ProxyResponse: Equatable, Sendable {
  /// HTTP status, 200 to 599.
  public var statusCode: Int
  /// A JSON document in UTF-8; it travels as a string.
  public var body: [UInt8]

  /// A response with this body.
  public init(statusCode: Int, body: [UInt8]) {
    self.statusCode = statusCode
    self.body = body
  }

  /// The answer to a person or an HTTP client when something failed:
  /// `{"error": {"type": …, "message": …, "requestId": …}}`.
  public init(statusCode: Int, errorType: String, message: String, requestID: String) {
    var writer = JSONWriter(reservingCapacity: message.utf8.count + 160)
    writer.beginObject()
    writer.key("error")
    writer.beginObject()
    writer.key("type")
    writer.string(errorType)
    writer.key("message")
    writer.string(message)
    writer.key("requestId")
    writer.string(requestID)
    writer.endObject()
    writer.endObject()
    self.init(statusCode: statusCode, body: writer.bytes)
  }

  /// The answer for an error that says its type and message itself.
  public init(statusCode: Int, error: any ReportableError, requestID: String) {
    self.init(
      statusCode: statusCode, errorType: error.errorType, message: error.message,
      requestID: requestID)
  }

  /// The response as JSON, `statusCode`, `headers`, `isBase64Encoded` and `body` in this order.
  public func serialized() -> [UInt8] {
    // A quarter for the backslashes before the body's quotes: a list of probabilities needs a
    // tenth.
    var writer = JSONWriter(reservingCapacity: body.count + body.count / 4 + 160)
    writer.beginObject()
    writer.key("statusCode")
    writer.integer(Int64(statusCode))
    writer.key("headers")
    writer.beginObject()
    writer.key("Content-Type")
    writer.string("application/json")
    writer.key("Access-Control-Allow-Origin")
    writer.string("*")
    writer.endObject()
    writer.key("isBase64Encoded")
    writer.bool(false)
    writer.key("body")
    writer.string(repairingUTF8: body)
    writer.endObject()
    return writer.bytes
  }
}
