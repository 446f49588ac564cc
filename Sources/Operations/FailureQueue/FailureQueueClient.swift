import AWSControl

/// A failure queue: takes messages out of sight and gives them back.
///
/// SQS has no way of looking at messages without receiving them. What was received and neither deleted nor
/// given back returns by itself after the visibility timeout, so that nothing is lost whatever happens here.
package struct FailureQueueClient {
  /// How many messages there are, roughly.
  package struct Counts: Sendable, Equatable {
    /// Ready to be received.
    package let visible: Int
    /// Received by somebody and neither deleted nor given back yet.
    package let inFlight: Int
    /// After so many receives SQS moves a message to a queue behind this one; nil when it never does.
    package let maximumReceives: Int?
  }

  /// The queue.
  package let queueURL: String
  let client: ControlClient
  private let onTrouble: (String) -> Void

  /// A queue.
  ///
  /// - Parameter onTrouble: told, in a sentence, when messages could not be given back.
  package init(
    queueURL: String, with client: ControlClient, onTrouble: @escaping (String) -> Void = { _ in }
  ) {
    self.queueURL = queueURL
    self.client = client
    self.onTrouble = onTrouble
  }

  /// Reads the counts.
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

  /// Up to `maximum` messages, all given back before this returns.
  ///
  /// - Parameters:
  ///   - maximum: 1 or more.
  ///   - isWanted: looks at each message; the reading ends when it has said yes `maximum` times.
  ///   - isInterrupted: asked between two calls; then what was found so far is returned.
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

  /// A look at all of the queue's servers: empty only when there is nothing to receive.
  func receive(maximum: Int, visibilityTimeoutSeconds: Int) throws -> [FailedEvent] {
    try client.read(
      ReceiveMessage(
        queueURL: queueURL, maximumMessages: maximum,
        visibilityTimeoutSeconds: visibilityTimeoutSeconds, waitSeconds: 1)
    ).messages.map(FailedEvent.init)
  }

  /// Makes messages visible again at once.
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
        "Messages that were looked at stay out of sight for some minutes, then they come back: \(error)"
      )
    }
  }
}

/// Messages that were received and have to be given back, each with its latest receipt.
struct HeldMessages {
  private var receipts: [String: String] = [:]

  /// Whether it is the first receive of this message.
  mutating func add(_ message: FailedEvent) -> Bool {
    receipts.updateValue(message.receiptHandle, forKey: message.messageID) == nil
  }

  /// It was deleted.
  mutating func remove(_ message: FailedEvent) { receipts[message.messageID] = nil }

  var receiptHandles: [String] { receipts.sorted { $0.key < $1.key }.map(\.value) }
}
