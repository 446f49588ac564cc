import LambdaEvents

/// Where the bytes of one image come from.
enum ImageSource {
  case object(S3ObjectReference)
  /// The container fetches it.
  case url(String)
  /// It came with the HTTP request itself.
  case upload(bytes: [UInt8], mediaType: String)

  init(_ location: ImageLocation) {
    switch location {
    case .object(let object): self = .object(object)
    case .url(let url): self = .url(url)
    }
  }

  /// `s3://bucket/key`, the URL, or words.
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
