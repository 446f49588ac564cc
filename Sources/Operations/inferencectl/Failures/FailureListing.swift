import AWSControl
import FailureQueue
import JSON

/// Failed events as a table and as JSON.
enum FailureListing {
  static func table(_ events: [FailedEvent]) -> Table {
    var table = Table("id", "sent", "function", "condition", "calls", "error", "objects")
    for event in events {
      table.add(
        String(event.messageID.prefix(8)), Text.time(unixMilliseconds: event.sentUnixMilliseconds),
        event.functionARN.flatMap(RedriveTarget.init(arn:))?.description ?? "",
        event.condition ?? event.sender.rawValue, event.invokeCount.map(String.init) ?? "",
        error(event), objects(event))
    }
    return table
  }

  static func json(_ event: FailedEvent) -> OperationInput {
    [
      "id": event.messageID, "sent": Text.time(unixMilliseconds: event.sentUnixMilliseconds),
      "receiveCount": event.receiveCount, "sender": event.sender.rawValue,
      "functionArn": event.functionARN, "requestId": event.requestID,
      "condition": event.condition, "invokeCount": event.invokeCount,
      "errorType": event.errorType, "errorMessage": event.errorMessage, "objects": event.objects,
    ]
  }

  static func fullJSON(_ event: FailedEvent) -> JSONValue {
    var object = json(event).object
    let payload = event.event.flatMap { try? JSONValue(parsing: $0) }
    object.set("event", to: payload ?? .null)
    if case .upload(let bytes) = event.payload, let upload = try? JSONValue(parsing: bytes) {
      object.set("redriveEvent", to: upload)
    }
    return .object(object)
  }

  /// `rex.jpg` of one, `rex.jpg and 2 more` of several.
  private static func objects(_ event: FailedEvent) -> String {
    guard let first = event.objects.first else { return "" }
    return event.objects.count == 1 ? first : "\(first) and \(event.objects.count - 1) more"
  }

  private static func error(_ event: FailedEvent) -> String {
    let words = [event.errorType, event.errorMessage].compactMap { $0 }.joined(separator: ": ")
    let line = words.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    return line.count > 60 ? line.prefix(59) + "…" : line
  }
}
