import ArgumentParser
import Foundation
import LoopbackServer
import Platform
import RuntimeEmulator

/// One run of the command.
final class Replay: @unchecked Sendable {
  static let maximumEventBytes = InputReader.maximumEventBytes

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
    let inputs = try readInputs()
    let bootstrap = try findBootstrap()
    let cleanUp = CleanUp()
    defer { cleanUp.run() }
    let interruption = Interruption { cleanUp.run() }
    defer { interruption.end() }
    let services = try LocalServices(
      options, caller, eventPath: inputs.firstEventPath, cleanUp
    ) { console.note($0) }
    var settings = FunctionHost.Settings(
      bootstrap: bootstrap, environment: services.environment,
      timeoutSeconds: services.timeoutSeconds, memoryMB: options.memory, port: options.serve ?? 0)
    settings.waitsForDebugger = options.waitForDebugger
    if options.serve != nil {
      let host = try serving(settings)
      cleanUp.add { host.stop() }
      return try serve(host, services, interruption)
    }
    let environments = try EnvironmentPool(
      settings, count: options.concurrency,
      showsInvocations: options.count <= Repetition.largeCount && options.concurrency == 1, console)
    cleanUp.add { environments.stop() }
    try services.waitUntilReady()
    return try ReplayRunner(options, services, environments, interruption, console).run(inputs)
  }

  private func serving(_ settings: FunctionHost.Settings) throws -> FunctionHost {
    do {
      return try FunctionHost(settings, console)
    } catch let error as SocketError where error.code == EADDRINUSE {
      throw ValidationError(
        "Port \(settings.port) is in use, perhaps by another local-invoke. Choose another one, or any free port with "
          + "--serve 0.")
    }
  }

  // MARK: Input

  private func readInputs() throws -> [ReplayInput] {
    let inputs = try InputReader(options) { [console] in console.note($0) }.read(
      options.input.paths)
    let hasPhotograph = inputs.contains { if case .photograph = $0 { true } else { false } }
    let refersToObject = options.input.event?.refersToObject ?? true
    guard !hasPhotograph || !options.services.aws || !refersToObject else {
      throw ValidationError(
        "With --aws, the function reads your buckets, which local-invoke does not write to. Upload the photograph "
          + "(aws s3 cp) and replay its event, or send it with --event http.")
    }
    if options.input.event != nil, !hasPhotograph, !inputs.isEmpty {
      throw ValidationError(
        "--event chooses the service for photographs; an event file already has one.")
    }
    return inputs
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

  private func serve(
    _ host: FunctionHost, _ services: LocalServices, _ interruption: Interruption
  ) throws -> Int32 {
    host.calls = services.isLocal ? services.calls : nil
    let printer = AnswerPrinter(output: options.input.output, console: console)
    let session = InvocationSession(host, services) { [self] record in
      printer.explain(Answer(record.invocation.outcome))
      services.printResults(always: options.showResults, console)
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
          _ = services.deliverResults(interruption, console) { request in
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
      options.services.aws
      ? AccountIdentity(environment: Environment(session.services.accountEnvironment(caller))) : nil
    let state = PageState(session, events, account: account, options)
    return try PageServer(session, PageAPI(session: session, state: state, events: events))
  }
}
