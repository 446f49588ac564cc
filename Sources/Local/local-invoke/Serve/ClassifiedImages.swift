import Foundation
import JSON

/// The images of an invocation with their classes: from the answer, otherwise from the stored results, otherwise only
/// those that the function read.
struct ClassifiedImages {
  private let results: [JSONValue]
  private let event: [UInt8]
  private let calls: [RecordedCall]

  init(_ record: InvocationRecord) {
    event = record.event
    calls = record.calls
    let answered = Self.answeredResults(record.invocation.outcome.payload)
    let stored = record.calls.filter { $0.status == 200 }
      .compactMap { $0.upload.flatMap { try? JSONValue(parsing: $0) } }
      .filter { $0["probabilities"] != nil }
    results = answered.isEmpty ? stored : answered
  }

  /// The class of the first image, with its probability.
  var best: String? {
    guard let first = results.first, let name = first["class"]?.stringValue else { return nil }
    guard let probability = first["probability"]?.doubleValue else { return name }
    return "\(name) \(String(format: "%.1f", probability * 100)) %"
  }

  /// `[{"name", "bucket"?, "key"?, "classes": [{"class", "probability"}]}]`
  var json: JSONValue {
    var images = results.map { result -> JSONObject in
      let source = result["source"]
      var image: JSONObject = ["classes": result["probabilities"] ?? .array([])]
      if let text = source?["url"]?.stringValue { image.set("name", to: .string(text)) }
      for name in ["bucket", "key"] {
        if let text = source?[name]?.stringValue { image.set(name, to: .string(text)) }
      }
      if image["classes"]?.arrayValue?.isEmpty != false, let name = result["class"] {
        image.set("classes", to: [["class": name]])
      }
      return image
    }
    for call in calls where isImage(call) {
      let isListed = images.contains {
        $0["bucket"]?.stringValue == call.bucket && $0["key"]?.stringValue == call.key
      }
      guard !isListed, let bucket = call.bucket, let key = call.key else { continue }
      images.append(["bucket": .string(bucket), "key": .string(key), "classes": []])
    }
    return .array(images.map { .object($0) })
  }

  /// Before the function replaces a stored result, it reads it; that is not an image.
  private func isImage(_ call: RecordedCall) -> Bool {
    call.operation == "GetObject"
      && !calls.contains { $0.operation == "PutObject" && $0.resource == call.resource }
  }

  private static func answeredResults(_ payload: [UInt8]) -> [JSONValue] {
    guard let answer = try? JSONValue(parsing: payload), let body = ProxyBody.decode(answer) else {
      return []
    }
    return (try? JSONValue(parsing: body))?["results"]?.arrayValue ?? []
  }
}
