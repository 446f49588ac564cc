import JSON
import LambdaEvents
import Platform

/// The source of one image.
///
/// Indirect, because it is passed on in every result, and copying its strings takes code.
indirect enum ImageSource {
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
    case .object(let object): object.url
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
    switch self {
    case .object(let object):
      Self.write("bucket", object.bucket, to: &writer)
      Self.write("key", object.key, to: &writer)
      Self.write("versionId", versionID ?? object.versionID, to: &writer)
      Self.write("eTag", eTag ?? object.eTag, to: &writer)
      Self.write("sequencer", object.sequencer, to: &writer)
    case .url(let url): Self.write("url", url, to: &writer)
    case .upload(_, let mediaType): Self.write("contentType", mediaType, to: &writer)
    case .inference(let report): Self.write("inferenceId", report.inferenceID, to: &writer)
    }
    if isOverwritten {
      writer.key("overwritten")
      writer.bool(true)
    }
    writer.endObject()
  }

  private static func write(_ name: String, _ value: String?, to writer: inout JSONWriter) {
    guard let value else { return }
    writer.key(name)
    writer.string(value)
  }
}

extension S3ObjectReference {
  /// `s3://BUCKET/KEY`, not percent-encoded.
  var url: String { String(joining: "s3://", bucket, "/", key) }

  /// Whether an object of this size is what the console makes for a folder, and no image.
  func isFolder(sizeBytes: Int64?) -> Bool { sizeBytes == 0 && key.utf8.last == UInt8(ascii: "/") }
}

extension String {
  /// An entity tag of a response as events have it. By bytes: by characters, it takes ten times as long.
  var withoutQuotes: String {
    String(decoding: utf8.filter { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
  }
}
