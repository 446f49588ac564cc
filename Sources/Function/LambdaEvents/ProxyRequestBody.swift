import JSON
import Platform

/// The body of a request, before it is known to be any good.
struct ProxyRequestBody {
  let event: JSONValue
  /// In lower case and without parameters.
  let mediaType: String?

  /// What is in the body, by its media type.
  ///
  /// - Throws: 400 for a body that is missing or not what it says, 415 for another media type.
  func content(defaultBucket: String?) throws(EventError) -> ProxyContent {
    let isBase64 = try self.isBase64
    let text = try self.text
    guard let mediaType else {
      throw Self.error(.unsupportedMediaType, "Content-Type is missing; \(Self.acceptedTypes)")
    }
    if Self.isImage(mediaType) {
      guard isBase64 else {
        throw Self.error(
          .malformedField,
          "the image came as text, not as bytes: \(mediaType) has to be a binary media type of the REST API"
        )
      }
      return .image(bytes: try Self.decode(text), mediaType: mediaType)
    }
    guard mediaType == "application/json" else {
      throw Self.error(
        .unsupportedMediaType,
        "Content-Type is \(EventError.quoted(mediaType)); \(Self.acceptedTypes)")
    }
    let json = isBase64 ? try Self.decode(text) : Array(text.utf8)
    return .reference(try Self.reference(json, defaultBucket: defaultBucket))
  }

  private static let acceptedTypes =
    "accepted are image/jpeg and the other types of images, application/x-image, application/octet-stream, and application/json"

  /// Which kind of image it is, its bytes tell.
  private static func isImage(_ mediaType: String) -> Bool {
    if mediaType == "application/x-image" || mediaType == "application/octet-stream" { return true }
    return mediaType.hasPrefix("image/") && mediaType.utf8.count > 6
      && mediaType.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: ",") }
  }

  private var isBase64: Bool {
    get throws(EventError) {
      switch event["isBase64Encoded"] {
      case nil, .null?: return false
      case .bool(let value)?: return value
      case let other?:
        throw Self.error(
          .malformedField, "isBase64Encoded must be true or false, not \(other.kind)")
      }
    }
  }

  private var text: String {
    get throws(EventError) {
      switch event["body"] {
      case nil, .null?, .string("")?: throw Self.error(.missingBody, "the request has no body")
      case .string(let text)?: return text
      case let other?:
        throw Self.error(.malformedField, "body must be a string, not \(other.kind)")
      }
    }
  }

  private static func decode(_ text: String) throws(EventError) -> [UInt8] {
    do throws(Base64Error) {
      return try Base64.decode(text.utf8)
    } catch {
      throw self.error(.malformedField, "body is not base64: \(error.reason)")
    }
  }

  private static func reference(
    _ json: [UInt8], defaultBucket: String?
  ) throws(EventError) -> ConsoleRequest {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsingAfterByteOrderMark: json)
    } catch {
      throw self.error(
        .notJSON, "the body is not JSON: \(error); accepted are \(EventError.consoleForms)")
    }
    guard case .object(let object) = value else {
      throw self.error(
        .unknown,
        "the body is \(value.kind), not an object; accepted are \(EventError.consoleForms)")
    }
    guard ConsoleRequest.matches(value) else {
      throw self.error(
        .unknown,
        "the body names no image, \(EventError.members(of: object)); accepted are \(EventError.consoleForms)"
      )
    }
    return try ConsoleRequest(value, defaultBucket: defaultBucket)
  }

  private static func error(_ reason: EventError.Reason, _ message: String) -> EventError {
    EventError(reason, message, isConsoleRequest: true)
  }
}
