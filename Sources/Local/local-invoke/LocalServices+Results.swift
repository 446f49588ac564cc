import RuntimeEmulator

/// The results of the function, which come later with an asynchronous endpoint.
extension LocalServices {
  /// Prints the stored results, always or if the endpoint is asynchronous, and how a serverless
  /// endpoint served its requests.
  func printResults(always: Bool, _ console: Console) {
    if let summary = endpointSummary { console.note(summary) }
    guard always || notifications != nil else { return }
    console.note(StoredResults.text(of: takeStoredObjects()))
  }

  /// Delivers the notifications of an asynchronous endpoint when its requests have ended.
  /// - Parameter invoke: invokes the function, and returns whether it succeeded.
  /// - Returns: the number of failed invocations.
  func deliverResults(
    _ interruption: Interruption, _ console: Console, _ invoke: (InvocationRequest) -> Bool
  ) -> Int {
    var failureCount = 0
    for delivery in takeNotifications() {
      interruption.checkpoint()
      console.note(delivery.note)
      guard let event = delivery.event else { continue }
      if !invoke(InvocationRequest(event: event)) { failureCount += 1 }
    }
    return failureCount
  }
}
