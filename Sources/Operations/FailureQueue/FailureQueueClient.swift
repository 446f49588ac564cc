import AWSControl

/// A failure queue: receives messages and makes them visible again.
///
/// SQS cannot list messages without receiving them. A message that was received and neither deleted
/// nor made visible returns by itself after the visibility timeout, so that none is lost.
package struct FailureQueueClient {
  /// Approximate numbers of messages.
  package struct Counts: Sendable, Equatable {
    package let visible: Int
    /// Received by a consumer and neither deleted nor visible again.
    package let inFlight: Int
    /// Receives after which SQS moves a message to this queue's own dead-letter queue; nil without
    /// one.
    package let maximumReceives: Int?
  }

  package let queueURL: String
  let client: ControlClient
  private let onTrouble: (String) -> Void

  /// A queue.
  ///
  /// - Parameter onTrouble: receives a sentence when messages could not be made visible again.
  package init(
    queueURL: String, with client: ControlClient, onTrouble: @escaping (String) -> Void = { _ in }
  ) {
    self.queueURL = queueURL
    self.client = client
    self.onTrouble = onTrouble
  }

  package func counts() throws -> Counts {
    let attributes = try client.read(
      GetQueueAttributes(
        queueURL: queueURL,
        attributeNames: [
          "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "RedrivePolicy",
        ])
    ).attributes
    return Counts(
      visible: attributes["ApproximateNumberOfMessages"].flatMap { Int($0) } ?? 0,
      inFlight: attributes["ApproximateNumberOfMessagesNotVisible"].flatMap { Int($0) } ?? 0,
      maximumReceives: attributes["RedrivePolicy"].flatMap(RedrivePolicy.maximumReceives))
  }

  /// Reads up to `maximum` messages and makes them visible again before it returns.
  ///
  /// - Parameters:
  ///   - maximum: 1 or more.
  ///   - isWanted: filters the messages; reading ends after `maximum` matches.
  ///   - isInterrupted: checked between calls; true returns what was found so far.
  package func look(
    maximum: Int, isInterrupted: () -> Bool = { false },
    isWanted: (FailedEvent) -> Bool = { _ in true }
  ) throws -> [FailedEvent] {
    var wanted: [FailedEvent] = []
    var held = HeldMessages()
    defer { giveBack(held) }
    while wanted.count < maximum, !isInterrupted() {
      let batch = try receive(maximum: 10, visibilityTimeoutSeconds: 120)
      let fresh = batch.filter { held.add($0) }
      guard !fresh.isEmpty else { break }
      wanted += fresh.filter(isWanted)
    }
    return Array(wanted.prefix(maximum))
  }

  /// A long poll, which queries all of the queue's servers: empty only when there is nothing to
  /// receive.
  func receive(maximum: Int, visibilityTimeoutSeconds: Int) throws -> [FailedEvent] {
    try client.read(
      ReceiveMessage(
        queueURL: queueURL, maximumMessages: maximum,
        visibilityTimeoutSeconds: visibilityTimeoutSeconds, waitSeconds: 1)
    ).messages.map(FailedEvent.init)
  }

  /// Makes messages visible again.
  func giveBack(_ messages: HeldMessages) {
    let handles = messages.receiptHandles
    do {
      for start in stride(from: 0, to: handles.count, by: 10) {
        try client.read(
          ChangeMessageVisibilityBatch(
            queueURL: queueURL, receiptHandles: Array(handles[start...].prefix(10)),
            visibilityTimeoutSeconds: 0))
      }
    } catch {
      onTrouble(
        "Messages that were read stay hidden until their visibility timeout ends: \(error)"
      )
    }
  }
}

/// Received messages that must be made visible again, each with its latest receipt.
struct HeldMessages {
  private var receipts: [String: String] = [:]

  /// Whether it is the first receive of this message.
  mutating func add(_ message: FailedEvent) -> Bool {
    receipts.updateValue(message.receiptHandle, forKey: message.messageID) == nil
  }

  mutating func remove(_ message: FailedEvent) { receipts[message.messageID] = nil }

  var receiptHandles: [String] { receipts.sorted { $0.key < $1.key }.map(\.value) }
}
