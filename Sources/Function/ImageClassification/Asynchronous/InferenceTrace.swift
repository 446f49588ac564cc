import JSON
import LambdaEvents
import Platform
import SageMakerRuntime
import SigV4

/// Ties a result to its submission: to the object, its version, and its place in the order of events.
///
/// All of it is in the path of the output, so that an S3 event about the output suffices:
/// `OUTPUT/EXTENSION/UUID.out`, where EXTENSION is base64url of the JSON text
/// `[1,bucket,key,version,sequencer,eTag]`, with null for what there is not. For a key that makes it longer than 512
/// characters (from about 300 bytes on), bucket and key are null: such a result can be traced only by SNS, whose
/// messages have the location of the input. For an image in the request itself it is `[1,inferenceId]`.
///
/// The inference's ID is `SEQUENCER-HASH`; of a request without a sequencer (console, HTTP, S3 Batch Operations)
/// `rREQUESTID-HASH`; of an image in the request itself `rREQUESTID`. HASH is the beginning of the SHA-256 of bucket,
/// key, and version, each after the first preceded by NUL.
enum InferenceTrace {
  private static let version = 1
  private static let hashDigits = 24
  /// Room for a sequencer or a request's ID in an inference's ID.
  private static let maximumOrderBytes =
    InvokeEndpointAsyncRequest.maximumInferenceIDBytes - hashDigits - 1

  /// - Parameter object: nil for an image in the request.
  static func inferenceID(of object: S3ObjectReference?, requestID: String) -> String {
    let request = "r" + requestID.utf8.prefix(maximumOrderBytes - 1).filter(isPlain).text
    guard let object else { return request }
    let sequencer = object.sequencer.flatMap { isSequencer($0) ? $0 : nil }
    return "\(sequencer ?? request)-\(hash(of: object))"
  }

  private static func isSequencer(_ text: some StringProtocol) -> Bool {
    (1...maximumOrderBytes).contains(text.utf8.count)
      && text.utf8.allSatisfy { "0123456789abcdefABCDEF".utf8.contains($0) }
  }

  private static func isPlain(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) }

  private static func hash(of object: S3ObjectReference) -> String {
    let text = "\(object.bucket)\0\(object.key)\0\(object.versionID ?? "")"
    return String(SHA256.hexDigest(Array(text.utf8)).prefix(hashDigits))
  }

  /// Nil where not even the version and the order fit.
  static func pathExtension(of object: S3ObjectReference) -> String? {
    let order = [object.versionID, object.sequencer, object.eTag]
    return [[object.bucket, object.key] + order, [nil, nil] + order].lazy.map(encoded)
      .first { $0.utf8.count <= InvokeEndpointAsyncRequest.maximumExtensionBytes }
  }

  static func pathExtension(ofInlineInput inferenceID: String) -> String { encoded([inferenceID]) }

  private static func encoded(_ parts: [String?]) -> String {
    var writer = JSONWriter()
    writer.beginArray()
    writer.integer(Int64(version))
    for part in parts {
      if let part { writer.string(part) } else { writer.null() }
    }
    writer.endArray()
    return Base64.encode(writer.bytes).filter { $0 != UInt8(ascii: "=") }.map { byte in
      switch byte {
      case UInt8(ascii: "+"): UInt8(ascii: "-")
      case UInt8(ascii: "/"): UInt8(ascii: "_")
      default: byte
      }
    }.text
  }

  /// What is known about a submission.
  struct Subject {
    /// With version, sequencer, and the entity tag of what was there when it was submitted, as far as they are known.
    var object: S3ObjectReference?
    var inferenceID: String?
    /// Whether a part of the output's path is an extension of this function.
    var isTraced = false
  }

  /// - Parameters:
  ///   - output: the reply, or the error reply.
  ///   - input: the object in SNS's message.
  static func subject(
    output: S3ObjectReference?, input: S3ObjectReference?, inferenceID: String?
  ) -> Subject {
    var subject = Subject(object: input, inferenceID: inferenceID)
    guard let parts = output.flatMap(parts) else {
      if let input, let inferenceID {
        subject.object?.sequencer = sequencer(in: inferenceID, of: input)
      }
      return subject
    }
    subject.isTraced = true
    guard parts.count == 5 else {
      subject.inferenceID = parts[0]
      return subject
    }
    if let bucket = parts[0], let key = parts[1] {
      subject.object = S3ObjectReference(bucket: bucket, key: key)
    }
    subject.object?.versionID = parts[2]
    subject.object?.sequencer = parts[3]
    subject.object?.eTag = parts[4]
    return subject
  }

  /// Nil when the ID is not that of an event about this object without a version.
  private static func sequencer(in inferenceID: String, of object: S3ObjectReference) -> String? {
    let suffix = "-" + hash(of: object)
    guard inferenceID.hasSuffix(suffix) else { return nil }
    let order = inferenceID.dropLast(suffix.count)
    return isSequencer(order) ? String(order) : nil
  }

  /// The parts in the path of an output, or nil.
  private static func parts(of output: S3ObjectReference) -> [String?]? {
    for component in output.key.utf8.split(separator: UInt8(ascii: "/")).reversed() {
      guard let text = decoded(component),
        let list = try? JSONValue(parsing: text).arrayValue, list.count == 2 || list.count == 6,
        list[0].int64Value == Int64(version)
      else { continue }
      return list.dropFirst().map(\.stringValue)
    }
    return nil
  }

  private static func decoded(_ component: Substring.UTF8View) -> [UInt8]? {
    var text = component.map { byte in
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

extension Sequence<UInt8> {
  fileprivate var text: String { String(decoding: Array(self), as: UTF8.self) }
}
