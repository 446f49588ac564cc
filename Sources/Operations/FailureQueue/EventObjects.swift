import LambdaEvents

/// The images of an event, decoded as the function does.
enum EventObjects {
  /// `s3://BUCKET/KEY`, with `?versionId=` for a versioned object; unreadable records are left out.
  static func names(_ event: [UInt8]) -> [String] {
    guard let event = try? LambdaEvent.decode(event, defaultBucket: nil) else { return [] }
    switch event {
    case .s3(let outcomes): return names(outcomes)
    case .sqs(let messages):
      return messages.flatMap { message -> [String] in
        switch message.contents {
        case .success(.records(let outcomes)): names(outcomes)
        case .success(.inference(let notification)): names([.success(notification)])
        case .success(.test), .success(.inferenceTest), .failure: []
        }
      }
    case .s3Batch(let invocation):
      return invocation.tasks.compactMap { try? name($0.object.get()) }
    case .console(let request): return [name(request.location)]
    case .http(let request):
      guard case .success(.reference(let request)) = request.content else { return [] }
      return [name(request.location)]
    case .inferences(let outcomes): return names(outcomes)
    case .s3Test: return []
    }
  }

  private static func names(_ outcomes: [S3Record.Outcome]) -> [String] {
    outcomes.compactMap { try? name($0.get().object) }
  }

  /// The inputs.
  private static func names(_ outcomes: [SageMakerNotification.Outcome]) -> [String] {
    outcomes.compactMap { try? $0.get().inputLocation }
  }

  private static func name(_ location: ImageLocation) -> String {
    switch location {
    case .object(let object): name(object)
    // The query may hold a signature, which is a secret.
    case .url(let url): String(url.prefix { $0 != "?" })
    }
  }

  private static func name(_ object: S3ObjectReference) -> String {
    "s3://\(object.bucket)/\(object.key)" + (object.versionID.map { "?versionId=\($0)" } ?? "")
  }
}
