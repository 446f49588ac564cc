import LambdaEvents

/// The images that an event is about, as the function itself would read them.
enum EventObjects {
  /// `s3://BUCKET/KEY`, with `?versionId=` where the event tells a version; what cannot be read is left out.
  static func names(_ event: [UInt8]) -> [String] {
    guard let event = try? LambdaEvent.decode(event, defaultBucket: nil) else { return [] }
    switch event {
    case .s3(let outcomes): return names(outcomes)
    case .sqs(let messages):
      return messages.flatMap { message -> [String] in
        guard case .success(.records(let outcomes)) = message.contents else { return [] }
        return names(outcomes)
      }
    case .s3Batch(let invocation):
      return invocation.tasks.compactMap { try? name($0.object.get()) }
    case .console(let request): return [name(request.location)]
    case .http(let request):
      guard case .success(.reference(let request)) = request.content else { return [] }
      return [name(request.location)]
    case .s3Test: return []
    }
  }

  private static func names(_ outcomes: [S3Record.Outcome]) -> [String] {
    outcomes.compactMap { try? name($0.get().object) }
  }

  private static func name(_ location: ImageLocation) -> String {
    switch location {
    case .object(let object): name(object)
    // What follows the path may be a signature, which is as good as a key.
    case .url(let url): String(url.prefix { $0 != "?" })
    }
  }

  private static func name(_ object: S3ObjectReference) -> String {
    "s3://\(object.bucket)/\(object.key)" + (object.versionID.map { "?versionId=\($0)" } ?? "")
  }
}
