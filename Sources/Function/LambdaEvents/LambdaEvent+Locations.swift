extension LambdaEvent {
  /// The images that the event names, in order, for the tools around the function; unreadable records are left out.
  public var locations: [ImageLocation] {
    switch self {
    case .s3(let outcomes): return Self.locations(outcomes)
    case .sqs(let messages):
      return messages.flatMap { message -> [ImageLocation] in
        guard case .success(.records(let outcomes)) = message.contents else { return [] }
        return Self.locations(outcomes)
      }
    case .s3Batch(let invocation):
      return invocation.tasks.compactMap { (try? $0.object.get()).map(ImageLocation.object) }
    case .console(let request): return [request.location]
    case .http(let request):
      guard case .success(.reference(let request)) = request.content else { return [] }
      return [request.location]
    default: return []
    }
  }

  private static func locations(_ outcomes: [S3Record.Outcome]) -> [ImageLocation] {
    outcomes.compactMap { (try? $0.get()).map { ImageLocation.object($0.object) } }
  }
}
