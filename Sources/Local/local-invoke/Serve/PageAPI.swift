import Foundation
import JSON
import LocalAWS
import LoopbackServer
import Platform

/// The calls of the page.
struct PageAPI: Sendable {
  struct Reply {
    let type: String
    let body: [UInt8]

    static func json(_ value: JSONValue) -> Reply {
      Reply(type: "application/json", body: value.serialized())
    }
  }

  let session: InvocationSession
  let state: PageState
  let events: EventFiles
  private var services: LocalServices { session.services }

  static func tooLarge(_ bytes: Int) -> String {
    "The event has \(bytes) bytes, a photograph in it as base64; Lambda accepts at most \(Replay.maximumEventBytes)."
  }

  /// Nil if the client has gone.
  func answer(
    _ name: String, _ request: ReceivedHTTPRequest, _ connection: LoopbackConnection
  ) throws -> Reply? {
    let query = Query(request.query)
    switch (request.method, name) {
    case ("GET", "state"): return .json(state.json)
    case ("GET", "account"): return .json(["text": .string(state.accountText)])
    case ("GET", "event"): return try event(query["name"])
    case ("GET", "object"): return try object(query["bucket"], query["key"])
    case ("GET", "news"): return try news(after: query.number("after"), connection)
    case ("GET", "invocation"):
      guard let record = session.history[query.number("number")] else {
        throw PageError(404, "This invocation is no longer kept.")
      }
      return .json(record.detail)
    case ("POST", "invoke"): return .json(try invoke(request.body, by: .page).detail)
    case ("POST", "photograph"): return .json(try photograph(request, query).detail)
    case ("POST", "restart"):
      session.startNewEnvironment()
      return .json(state.json)
    case ("PUT", "settings"):
      try change(request.body)
      return .json(state.json)
    default: throw PageError(404, "There is no call \(request.method) \(name).")
    }
  }

  // MARK: Reading

  private func event(_ name: String?) throws -> Reply {
    guard let text = name.flatMap(events.read) else {
      throw PageError(404, "There is no such file of an event.")
    }
    return Reply(type: "text/plain; charset=utf-8", body: text)
  }

  private func object(_ bucket: String?, _ key: String?) throws -> Reply {
    guard let bucket, let key, let bytes = services.object(bucket: bucket, key: key) else {
      throw PageError(404, "There is no such object on this machine.")
    }
    return Reply(type: ImageBytes.mediaType(of: bytes) ?? "application/octet-stream", body: bytes)
  }

  private func news(after number: Int, _ connection: LoopbackConnection) throws -> Reply? {
    guard try session.history.wait(after: number, for: connection) else { return nil }
    return .json([
      "invocations": .array(session.history.records(after: number).map(\.summary)),
      "isWarm": .bool(session.isWarm),
    ])
  }

  // MARK: Invoking

  private func invoke(
    _ event: [UInt8], by trigger: InvocationRecord.Trigger
  ) throws -> InvocationRecord {
    guard event.count <= Replay.maximumEventBytes else {
      throw PageError(413, Self.tooLarge(event.count))
    }
    do {
      _ = try JSONValue(parsing: event)
    } catch {
      throw PageError(400, "Lambda accepts only JSON as an event: \(error)")
    }
    return session.invoke(event, by: trigger)
  }

  private func photograph(
    _ request: ReceivedHTTPRequest, _ query: Query
  ) throws -> InvocationRecord {
    guard !request.body.isEmpty else { throw PageError(400, "The file is empty.") }
    guard let source = query["as"].flatMap(EventSource.init), state.sources.contains(source) else {
      throw PageError(400, "Choose how the photograph is delivered.")
    }
    let type = ImageBytes.mediaType(of: request.body) ?? "application/octet-stream"
    guard source.refersToObject else {
      let post = ReceivedHTTPRequest(
        method: "POST", target: "/",
        headers: [
          (name: "content-type", value: type), (name: "accept", value: "application/json"),
          (name: "content-length", value: String(request.body.count)),
        ], body: request.body)
      let event = FunctionURLEvent.event(of: post, region: services.region, time: Date())
      return try invoke(event, by: .page)
    }
    let object = try services.upload(
      request.body, name: query["name"] ?? "", contentType: type)
    let maker = UploadEvent(region: services.region, time: Date())
    return try invoke(maker.event(from: source, of: object), by: .page)
  }

  // MARK: Settings

  /// `{"variables": {NAME: VALUE}, "fault": NAME | null, "isFirstCallOnly": true | false}`
  private func change(_ body: [UInt8]) throws {
    guard let settings = try? JSONValue(parsing: body) else {
      throw PageError(400, "The settings are not JSON.")
    }
    var variables: [String: String] = [:]
    for (name, value) in settings["variables"]?.objectValue?.members ?? [] {
      variables[name] = value.stringValue ?? ""
    }
    try session.change(variables)
    guard let name = settings["fault"]?.stringValue else {
      services.calls.fault = nil
      return
    }
    guard services.isLocal, let fault = ServiceFault(rawValue: name) else {
      throw PageError(400, "There is no such fault, or the services are those of AWS.")
    }
    services.calls.fault = CallRecorder.ChosenFault(
      fault: fault, isFirstCallOnly: settings["isFirstCallOnly"]?.boolValue ?? false)
  }
}

/// The parameters of a query, decoded.
private struct Query {
  private let values: [String: String]

  init(_ text: String) {
    values = text.split(separator: "&").reduce(into: [:]) { values, pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { return }
      values[String(parts[0])] = String(parts[1]).removingPercentEncoding
    }
  }

  subscript(name: String) -> String? { values[name] }

  func number(_ name: String) -> Int { values[name].flatMap { Int($0) } ?? 0 }
}
