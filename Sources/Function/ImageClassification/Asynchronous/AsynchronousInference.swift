import LambdaEvents
import Platform

/// The configuration that only asynchronous endpoints have.
final class AsynchronousInference {
  /// Where the endpoint stores the container's replies (`ASYNC_OUTPUT_PATH`); nil where it is not known.
  private let output: S3Prefix?
  /// The same of error replies (`ASYNC_FAILURE_PATH`).
  private let failure: S3Prefix?
  private let images: S3Prefix?
  let requestTTLSeconds: Int?
  let invocationTimeoutSeconds: Int?

  /// - Throws: `ConfigurationError` when two of the locations of images, results, outputs, and failures overlap: what
  ///   is stored in one would be taken for something else, and an output for an image, without end.
  init(
    environment: Environment, results: ResultLocation?
  ) throws(ConfigurationError) {
    output = try S3Prefix(variable: "ASYNC_OUTPUT_PATH", environment)
    failure = try S3Prefix(variable: "ASYNC_FAILURE_PATH", environment)
    images = S3Prefix(imagesOf: environment)
    requestTTLSeconds = try environment.integer("ASYNC_REQUEST_TTL_SECONDS", in: 60...21_600)
    invocationTimeoutSeconds = try environment.integer(
      "ASYNC_INVOCATION_TIMEOUT_SECONDS", in: 1...3_600)
    let others = [
      (name: "the images", place: images), (name: "the results", place: results?.place),
    ]
    try Self.check("ASYNC_OUTPUT_PATH", output, others + [(name: "failures", place: failure)])
    try Self.check("ASYNC_FAILURE_PATH", failure, others)
  }

  private static func check(
    _ variable: String, _ place: S3Prefix?, _ others: [(name: String, place: S3Prefix?)]
  ) throws(ConfigurationError) {
    for (name, other) in others {
      guard let place, let other, place.overlaps(other) else { continue }
      throw ConfigurationError(
        variable: variable,
        problem:
          "is \(place.url), which overlaps the location of \(name), \(other.url), so that what the "
          + "endpoint writes would be taken for something else. Use another bucket or separate prefixes"
      )
    }
  }

  /// Whether an endpoint wrote an object, which is therefore never submitted: also without the paths, by the name that
  /// SageMaker gives to all outputs, so that a wrong trigger cannot submit outputs for ever.
  func isOutput(_ object: S3ObjectReference) -> Bool {
    output?.contains(object) == true || failure?.contains(object) == true
      || object.key.hasSuffix(".out")
  }

  /// Of an output: whether it is an error reply.
  func isFailure(_ object: S3ObjectReference) -> Bool {
    failure?.contains(object) == true || object.key.hasSuffix("-error.out")
  }

  /// Why an answer of the endpoint must not be accepted, or nil.
  ///
  /// - Parameter locations: where it will store the reply.
  func problem(withOutputs locations: [String?]) -> String? {
    guard let images else { return nil }
    for location in locations {
      guard let location, let object = S3ObjectReference(location: location),
        images.contains(object)
      else { continue }
      return
        "the endpoint stores replies in \(location), under the location of the images, \(images.url), so that each "
        + "reply would invoke the function again. Give the endpoint another output or failure path"
    }
    return nil
  }

  /// Why an object cannot be named in a request, or nil. Its key is sent as it is, in a header.
  static func problem(withLocation location: String, limit: Int) -> String? {
    if location.utf8.count > limit {
      return
        "its location has \(location.utf8.count) bytes; InvokeEndpointAsync accepts at most \(limit). "
        + "Shorten the object's key"
    }
    let isSendable =
      location.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } && location.utf8.last != 0x20
    return isSendable
      ? nil
      : "its key has a control character or ends with a space, which InvokeEndpointAsync cannot send in a header. "
        + "Rename the object"
  }
}
