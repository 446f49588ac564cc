import Foundation
import JSON
import LocalAWS
import LoopbackServer
import Platform
import RuntimeEmulator

/// The invocations of one `--serve`, of all its clients, and the settings that the page changes.
final class InvocationSession: @unchecked Sendable {
  let services: LocalServices
  let history = InvocationHistory()
  private let host: FunctionHost
  private let onRecord: @Sendable (InvocationRecord) -> Void
  private let changes = Locked<[String: String]>([:])

  /// - Parameter onRecord: called after each invocation.
  init(
    _ host: FunctionHost, _ services: LocalServices,
    onRecord: @escaping @Sendable (InvocationRecord) -> Void
  ) {
    self.host = host
    self.services = services
    self.onRecord = onRecord
    host.onInvocation = { [weak self] in _ = self?.record($0, $1, .invoke) }
  }

  /// Invokes the function and waits for the end.
  func invoke(_ event: [UInt8], by trigger: InvocationRecord.Trigger) -> InvocationRecord {
    let request = InvocationRequest(event: event)
    return record(request, host.invoke(request), trigger)
  }

  private func record(
    _ request: InvocationRequest, _ invocation: HostedInvocation,
    _ trigger: InvocationRecord.Trigger
  ) -> InvocationRecord {
    let record = history.add(
      InvocationRecord(
        time: Date(), trigger: trigger, event: request.event, invocation: invocation,
        calls: invocation.calls, fault: invocation.fault, changedVariables: changedVariables))
    onRecord(record)
    return record
  }

  // MARK: Settings

  /// Whether the next invocation has an environment that is already initialized.
  var isWarm: Bool { host.isWarm }

  /// The variables that differ from those of the start; an empty value is unset.
  var changedVariables: [String: String] { changes.withLock { $0 } }

  /// Replaces the changes. The next invocation starts a new environment, as after a change of a function's
  /// configuration.
  /// - Throws: `PageError` for a name that is not a setting of the function, or a value that no variable can have.
  func change(_ variables: [String: String]) throws {
    for (name, value) in variables {
      guard LocalServices.documentedVariables.contains(name) else {
        throw PageError(400, "\(name) is not a setting of the function; see docs/configuration.md.")
      }
      guard value.utf8.count <= 4096, !value.utf8.contains(0) else {
        throw PageError(400, "The value of \(name) must have at most 4,096 bytes, and no NUL.")
      }
    }
    let isChanged = changes.withLock { changes in
      defer { changes = variables }
      return changes != variables
    }
    if isChanged { startNewEnvironment() }
  }

  /// Ends the environment, so that the next invocation is a cold start.
  func startNewEnvironment() {
    var environment = services.environment
    for (name, value) in changedVariables { environment[name] = value.isEmpty ? nil : value }
    host.useEnvironment(environment)
  }
}
