import ArgumentParser
import Foundation
import RuntimeEmulator

/// One run of the command, from its options to its exit status.
final class Replay {
  /// Beyond so many repetitions only failures are shown one by one.
  private static let largeCount = 10
  private static let maximumEventBytes = 6_291_456

  private let options: LocalInvokeCommand
  private let caller: Caller
  private let console = Console()

  init(_ options: LocalInvokeCommand, _ caller: Caller) {
    self.options = options
    self.caller = caller
  }

  /// Carries the command out; the services and the process are gone when it returns.
  /// - Throws: `ValidationError` for what the caller has to put right.
  func run() throws -> Int32 {
    // A closed pipe behind standard error must not end this program before it has ended the
    // function.
    signal(SIGPIPE, SIG_IGN)
    let event = try readEvent()
    let bootstrap = try findBootstrap()
    let services = try LocalServices(options, caller, eventPath: options.event)
    defer { services.stop() }
    let host = try FunctionHost(
      FunctionHost.Settings(
        bootstrap: bootstrap, environment: services.environment, timeoutSeconds: options.timeout,
        memoryMB: options.memory, port: options.serve ?? 0),
      console)
    defer { host.stop() }
    let isServing = options.serve != nil
    let interruption = Interruption { host.stop() }
    defer { interruption.end() }
    try services.waitUntilReady()
    if isServing { return serve(host, services, interruption) }
    let invoke = {
      defer { interruption.checkpoint() }
      return host.invoke(InvocationRequest(event: event))
    }
    return options.count == 1 ? show(invoke()) : replayMany(host, services.timedModel, invoke)
  }

  // MARK: What is given

  private func readEvent() throws -> [UInt8] {
    guard let path = options.event else { return [] }
    do {
      let data =
        try path == "-"
        ? FileHandle.standardInput.readToEnd() ?? Data()
        : Data(contentsOf: URL(fileURLWithPath: path))
      guard data.count <= Self.maximumEventBytes else {
        throw ValidationError(
          "The event holds \(data.count) bytes; Lambda takes \(Self.maximumEventBytes).")
      }
      return Array(data)
    } catch let error as ValidationError {
      throw error
    } catch {
      throw ValidationError("The event \(path) cannot be read: \(error.localizedDescription)")
    }
  }

  private func findBootstrap() throws -> URL {
    let beside = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent()
      .appendingPathComponent("bootstrap")
    let url = options.bootstrap.map { URL(fileURLWithPath: $0) } ?? beside
    guard FileManager.default.isExecutableFile(atPath: url.path) else {
      throw ValidationError("There is no executable \(url.path); build it with: swift build")
    }
    return url.standardizedFileURL
  }

  // MARK: What is done

  private func show(_ invocation: HostedInvocation) -> Int32 {
    let answer = Answer(invocation.outcome)
    console.answer(answer.payload)
    for chart in BarChart.charts(of: answer.payload) { console.note(chart) }
    return answer.exitStatus
  }

  private func replayMany(
    _ host: FunctionHost, _ model: TimedModel?, _ invoke: () -> HostedInvocation
  ) -> Int32 {
    let isLarge = options.count > Self.largeCount
    if isLarge { host.showsInvocations = false }
    let progress = isLarge ? ProgressBar(total: options.count, console) : nil
    var statistics = Statistics()
    var failures = 0
    var last: HostedInvocation?
    for index in 1...options.count {
      let invocation = invoke()
      statistics.add(invocation, modelMilliseconds: model?.takeMilliseconds() ?? 0)
      if Answer(invocation.outcome).exitStatus != 0 {
        failures += 1
        if isLarge {
          progress?.clear()
          console.note(String(decoding: invocation.outcome.log ?? [], as: UTF8.self))
        }
      }
      progress?.show(index)
      last = invocation
    }
    progress?.clear()
    guard let last else { return 0 }
    let status = show(last)
    console.note(statistics.summary(failures: failures))
    return failures == 0 ? status : 1
  }

  private func serve(_ host: FunctionHost, _ services: LocalServices, _ interruption: Interruption)
    -> Int32
  {
    host.onOutcome = { [console] outcome in
      for chart in BarChart.charts(of: outcome.payload) { console.note(chart) }
    }
    console.note(
      """
      The function answers at \(host.baseURL); Ctrl-C ends it. Try:
        curl --data-binary @events/s3.json \(host.baseURL)/2015-03-31/functions/function/invocations
        aws lambda invoke --endpoint-url \(host.baseURL) --function-name function \\
          --cli-binary-format raw-in-base64-out --payload file://events/s3.json /dev/stdout
      \(services.summary)
      """)
    interruption.wait()
    return 0
  }
}
