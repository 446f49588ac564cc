import ArgumentParser
import Foundation
import LambdaEvents
import LocalAWS
import Platform
import RuntimeEmulator

/// Sends the events of the command line to the function: once, many times, or whenever a file changes.
final class ReplayRunner {
  private let options: LocalInvokeCommand
  private let services: LocalServices
  private let environments: EnvironmentPool
  private let interruption: Interruption
  private let console: Console
  private let printer: AnswerPrinter

  init(
    _ options: LocalInvokeCommand, _ services: LocalServices, _ environments: EnvironmentPool,
    _ interruption: Interruption, _ console: Console
  ) {
    self.options = options
    self.services = services
    self.environments = environments
    self.interruption = interruption
    self.console = console
    printer = AnswerPrinter(output: options.input.output, console: console)
  }

  private var source: EventSource { options.input.event ?? .s3 }

  /// - Returns: the exit status: 1 if any invocation failed.
  /// - Throws: `ValidationError` for a photograph that cannot be read or uploaded.
  func run(_ inputs: [ReplayInput]) throws -> Int32 {
    let steps = ReplayStep.steps(of: inputs, from: source)
    if options.count > 1 { return try replayMany(steps) }
    let status = try replay(steps)
    return options.input.watch ? watch(steps) : status
  }

  /// Each step once, with its log and its answer.
  private func replay(_ steps: [ReplayStep]) throws -> Int32 {
    var failureCount = 0
    var status: Int32 = 0
    for step in steps {
      let event = try step.event(from: source, services)
      let invocation = environments.invoke(InvocationRequest(event: event))
      interruption.checkpoint()
      var own = printer.show(invocation, to: event)
      let failures = services.deliverResults(interruption, console) { request in
        printer.show(environments.invoke(request), to: request.event) == 0
      }
      if failures > 0 { own = max(own, 1) }
      services.printResults(always: options.showResults, console)
      if own != 0 { failureCount += 1 }
      status = max(status, own)
    }
    if steps.count > 1 {
      console.note(
        "\(steps.count) events: \(steps.count - failureCount) succeeded, \(failureCount) failed.")
    }
    return status
  }

  private func replayMany(_ steps: [ReplayStep]) throws -> Int32 {
    let events = try steps.map { try $0.event(from: source, services) }
    let repetition = Repetition(
      of: events, options, environments, services.timedModel, interruption, console)
    let outcome = repetition.run(callers: options.concurrency)
    guard let last = outcome.last else { return 0 }
    let status = printer.show(last.invocation, to: last.event)
    let failureCount = services.deliverResults(interruption, console) {
      Answer(environments.invoke($0).outcome).exitStatus == 0
    }
    services.printResults(always: options.showResults, console)
    console.note(outcome.summary)
    return outcome.failureCount + failureCount == 0 ? status : 1
  }

  // MARK: Watching

  private func watch(_ first: [ReplayStep]) -> Int32 {
    var steps = first
    while true {
      var watcher = FileWatcher(options.input.paths + steps.flatMap(objectFiles))
      interruption.hold()
      console.note("Waiting for changes. Press Ctrl-C to stop.")
      guard watcher.waitForChange({ interruption.wait(seconds: $0) }) else { return 0 }
      interruption.release()
      do {
        let reader = InputReader(options) { _ in }
        steps = ReplayStep.steps(of: try reader.read(options.input.paths), from: source)
        _ = try replay(steps)
      } catch let error as ValidationError {
        console.note("Error: \(error.message)")
      } catch {
        console.note("Error: \(error)")
      }
    }
  }

  /// The files of the objects that an event names.
  private func objectFiles(_ step: ReplayStep) -> [String] {
    guard case .event(_, let bytes) = step, services.isLocal,
      let event = try? LambdaEvent.decode(
        bytes, defaultBucket: services.environment["IMAGE_BUCKET"])
    else { return [] }
    return event.locations.compactMap { location in
      switch location {
      case .object(let object): "\(services.objectsFolder.path)/\(object.bucket)/\(object.key)"
      case .url: nil
      }
    }
  }
}

extension InputReader {
  init(_ options: LocalInvokeCommand, note: @escaping (String) -> Void) {
    self.init(acceptsAnyImage: options.services.hasOwnModel, note: note)
  }
}
