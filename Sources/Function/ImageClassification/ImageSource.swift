import JSON
import LambdaEvents

/// The source of one image.
enum ImageSource {
  case object(S3ObjectReference)
  /// Fetched by the container, not by the function.
  case url(String)
  /// Sent in the HTTP request.
  case upload(bytes: [UInt8], mediaType: String)
  /// An image that was submitted earlier.
  case inference(InferenceReport)

  init(_ location: ImageLocation) {
    switch location {
    case .object(let object): self = .object(object)
    case .url(let url): self = .url(url)
    }
  }

  /// For messages: `s3://bucket/key`, the URL, or a description.
  var name: String {
    switch self {
    case .object(let object): "s3://\(object.bucket)/\(object.key)"
    case .url(let url): url
    case .upload: "the request's image"
    case .inference(let report): report.name
    }
  }

  /// Writes what identifies the image, as an object.
  func write(
    to writer: inout JSONWriter, versionID: String?, eTag: String?, isOverwritten: Bool = false
  ) {
    writer.beginObject()
    let members: [(String, String?)] =
      switch self {
      case .object(let object):
        [
          ("bucket", object.bucket), ("key", object.key),
          ("versionId", versionID ?? object.versionID), ("eTag", eTag ?? object.eTag),
          ("sequencer", object.sequencer),
        ]
      case .url(let url): [("url", url)]
      case .upload(_, let mediaType): [("contentType", mediaType)]
      case .inference(let report): [("inferenceId", report.inferenceID)]
      }
    for (name, value) in members {
      guard let value else { continue }
      writer.key(name)
      writer.string(value)
    }
    if isOverwritten {
      writer.key("overwritten")
      writer.bool(true)
    }
    writer.endObject()
  }
}

extension S3ObjectReference {
  /// Whether an object of this size is what the console makes for a folder, and no image.
  func isFolder(sizeBytes: Int64?) -> Bool { sizeBytes == 0 && key.utf8.last == UInt8(ascii: "/") }
}
