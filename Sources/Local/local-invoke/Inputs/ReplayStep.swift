import ArgumentParser
import Foundation
import JSON
import LoopbackServer

/// One invocation of a replay.
enum ReplayStep {
  case event(path: String, bytes: [UInt8])
  /// Photographs of one event.
  case photographs([Photograph])

  /// SQS's batch size in the template (`QueueBatchSize`).
  private static let messagesPerEvent = 10

  /// Groups photographs as the service does: SQS sends several messages in one event, all others one object.
  static func steps(of inputs: [ReplayInput], from source: EventSource) -> [ReplayStep] {
    var steps: [ReplayStep] = []
    for input in inputs {
      switch (input, steps.last) {
      case (.event(let path, let bytes), _): steps.append(.event(path: path, bytes: bytes))
      case (.photograph(let photograph), .photographs(let others)?)
      where source == .sqs && others.count < messagesPerEvent:
        steps[steps.count - 1] = .photographs(others + [photograph])
      case (.photograph(let photograph), _): steps.append(.photographs([photograph]))
      }
    }
    return steps
  }

  /// The event; photographs are uploaded first.
  func event(from source: EventSource, _ services: LocalServices) throws -> [UInt8] {
    switch self {
    case .event(_, let bytes): return bytes
    case .photographs(let photographs):
      let events = try photographs.map { try Self.event(of: $0, from: source, services) }
      return events.count == 1 ? events[0] : Self.joined(events)
    }
  }

  private static func event(
    of photograph: Photograph, from source: EventSource, _ services: LocalServices
  ) throws -> [UInt8] {
    let bytes = try photograph.bytes()
    guard source.refersToObject else {
      let request = ReceivedHTTPRequest(
        method: "POST", target: "/",
        headers: [
          (name: "Content-Type", value: photograph.mediaType),
          (name: "Content-Length", value: String(bytes.count)),
          (name: "User-Agent", value: "local-invoke"), (name: "Accept", value: "*/*"),
        ], body: bytes)
      return FunctionURLEvent.event(of: request, region: services.region, time: Date())
    }
    do {
      let object = try services.upload(
        bytes, name: photograph.name, contentType: photograph.mediaType, keepsFolder: true)
      return UploadEvent(region: services.region, time: Date()).event(from: source, of: object)
    } catch let error as PageError {
      throw ValidationError("\(photograph.path): \(error.message)")
    }
  }

  /// The messages of several events in one.
  private static func joined(_ events: [[UInt8]]) -> [UInt8] {
    let records = events.flatMap { event in
      (try? JSONValue(parsing: event))?["Records"]?.arrayValue ?? []
    }
    return JSONValue.object(["Records": .array(records)]).serialized()
  }
}
