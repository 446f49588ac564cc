import JSON
import Platform

/// The body of a request, not yet validated.
struct ProxyRequestBody {
  let event: JSONValue
  /// In lower case, without parameters.
  let mediaType: String?

  /// Decodes the body according to its media type.
  ///
  /// - Throws: 400 for a body that is missing or malformed, 415 for an unsupported media type.
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
          "the image arrived as text, not as bytes: add \(mediaType) to the binary media types of the REST API"
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
    "accepted: image/jpeg and the other types of images, application/x-image, application/octet-stream, and application/json"

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
        .notJSON, "the body is not JSON: \(error); accepted: \(EventError.consoleForms)")
    }
    guard case .object(let object) = value else {
      throw self.error(
        .unknown,
        "the body is \(value.kind), not an object; accepted: \(EventError.consoleForms)")
    }
    guard ConsoleRequest.matches(value) else {
      throw self.error(
        .unknown,
        "the body does not name an image, \(EventError.members(of: object)); accepted: \(EventError.consoleForms)"
      )
    }
    return try ConsoleRequest(value, defaultBucket: defaultBucket)
  }

  private static func error(_ reason: EventError.Reason, _ message: String) -> EventError {
    EventError(reason, message, isConsoleRequest: true)
  }
}
