import AWSClient
import JSON
import LambdaEvents

/// Images that the container fetches by itself.
extension ImageTask {
  /// Good for 15 minutes, longer than any endpoint takes to read it, or for the credentials' life where
  /// that is known and shorter.
  func presignedURL(for object: S3ObjectReference) -> String {
    tools.s3.presignedGetURL(
      bucket: object.bucket, key: object.key, versionID: object.versionID,
      expiresInSeconds: min(900, context.credentialsSecondsLeft(on: tools.clock)), in: context)
      ?? source.name
  }

  /// The tutorial's container reads an image by itself when it gets its URL.
  func forward(_ url: String, _ completion: @escaping Completion) {
    guard tools.configuration.requestFormat.body == .image else {
      return fail(
        "Image.ForbiddenURL",
        "a URL cannot be sent with ENDPOINT_REQUEST=\(tools.configuration.requestFormat.body.rawValue), which sends the bytes of images",
        400, completion)
    }
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("url")
    writer.string(url)
    writer.endObject()
    classify(writer.bytes, "application/json", completion)
  }
}
