import Foundation
import LoopbackServer
import RuntimeEmulator
import TestSupport
import Testing

/// SIGTERM with and without an invocation in flight, and a Runtime API without extensions.
@Suite struct ShutdownTests {
  /// The process, its Runtime API, and an S3 with a controllable delay.
  private final class Function {
    let emulator: RuntimeEmulator
    let s3: LoopbackServer
    let process: BootstrapProcess
    let requests = Recorder<String>()
    let isReading = Box<Void>()
    /// The process has requested its second event, so it has finished the first one.
    let isIdleAgain = Box<Void>()
    let isPolling = Box<Void>()
    let isTerminated = Box<Void>()

    /// The behavior of S3.
    enum S3 { case answers, answersOnceTerminated, hangs }

    init(
      isOn: Bool = true, s3: S3 = .answers,
      configure: (inout RuntimeEmulator.Configuration) -> Void = { _ in }
    ) throws {
      let (requests, isReading, isPolling) = (requests, isReading, isPolling)
      let (isIdleAgain, asked) = (isIdleAgain, Recorder<Void>())
      var configuration = RuntimeEmulator.Configuration()
      configure(&configuration)
      let hook = configuration.hook
      configuration.hook = { call, request, connection in
        requests.add("\(request.method) \(request.path)")
        if call == .next, asked.add(()) == 2 { isIdleAgain.set(()) }
        if request.path.hasSuffix("/event/next") { isPolling.set(()) }
        return try hook?(call, request, connection) ?? .proceed
      }
      emulator = try RuntimeEmulator(configuration: configuration)
      self.s3 = try LoopbackServer { [isTerminated] _, connection in
        isReading.set(())
        switch s3 {
        case .answers: break
        case .answersOnceTerminated: _ = isTerminated.wait()
        case .hangs:
          _ = connection.waitUntilClientIsGone()
          return
        }
        try connection.send(status: 404)
      }
      process = try BootstrapProcess(
        environment: [
          "AWS_LAMBDA_RUNTIME_API": emulator.address, "AWS_REGION": "us-east-1",
          "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
          "ENDPOINT_NAME": "dog-breeds", "AWS_ENDPOINT_URL_S3": self.s3.baseURL,
        ].merging(isOn ? ["SIGTERM_HANDLING": "1"] : [:]) { $1 })
    }

    func stop() {
      process.stop()
      emulator.stop()
      s3.stop()
    }

    /// The response to an event without S3, which shows that the process is running.
    func removal() -> InvocationOutcome { emulator.invoke(Fault.removal) }

    /// Sends an event that reads from S3, and returns when S3 has received the request.
    func beginCreation() -> Box<InvocationOutcome> {
      let event = String(decoding: Fault.removal, as: UTF8.self)
        .replacing("Removed:Delete", with: "Created:Put")
      let outcome = Box<InvocationOutcome>()
      Thread { [emulator] in outcome.set(emulator.invoke(Array(event.utf8))) }.start()
      _ = isReading.wait()
      return outcome
    }

    /// Sends SIGTERM and returns the exit status and the duration in milliseconds.
    func terminate() -> (status: Int32?, milliseconds: Double) {
      let start = Date()
      process.signal(SIGTERM)
      isTerminated.set(())
      let status = process.waitForExit()
      return (status, Date().timeIntervalSince(start) * 1000)
    }

    var sigtermLines: [String] { process.log.filter { $0.contains("SIGTERM") } }
  }

  @Test func anIdleProcessEndsAtOnceWithStatusZeroAndOneLine() throws {
    let function = try Function()
    defer { function.stop() }
    #expect(function.removal().errorType == nil)
    #expect(function.emulator.registeredExtensions.map(\.name) == ["bootstrap"])
    #expect(function.isPolling.wait() != nil, "else Lambda's init would not end")
    #expect(function.isIdleAgain.wait() != nil)
    let end = function.terminate()
    #expect(end.status == 0)
    #expect(function.sigtermLines.count == 1)
    #expect(function.process.log.last?.contains("INFO\tSIGTERM: nothing in flight") == true)
  }

  @Test func whatFinishesWithin400MillisecondsIsAnswered() throws {
    // A machine that is too slow for that logs a warning; then the test is repeated.
    var isInTime = false
    for _ in 0..<20 where !isInTime {
      let function = try Function(s3: .answersOnceTerminated)
      defer { function.stop() }
      let outcome = function.beginCreation()
      let end = function.terminate()
      #expect(end.status == 0)
      #expect(function.sigtermLines.count == 1)
      isInTime = function.sigtermLines.last?.contains("nothing in flight") == true
      if isInTime {
        #expect(
          outcome.wait()?.errorType == "S3.NotFound",
          "a response was received, whatever its content")
      } else {
        #expect(end.milliseconds >= 390)
      }
    }
    #expect(isInTime)
  }

  @Test func whatHangsIsGivenUpAfter400Milliseconds() throws {
    let function = try Function(s3: .hangs)
    defer { function.stop() }
    _ = function.beginCreation()
    let end = function.terminate()
    #expect(end.status == 0)
    #expect(end.milliseconds >= 390)
    #expect(function.sigtermLines.count == 1)
    #expect(function.process.log.last?.contains("WARN\tSIGTERM: exiting after 400 ms") == true)
  }

  @Test func withoutTheVariableNoExtensionIsRegistered() throws {
    let function = try Function(isOn: false)
    defer { function.stop() }
    #expect(function.removal().errorType == nil)
    #expect(function.requests.all.allSatisfy { !$0.contains("extension") })
    #expect(function.terminate().status == 128 + SIGTERM, "nobody handles it")
  }

  @Test(arguments: [403, 404, 500])
  func aRuntimeAPIThatRefusesExtensionsIsNoError(status: Int) throws {
    let function = try Function { configuration in
      configuration.hook = { call, _, connection in
        guard call == .other else { return .proceed }
        try connection.send(status: status)
        return .answered
      }
    }
    defer { function.stop() }
    #expect(function.removal().errorType == nil)
    #expect(function.requests.all.filter { $0.contains("extension") }.count == 1)
    #expect(function.terminate().status == 0, "the signal is handled regardless of its sender")
  }

  @Test func aRuntimeAPIThatNeverAnswersTheRegistrationIsNoError() throws {
    let function = try Function { configuration in
      configuration.hook = { call, _, connection in
        guard call == .other else { return .proceed }
        connection.waitUntilClientIsGone()
        return .answered
      }
    }
    defer { function.stop() }
    #expect(function.removal().errorType == nil)
    function.process.stop()
    #expect(function.process.log.count == 1, "the line about the event")
  }

  @Test func anInitErrorIsReportedWithSigtermHandlingToo() throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let process = try BootstrapProcess(environment: [
      "AWS_LAMBDA_RUNTIME_API": emulator.address, "SIGTERM_HANDLING": "1",
    ])
    defer { process.stop() }
    #expect(process.waitForExit() == 1)
    #expect(emulator.reportedInitError?.type == "Configuration.ENDPOINTNAME")
  }
}
