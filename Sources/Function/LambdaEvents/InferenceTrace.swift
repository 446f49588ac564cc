import JSON
import Platform

/// What the path of an asynchronous endpoint's output says about the image: which object, which version of it, and its
/// place in the order of events.
///
/// The path is `OUTPUT/EXTENSION/UUID.out`, and EXTENSION is base64url of the JSON text
/// `[1,bucket,key,version,sequencer,eTag]`, with null for what there is not. For a key that makes it longer than 512
/// characters (from about 300 bytes on), bucket and key are null: such an output can be traced only with SageMaker's
/// message, which has the location of the input. For an image in the request itself it is `[1,inferenceId]`.
public final class InferenceTrace: Sendable {
  private static let version: Int64 = 1
  /// InvokeEndpointAsync's limit.
  private static let maximumBytes = 512

  /// Of the event that led to the request, and with the entity tag of what was there then; bucket and key are empty
  /// where they did not fit. Nil for an image in the request itself.
  public let object: S3ObjectReference?
  /// Of an image in the request itself.
  public let inferenceID: String?

  /// Whether the object is complete.
  public var namesObject: Bool { object?.bucket.isEmpty == false }

  /// The trace of an object's image.
  public init(of object: S3ObjectReference) {
    self.object = object
    inferenceID = nil
  }

  /// The trace of an image in the request itself.
  public init(inferenceID: String) {
    self.inferenceID = inferenceID
    object = nil
  }

  /// The trace in the key of an output, or of an error reply; nil without one.
  public init?(outputKey: String) {
    for component in outputKey.utf8.split(separator: UInt8(ascii: "/")).reversed() {
      guard let text = Self.decoded(component),
        let list = try? JSONValue(parsing: text).arrayValue,
        list.first?.int64Value == Self.version
      else { continue }
      if list.count == 2, let id = list[1].stringValue {
        inferenceID = id
        object = nil
        return
      }
      guard list.count == 6 else { continue }
      object = S3ObjectReference(
        bucket: list[1].stringValue ?? "", key: list[2].stringValue ?? "",
        versionID: list[3].stringValue, eTag: list[5].stringValue,
        sequencer: list[4].stringValue)
      inferenceID = nil
      return
    }
    return nil
  }

  /// For `X-Amzn-SageMaker-S3OutputPathExtension`; nil where not even the version and the order fit.
  public var pathExtension: String? {
    guard let object else { return Self.encoded([inferenceID]) }
    for (bucket, key) in [(object.bucket, object.key), (nil, nil)] as [(String?, String?)] {
      let text = Self.encoded([bucket, key, object.versionID, object.sequencer, object.eTag])
      if text.utf8.count <= Self.maximumBytes { return text }
    }
    return nil
  }

  private static func encoded(_ parts: [String?]) -> String {
    var writer = JSONWriter()
    writer.beginArray()
    writer.integer(version)
    for part in parts {
      if let part { writer.string(part) } else { writer.null() }
    }
    writer.endArray()
    var text = Base64.encode(writer.bytes)
    while text.last == UInt8(ascii: "=") { text.removeLast() }
    return String(
      decoding: text.map { byte in
        switch byte {
        case UInt8(ascii: "+"): UInt8(ascii: "-")
        case UInt8(ascii: "/"): UInt8(ascii: "_")
        default: byte
        }
      }, as: UTF8.self)
  }

  private static func decoded(_ component: Substring.UTF8View) -> [UInt8]? {
    var text: [UInt8] = component.map { byte in
      switch byte {
      case UInt8(ascii: "-"): UInt8(ascii: "+")
      case UInt8(ascii: "_"): UInt8(ascii: "/")
      default: byte
      }
    }
    text += Array(repeating: UInt8(ascii: "="), count: (4 - text.count % 4) % 4)
    return try? Base64.decode(text)
  }
}
