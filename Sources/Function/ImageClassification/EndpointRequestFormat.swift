import JSON
import Platform

/// The body and content type of a request for an image (`ENDPOINT_REQUEST`).
struct EndpointRequestFormat {
  /// The form of the body.
  enum Body: String, CaseIterable {
    /// The image itself.
    case image
    /// `{"instances": [{"b64": "…"}]}` for a TensorFlow Serving model that decodes images.
    case tensorFlow = "tensorflow-b64"
    /// The image as the one input of a Triton model, without a JSON header.
    case triton = "triton-binary"
  }

  let body: Body
  /// The type of every image (`ENDPOINT_CONTENT_TYPE`); nil sends the image's own.
  let contentType: String?
  /// Types in place of an image's own (`IMAGE_TYPE_MAP`).
  let types: [String: String]

  init(environment: Environment, contentType: String?) throws(ConfigurationError) {
    body = try Self.body(environment["ENDPOINT_REQUEST"])
    self.contentType = contentType
    types = try Self.types(environment["IMAGE_TYPE_MAP"])
  }

  private static func body(_ name: String?) throws(ConfigurationError) -> Body {
    guard let name else { return .image }
    guard let body = Body(rawValue: name) else {
      throw ConfigurationError(
        variable: "ENDPOINT_REQUEST",
        problem: "is \(name); allowed are \(Body.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return body
  }

  /// An image that common containers cannot decode.
  struct Unreadable: Error {
    let message: String
  }

  /// Whether the body is the image as it is.
  var sendsImage: Bool { body != .tensorFlow }

  /// The body and the content type of a request.
  ///
  /// - Parameter declaredType: the client's content type, used if the format is unknown.
  func request(
    for image: [UInt8], declaredType: String?
  ) throws(Unreadable) -> (body: [UInt8], contentType: String) {
    let type = try type(forImage: image, declaredType: declaredType)
    return (body == .tensorFlow ? Self.instances(image) : image, type)
  }

  /// The content type of a request.
  ///
  /// - Parameter image: its first 16 bytes suffice.
  func type(forImage image: [UInt8], declaredType: String?) throws(Unreadable) -> String {
    let type = try contentType(of: image, declaredType)
    switch body {
    case .image: return type
    case .tensorFlow: return contentType ?? "application/json"
    case .triton:
      // The header has no bytes: the whole body is the one input.
      return contentType ?? "\(TritonBinaryReply.mediaType);json-header-size=0"
    }
  }

  private func contentType(
    of image: [UInt8], _ declaredType: String?
  ) throws(Unreadable) -> String {
    let known = ImageFormat.mediaType(of: image)
    if !types.isEmpty, let known, let mapped = types[known] { return mapped }
    if let known, known == "image/heic" || known == "image/avif" {
      throw Unreadable(
        message:
          "the image is \(known == "image/heic" ? "HEIC" : "AVIF"), which common containers cannot decode: convert it to JPEG or PNG "
          + "(iPhone: Settings > Camera > Formats > Most Compatible). IMAGE_TYPE_MAP=\(known)=\(known) sends it unchanged"
      )
    }
    let declaredType = declaredType == "application/octet-stream" ? nil : declaredType
    return contentType ?? known ?? declaredType ?? ImageFormat.unknownType
  }

  private static func instances(_ image: [UInt8]) -> [UInt8] {
    let (start, end) = (Array(#"{"instances":[{"b64":""#.utf8), Array(#""}]}"#.utf8))
    return start + Base64.encode(image) + end
  }

  /// Pairs as in `image/webp=image/x-image,image/heic=image/heic`.
  private static func types(_ text: String?) throws(ConfigurationError) -> [String: String] {
    var types: [String: String] = [:]
    for pair in (text ?? "").utf8.split(separator: UInt8(ascii: ",")) {
      let sides = pair.split(separator: UInt8(ascii: "="), maxSplits: 1)
        .map { String(Substring($0.drop { $0 == UInt8(ascii: " ") })) }
      guard sides.count == 2, sides.allSatisfy(isMediaType) else {
        throw ConfigurationError(
          variable: "IMAGE_TYPE_MAP",
          problem:
            "must be pairs of media types, for example image/webp=image/x-image,image/gif=image/x-image"
        )
      }
      types[sides[0].lowercased()] = sides[1]
    }
    return types
  }

  private static func isMediaType(_ text: String) -> Bool {
    text.utf8.contains(UInt8(ascii: "/")) && text.utf8.count <= 256
      && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }
}
