import Foundation
import JSON

/// One invocation of the session, as the page shows it.
struct InvocationRecord: Sendable {
  /// Who invoked the function.
  enum Trigger: String, Sendable {
    case page, invoke, functionURL
  }

  /// From 1, without gaps.
  var number = 0
  let time: Date
  let trigger: Trigger
  let event: [UInt8]
  let invocation: HostedInvocation
  let calls: [RecordedCall]
  let fault: CallRecorder.ChosenFault?
  /// The settings that were changed on the page.
  let changedVariables: [String: String]

  /// The bytes that count for the limit of the history.
  var size: Int {
    event.count + invocation.outcome.payload.count + (invocation.outcome.log?.count ?? 0)
      + calls.reduce(0) { $0 + ($1.upload?.count ?? 0) }
  }

  /// For the list of the history.
  var summary: JSONValue { .object(summaryObject) }

  private var summaryObject: JSONObject {
    let outcome = invocation.outcome
    let report = invocation.report
    let answer = Answer(outcome)
    var object: JSONObject = [
      "number": .init(number), "requestId": .string(outcome.requestID),
      "milliseconds": .init(Int(time.timeIntervalSince1970 * 1000)),
      "trigger": .string(trigger.rawValue), "kind": .string(EventKind(event).title),
      "failed": .bool(answer.exitStatus != 0 || FailedItems.isAny(in: outcome.payload)),
      "isCold": .bool(invocation.isColdStart),
      "duration": .init(report.durationMilliseconds),
      "billed": .init(report.billedMilliseconds), "memory": .init(report.maximumMemoryMB),
    ]
    if let type = outcome.errorType { object.set("errorType", to: .string(type)) }
    if let type = Self.answeredError(outcome.payload) { object.set("failure", to: type) }
    if let milliseconds = report.initMilliseconds { object.set("init", to: .init(milliseconds)) }
    if let fault {
      object.set("fault", to: .string(fault.fault.title))
    }
    if let best = ClassifiedImages(self).best { object.set("class", to: .string(best)) }
    return object
  }

  /// The type of the error in the body of an answer.
  private static func answeredError(_ payload: [UInt8]) -> JSONValue? {
    guard let answer = try? JSONValue(parsing: payload), let body = ProxyBody.decode(answer) else {
      return nil
    }
    return (try? JSONValue(parsing: body))?["error"]?["type"]
  }

  /// Everything.
  var detail: JSONValue {
    var object = summaryObject
    object.set("event", to: text(event))
    object.set("answer", to: text(invocation.outcome.payload))
    object.set("log", to: text(invocation.outcome.log ?? []))
    object.set("calls", to: .array(calls.map(json)))
    object.set("images", to: ClassifiedImages(self).json)
    object.set("caller", to: CallerView(self).json)
    object.set("stored", to: .array(calls.compactMap(stored)))
    object.set(
      "variables",
      to: .object(
        changedVariables.sorted { $0.key < $1.key }.reduce(into: [:]) {
          $0.set($1.key, to: .string($1.value))
        }))
    return .object(object)
  }

  private func text(_ bytes: [UInt8]) -> JSONValue {
    .string(String(decoding: bytes, as: UTF8.self))
  }

  /// Times in milliseconds since the function received the event.
  private func json(_ call: RecordedCall) -> JSONValue {
    let since = { (microseconds: Int64) in
      JSONValue(Double(microseconds - invocation.startMicroseconds) / 1000)
    }
    var object: JSONObject = [
      "service": .string(call.service.rawValue), "operation": .string(call.operation),
      "resource": .string(call.resource), "start": since(call.startMicroseconds),
      "requestBytes": .init(call.requestBytes), "responseBytes": .init(call.responseBytes),
      "isInjected": .bool(call.isInjected),
    ]
    if let end = call.endMicroseconds { object.set("end", to: since(end)) }
    if let status = call.status { object.set("status", to: .init(status)) }
    return .object(object)
  }

  private func stored(_ call: RecordedCall) -> JSONValue? {
    guard let upload = call.upload, call.status == 200 else { return nil }
    return ["resource": .string(call.resource), "text": .string(StoredResults.text(of: upload))]
  }
}

extension JSONValue {
  init(_ value: Int) { self = .number(JSONNumber(Int64(value))) }
  /// With three decimals, enough for milliseconds and probabilities of a page.
  init(_ value: Double) { self = .number(JSONNumber((value * 1000).rounded() / 1000)) }
}
