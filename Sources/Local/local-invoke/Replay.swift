import ArgumentParser
import Foundation
import Platform
import RuntimeEmulator

/// One run of the command.
final class Replay: @unchecked Sendable {
  static let maximumEventBytes = 6_291_456

  private let options: LocalInvokeCommand
  private let caller: Caller
  private let console = Console()

  init(_ options: LocalInvokeCommand, _ caller: Caller) {
    self.options = options
    self.caller = caller
  }

  /// Runs the command. The services and the process have ended when it returns.
  /// - Throws: `ValidationError` for a usage error.
  func run() throws -> Int32 {
    let event = try readEvent()
    let bootstrap = try findBootstrap()
    let cleanUp = CleanUp()
    defer { cleanUp.run() }
    let interruption = Interruption { cleanUp.run() }
    defer { interruption.end() }
    let services = try LocalServices(options, caller, eventPath: options.event, cleanUp)
    let settings = FunctionHost.Settings(
      bootstrap: bootstrap, environment: services.environment,
      timeoutSeconds: services.timeoutSeconds, memoryMB: options.memory, port: options.serve ?? 0)
    if options.serve != nil {
      let host = try FunctionHost(settings, console)
      cleanUp.add { host.stop() }
      return try serve(host, services, interruption)
    }
    let environments = try EnvironmentPool(
      settings, count: options.concurrency,
      showsInvocations: options.count <= Repetition.largeCount && options.concurrency == 1, console)
    cleanUp.add { environments.stop() }
    try services.waitUntilReady()
    if options.count > 1 { return replayMany(event, environments, services, interruption) }
    let invocation = environments.invoke(InvocationRequest(event: event))
    interruption.checkpoint()
    let status = show(invocation)
    let failureCount = deliverResults(services, interruption) { show(environments.invoke($0)) == 0 }
    showResults(services)
    return failureCount == 0 ? status : 1
  }

  // MARK: Input

  private func readEvent() throws -> [UInt8] {
    guard let path = options.event else { return [] }
    do {
      let data =
        try path == "-"
        ? FileHandle.standardInput.readToEnd() ?? Data()
        : Data(contentsOf: URL(fileURLWithPath: path))
      guard data.count <= Self.maximumEventBytes else {
        throw ValidationError(
          "The event is \(data.count) bytes; Lambda accepts at most \(Self.maximumEventBytes).")
      }
      return Array(data)
    } catch let error as ValidationError {
      throw error
    } catch {
      throw ValidationError("Cannot read the event \(path): \(error.localizedDescription)")
    }
  }

  private func findBootstrap() throws -> URL {
    let beside = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent()
      .appendingPathComponent("bootstrap")
    let url = options.bootstrap.map { URL(fileURLWithPath: $0) } ?? beside
    guard FileManager.default.isExecutableFile(atPath: url.path) else {
      throw ValidationError("\(url.path) is not an executable file. Build it with: swift build")
    }
    return url.standardizedFileURL
  }

  // MARK: Output

  private func show(_ invocation: HostedInvocation) -> Int32 {
    let answer = Answer(invocation.outcome)
    let written = console.answer(answer.payload)
    explain(answer)
    return max(answer.exitStatus, written)
  }

  private func explain(_ answer: Answer) {
    for text in answer.notes + BarChart.charts(of: answer.payload) { console.note(text) }
  }

  private func showResults(_ services: LocalServices) {
    if let summary = services.endpointSummary { console.note(summary) }
    guard options.showResults || services.notifications != nil else { return }
    console.note(StoredResults.text(of: services.takeStoredObjects()))
  }

  /// Delivers the notifications of an asynchronous endpoint when its requests have ended.
  /// - Parameter invoke: invokes the function, and returns whether it succeeded.
  /// - Returns: the number of failed invocations.
  private func deliverResults(
    _ services: LocalServices, _ interruption: Interruption,
    _ invoke: (InvocationRequest) -> Bool
  ) -> Int {
    var failureCount = 0
    for delivery in services.takeNotifications() {
      interruption.checkpoint()
      console.note(delivery.note)
      guard let event = delivery.event else { continue }
      if !invoke(InvocationRequest(event: event)) { failureCount += 1 }
    }
    return failureCount
  }

  private func replayMany(
    _ event: [UInt8], _ environments: EnvironmentPool, _ services: LocalServices,
    _ interruption: Interruption
  ) -> Int32 {
    let repetition = Repetition(
      of: event, options, environments, services.timedModel, interruption, console)
    let outcome = repetition.run(callers: options.concurrency)
    guard let last = outcome.last else { return 0 }
    let status = show(last)
    let failureCount = deliverResults(services, interruption) {
      Answer(environments.invoke($0).outcome).exitStatus == 0
    }
    showResults(services)
    console.note(outcome.summary)
    return outcome.failureCount + failureCount == 0 ? status : 1
  }

  private func serve(
    _ host: FunctionHost, _ services: LocalServices, _ interruption: Interruption
  ) throws -> Int32 {
    host.calls = services.isLocal ? services.calls : nil
    let session = InvocationSession(host, services) { [self] record in
      explain(Answer(record.invocation.outcome))
      showResults(services)
    }
    let page = try makePage(session)
    host.setFront(page.respond)
    console.note(
      """
      Open \(page.address(host.baseURL))
      The function is available at \(host.baseURL). Press Ctrl-C to stop. Try:
        curl --data-binary @events/objects/dog-photos/uploads/mixed-breed.jpg \(host.baseURL)
        curl --data-binary @events/s3.json \(host.baseURL)/2015-03-31/functions/function/invocations
        aws lambda invoke --endpoint-url \(host.baseURL) --function-name function \\
          --cli-binary-format raw-in-base64-out --payload file://events/s3.json /dev/stdout
      \(services.summary)
      """)
    if let notifications = services.notifications {
      Thread { [self] in
        while true {
          notifications.wait()
          _ = deliverResults(services, interruption) { request in
            let record = session.invoke(request.event, by: .invoke)
            return Answer(record.invocation.outcome).exitStatus == 0
          }
        }
      }.start()
    }
    // The page is usable meanwhile; an invocation waits for the model.
    try services.waitUntilReady()
    interruption.wait()
    return 0
  }

  private func makePage(_ session: InvocationSession) throws -> PageServer {
    let folder = session.services.objectsFolder.deletingLastPathComponent()
    let events = EventFiles(folder: folder)
    let account =
      options.aws ? AccountIdentity(environment: Environment(caller.environment)) : nil
    let state = PageState(session, events, account: account, options)
    return try PageServer(session, PageAPI(session: session, state: state, events: events))
  }
}
