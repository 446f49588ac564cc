import Foundation
import JSON
import LoopbackServer
import TestSupport

/// A Lambda with one function on loopback: it holds versions, aliases and concurrency, and refuses
/// what Lambda refuses. CloudWatch and Application Auto Scaling answer beside it.
///
/// Nothing takes real time. A slow operation of Lambda is done after a number of reads
/// (`State.updateLooks`, `publishLooks`, `allocationLooks`).
package final class ScriptedLambda: Sendable {
  private let server: LoopbackServer
  private let locked: Locked<State>
  private let recorder: Recorder<Call>

  package struct Call: Sendable, Equatable, CustomStringConvertible {
    /// `PUT`, `GET`, …
    package let method: String
    /// AWS's name of the operation.
    package let operation: String
    /// A qualifier, an alias's name, or empty.
    package let subject: String
    /// The JSON body; null without one.
    package let body: JSONValue
    /// What it was answered with.
    package let status: Int

    /// Whether it would have changed something, done or refused.
    package var isWrite: Bool {
      !["Get", "Lis", "Des"].contains(String(operation.prefix(3)))
    }
    /// `UpdateAlias live`
    package var description: String { subject.isEmpty ? operation : "\(operation) \(subject)" }
  }

  package init(_ change: (inout State) -> Void = { _ in }) throws {
    var state = State()
    change(&state)
    let locked = Locked(state)
    let recorder = Recorder<Call>()
    server = try LoopbackServer { request, connection in
      let (call, answer) = locked.withLock { Self.answer(request, &$0) }
      recorder.add(call)
      try connection.send(
        status: answer.status, headers: answer.headers, body: answer.body)
    }
    self.locked = locked
    self.recorder = recorder
  }

  deinit { server.stop() }

  /// `http://127.0.0.1:PORT`
  package var baseURL: String { server.baseURL }
  package func stop() { server.stop() }
  /// The present state.
  package var state: State { locked.withLock { $0 } }
  /// Changes the state from outside, like another operator.
  package func change(_ body: (inout State) -> Void) { locked.withLock { body(&$0) } }
  /// The calls so far.
  package var calls: [Call] { recorder.all }
  /// Writes, refused ones included: `UpdateAlias live`, …
  package var writes: [String] { calls.filter(\.isWrite).map(\.description) }

  // MARK: Routing

  private static func answer(
    _ request: ReceivedHTTPRequest, _ state: inout State
  ) -> (Call, ScriptedServer.Answer) {
    let question = Question(request)
    for index in state.interference.indices.reversed()
    where state.interference[index].operation == question.operation {
      let meddling = state.interference.remove(at: index)
      meddling.action(&state)
    }
    let answer: ScriptedServer.Answer
    if let fault = state.faults[question.operation]?.first {
      state.faults[question.operation]?.removeFirst()
      answer = fault
    } else {
      do throws(Refused) {
        answer = try state.answer(question)
      } catch {
        answer = error.answer
      }
    }
    let call = Call(
      method: request.method, operation: question.operation, subject: question.subject,
      body: question.body, status: answer.status)
    return (call, answer)
  }
}

struct Question {
  let operation: String
  /// The alias of the path, or the qualifier of the query; empty without one.
  let subject: String
  let functionName: String
  let query: [String: String]
  let body: JSONValue
  /// Of Application Auto Scaling.
  var resourceID: String { body["ResourceId"]?.stringValue ?? "" }

  init(_ request: ReceivedHTTPRequest) {
    query = Self.fields(request.query)
    body = (try? JSONValue(parsing: request.body)) ?? .null
    let path = request.path.split(separator: "/").map { Self.decoded(String($0)) }
    if let target = request.header("x-amz-target") {
      operation = target.split(separator: ".").last.map(String.init) ?? ""
      (subject, functionName) = ("", "")
    } else {
      functionName = path.count > 2 ? path[2] : ""
      let rest = Array(path.dropFirst(3))
      operation =
        path.last == "account-settings"
        ? "GetAccountSettings"
        : Self.operation(request.method, rest, isList: query["List"] == "ALL")
      subject = rest.count > 1 ? rest[1] : query["Qualifier"] ?? ""
    }
  }

  private static func operation(_ method: String, _ rest: [String], isList: Bool) -> String {
    switch (method, rest.first, rest.count) {
    case ("GET", nil, _): return "GetFunction"
    case ("DELETE", nil, _): return "DeleteFunction"
    case ("GET", "configuration", _): return "GetFunctionConfiguration"
    case ("PUT", "code", _): return "UpdateFunctionCode"
    case ("GET", "versions", _): return "ListVersionsByFunction"
    case ("POST", "versions", _): return "PublishVersion"
    case ("GET", "aliases", 1): return "ListAliases"
    case ("POST", "aliases", 1): return "CreateAlias"
    case ("GET", "aliases", _): return "GetAlias"
    case ("PUT", "aliases", _): return "UpdateAlias"
    case ("POST", "invocations", _): return "Invoke"
    case ("GET", "event-invoke-config", _): return "ListFunctionEventInvokeConfigs"
    case ("GET", "concurrency", _): return "GetFunctionConcurrency"
    case ("PUT", "concurrency", _): return "PutFunctionConcurrency"
    case ("DELETE", "concurrency", _): return "DeleteFunctionConcurrency"
    case ("GET", "provisioned-concurrency", _):
      return isList ? "ListProvisionedConcurrencyConfigs" : "GetProvisionedConcurrencyConfig"
    case ("PUT", "provisioned-concurrency", _): return "PutProvisionedConcurrencyConfig"
    case ("DELETE", "provisioned-concurrency", _): return "DeleteProvisionedConcurrencyConfig"
    default: return "\(method) \(rest.joined(separator: "/"))"
    }
  }

  private static func fields(_ query: String) -> [String: String] {
    var fields: [String: String] = [:]
    for part in query.split(separator: "&") {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      fields[decoded(String(pair[0]))] = pair.count > 1 ? decoded(String(pair[1])) : ""
    }
    return fields
  }

  private static func decoded(_ text: String) -> String { text.removingPercentEncoding ?? text }
}
