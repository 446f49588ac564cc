import Foundation
import LoopbackServer
import RuntimeEmulator

/// An invocation with Lambda's report.
struct HostedInvocation: Sendable {
  let outcome: InvocationOutcome
  let report: Report
  /// Whether a process was started for this invocation.
  let isColdStart: Bool
  /// When the function received the event.
  var startMicroseconds: Int64 = 0
  /// The recorded calls to the emulated services.
  var calls: [RecordedCall] = []
  /// The fault that was chosen.
  var fault: CallRecorder.ChosenFault?
}

/// Emulates Lambda's worker: keeps one process of the function, sends it one event at a time, and
/// replaces it when it exits or times out.
final class FunctionHost: @unchecked Sendable {
  struct Settings {
    let bootstrap: URL
    var environment: [String: String]
    let timeoutSeconds: Int
    let memoryMB: Int
    let port: UInt16
    /// Whether the process starts stopped and has no time limits.
    var waitsForDebugger = false
  }

  /// Lambda's limit for the init phase.
  private static let initLimitSeconds = 10.0
  /// A day, with a debugger.
  private static let debuggingLimitSeconds = 86_400

  /// Changes only at the beginning of an invocation.
  private var settings: Settings
  private let newEnvironment = Locked<[String: String]?>(nil)
  private let console: Console
  private let emulator: RuntimeEmulator
  private let current = CurrentProcess()
  /// Held during an invocation.
  private let turn = NSLock()
  /// Whether log and report lines are printed immediately.
  var showsInvocations = true
  /// Called after each invocation of an outside client.
  var onInvocation: ((InvocationRequest, HostedInvocation) -> Void)?
  /// Records the calls of each invocation.
  var calls: CallRecorder?

  init(_ settings: Settings, _ console: Console) throws {
    self.settings = settings
    self.console = console
    var configuration = RuntimeEmulator.Configuration()
    let limitSeconds =
      settings.waitsForDebugger ? Self.debuggingLimitSeconds : settings.timeoutSeconds
    configuration.timeoutMilliseconds = Int64(limitSeconds) * 1000
    configuration.hook = { [current] call, _, _ in
      if call == .next { current.process?.markReady() }
      if call == .initError { current.process?.markInitError() }
      return .proceed
    }
    emulator = try RuntimeEmulator(configuration: configuration, port: settings.port)
    emulator.setInvoker { [weak self] request in
      guard let self else {
        return InvocationOutcome(
          requestID: request.requestID, result: .error(type: "Sandbox.Stopped", payload: []),
          durationMilliseconds: 0)
      }
      let invocation = invoke(request)
      onInvocation?(request, invocation)
      return invocation.outcome
    }
  }

  /// The address for outside clients.
  var baseURL: String { emulator.baseURL }

  /// Answers requests to the address that are not Lambda's.
  func setFront(_ front: @escaping RuntimeEmulator.Front) {
    emulator.setFront(front)
  }

  /// Whether the next invocation finds a process that has started.
  var isWarm: Bool {
    newEnvironment.withLock { $0 == nil } && current.process.map { $0.exitReason == nil } ?? false
  }

  /// Replaces the variables of the function: the next invocation starts a new process.
  func useEnvironment(_ environment: [String: String]) {
    newEnvironment.withLock { $0 = environment }
  }

  /// Stops the process and the emulator. May be called from any thread, and twice.
  func stop() {
    current.end()
    emulator.stop()
  }

  // MARK: One invocation

  func invoke(_ request: InvocationRequest) -> HostedInvocation {
    turn.lock()
    defer { turn.unlock() }
    takeNewEnvironment()
    var report = Report(requestID: request.requestID, memoryMB: settings.memoryMB)
    var log: [UInt8] = []
    let note = { [self] (line: String) in
      let bytes = Array("\(line)\n".utf8)
      log += bytes
      if showsInvocations { console.relay(bytes) }
    }
    let outcome: InvocationOutcome
    var isColdStart = true
    let fault = calls?.fault
    var start = monotonicMicroseconds()
    switch ready(request.requestID) {
    case .ready(let process, let initMilliseconds):
      report.initMilliseconds = initMilliseconds
      isColdStart = initMilliseconds != nil
      log += process.output.takeLog()
      note("START RequestId: \(request.requestID) Version: $LATEST")
      calls?.begin()
      start = monotonicMicroseconds()
      outcome = run(request, in: process)
      // The duration begins there too.
      start = outcome.deliveredMicroseconds ?? start
      report.maximumMemoryMB = process.maximumMemoryMB()
      if case .timedOut = outcome.result { process.kill() }
      log += process.output.takeLog()
    case .failed(let result, let process):
      log += process?.output.takeLog() ?? []
      note("START RequestId: \(request.requestID) Version: $LATEST")
      report.maximumMemoryMB = process?.maximumMemoryMB() ?? 0
      outcome = InvocationOutcome(
        requestID: request.requestID, result: result, durationMilliseconds: 0)
    }
    report.complete(outcome, timeoutSeconds: settings.timeoutSeconds)
    report.lines.forEach(note)
    return HostedInvocation(
      outcome: InvocationOutcome(
        requestID: outcome.requestID, result: outcome.result,
        durationMilliseconds: outcome.durationMilliseconds,
        log: log),
      report: report, isColdStart: isColdStart, startMicroseconds: start,
      calls: calls?.take() ?? [], fault: fault)
  }

  private func takeNewEnvironment() {
    let new = newEnvironment.withLock { environment in
      defer { environment = nil }
      return environment
    }
    guard let new else { return }
    settings.environment = new
    current.process?.kill()
  }

  private func run(_ request: InvocationRequest, in process: FunctionProcess) -> InvocationOutcome {
    current.begin(request.requestID, in: process)
    defer { current.finish() }
    // The process may have exited after polling, before this invocation could be failed.
    if let reason = process.exitReason {
      return InvocationOutcome(
        requestID: request.requestID,
        result: failure("Runtime.ExitError", request.requestID, "\(reason)"),
        durationMilliseconds: 0)
    }
    return emulator.invoke(request)
  }

  // MARK: The process

  private enum Readiness {
    /// The init duration only for a process that was started for this invocation.
    case ready(FunctionProcess, initMilliseconds: Double?)
    case failed(InvocationOutcome.Result, FunctionProcess?)
  }

  private func ready(_ requestID: String) -> Readiness {
    if let process = current.process, process.exitReason == nil {
      return .ready(process, initMilliseconds: nil)
    }
    do {
      let process = try start()
      let limitSeconds =
        settings.waitsForDebugger ? Double(Self.debuggingLimitSeconds) : Self.initLimitSeconds
      switch process.waitWhileInitializing(seconds: limitSeconds) {
      case .ready(let milliseconds): return .ready(process, initMilliseconds: milliseconds)
      case .exited(let reason):
        let reported = emulator.takeInitError()
        let result = reported.map {
          InvocationOutcome.Result.error(type: $0.type, payload: $0.payload)
        }
        return .failed(result ?? failure("Runtime.ExitError", requestID, "\(reason)"), process)
      case .initializing:
        process.kill()
        return .failed(
          failure(
            "Sandbox.Timedout", requestID,
            "Runtime did not request an event within \(Int(Self.initLimitSeconds)) seconds"),
          process)
      }
    } catch {
      return .failed(failure("Runtime.InvalidEntrypoint", requestID, "\(error)"), nil)
    }
  }

  private func start() throws -> FunctionProcess {
    let filter = LambdaLogFilter(environment: settings.environment)
    let output = try FunctionOutput(filter) { [weak self, console] bytes in
      if self?.showsInvocations ?? false { console.relay(bytes) }
    }
    let process = try current.start {
      try FunctionProcess(
        executable: settings.bootstrap,
        environment: LambdaEnvironment.variables(settings, runtimeAPI: emulator.address),
        output: output, isStopped: settings.waitsForDebugger
      ) { [weak self] process, reason in self?.failInvocation(of: process, reason) }
    }
    if settings.waitsForDebugger {
      console.note(Debugger(identifier: process.identifier).instructions)
    }
    return process
  }

  /// Fails the current invocation of a process that has exited.
  private func failInvocation(of process: FunctionProcess, _ reason: ExitReason) {
    // An invocation that has begun here may not have reached the emulator's queue yet.
    while let requestID = current.requestID(in: process),
      !emulator.fail(requestID: requestID, type: "Runtime.ExitError", message: "\(reason)")
    {
      Thread.sleep(forTimeInterval: 0.001)
    }
  }

  private func failure(_ type: String, _ requestID: String, _ message: String)
    -> InvocationOutcome.Result
  {
    .error(type: type, payload: errorJSON(type: type, requestID: requestID, message))
  }
}
