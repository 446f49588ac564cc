import JSON

/// A queue's `RedrivePolicy`: `{"deadLetterTargetArn": …, "maxReceiveCount": "5"}`, the number with
/// or without quotes.
enum RedrivePolicy {
  static func maximumReceives(_ text: String) -> Int? {
    let count = (try? JSONValue(parsing: text))?["maxReceiveCount"]
    return count?.stringValue.flatMap { Int($0) } ?? count?.int64Value.map { Int(clamping: $0) }
  }
}
