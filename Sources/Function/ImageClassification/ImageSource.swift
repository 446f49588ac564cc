import LambdaEvents

/// The source of one image.
enum ImageSource {
  case object(S3ObjectReference)
  /// Fetched by the container, not by the function.
  case url(String)
  /// Sent in the HTTP request.
  case upload(bytes: [UInt8], mediaType: String)

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
    }
  }
}

extension S3ObjectReference {
  /// Whether an object of this size is what the console makes for a folder, and no image.
  func isFolder(sizeBytes: Int64?) -> Bool { sizeBytes == 0 && key.utf8.last == UInt8(ascii: "/") }
}
