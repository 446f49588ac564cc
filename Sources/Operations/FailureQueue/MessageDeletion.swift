import AWSControl

/// Deletes messages for good, for events that need no second attempt.
package struct MessageDeletion {
  private let queue: FailureQueueClient
  private var held = HeldMessages()
  /// The messages to delete, one for each id.
  package private(set) var events: [FailedEvent] = []

  /// Receives messages until each id is found, which hides them for ten minutes; `end` makes visible
  /// again what is not deleted.
  ///
  /// - Parameter ids: ids or their beginnings.
  /// - Throws: `Refusal` when an id is not found or not unique; all are visible again then.
  package init(
    ids: [String], from queue: FailureQueueClient, isInterrupted: () -> Bool
  ) throws {
    self.queue = queue
    do {
      try find(ids, isInterrupted)
    } catch {
      end()
      throw error
    }
  }

  private mutating func find(_ ids: [String], _ isInterrupted: () -> Bool) throws {
    var found: [FailedEvent] = []
    // The whole queue, since a beginning may fit a second message.
    while true {
      if isInterrupted() { throw Interrupted(activity: "the messages of the queue") }
      let batch = try queue.receive(maximum: 10, visibilityTimeoutSeconds: 600)
      let fresh = batch.filter { held.add($0) }
      if fresh.isEmpty { break }
      found += fresh
    }
    for id in ids {
      let fitting = found.filter { $0.messageID.hasPrefix(id) }
      guard let event = fitting.first else {
        throw Refusal(
          "No visible message has an id that begins with \(id). Nothing was deleted",
          advice: "To list the ids, use `failures list`")
      }
      guard fitting.count == 1 else {
        throw Refusal(
          "Several ids begin with \(id). Nothing was deleted",
          advice: "Use more characters of the id")
      }
      if !events.contains(where: { $0.messageID == event.messageID }) { events.append(event) }
    }
  }

  /// Deletes the messages.
  ///
  /// - Parameter onDeleted: receives each one afterwards.
  /// - Throws: `AWSError`; the rest stays in the queue.
  package mutating func run(onDeleted: (FailedEvent) -> Void) throws {
    for event in events {
      let operation = DeleteMessage(queueURL: queue.queueURL, receiptHandle: event.receiptHandle)
      if try queue.client.write(operation) != nil {
        held.remove(event)
        onDeleted(event)
      }
    }
  }

  /// Makes visible again what was not deleted.
  package mutating func end() {
    queue.giveBack(held)
    held = HeldMessages()
  }
}
