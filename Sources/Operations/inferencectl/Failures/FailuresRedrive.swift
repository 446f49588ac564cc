import AWSControl
import ArgumentParser
import FailureQueue
import Platform

struct FailuresRedrive: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "redrive",
    abstract:
      "Redrive failed events to their function; delete each message after the event was accepted.",
    discussion: """
      Each event goes to the function named in its message, or to --function-name. Lambda accepts it (202) and \
      retries it as before; an event that fails again returns to the queue. With --sync the command waits for the \
      function's success, one event at a time. For a failed inference of an asynchronous endpoint, the upload of its \
      input is sent instead of the notification. Ctrl-C stops after the current event; the rest stays in the queue.

      Examples:
        inferencectl failures redrive --function-name photo-classifier --qualifier live --dry-run
        inferencectl failures redrive --queue photo-classifier-failures --max 1 --sync
        inferencectl failures redrive --queue photo-classifier-failures --id 1f6a --id 77c0
        inferencectl failures redrive --queue photo-classifier-failures --rate 2
      """)

  @OptionGroup var target: FailureQueueOptions
  @OptionGroup var shared: SharedOptions

  @Option(
    name: .customLong("id"),
    help: ArgumentHelp(
      "Only messages whose id begins with this; repeat for more.", valueName: "id"))
  var ids: [String] = []

  @Option(
    name: .customLong("max"),
    help: ArgumentHelp("Maximum number of events (default: all).", valueName: "number"))
  var maximum: Int?

  @Option(
    help: ArgumentHelp(
      "Maximum events a second, for example 5, 0.5 or 30/m (default: no limit).",
      valueName: "rate"))
  var rate: RateArgument?

  @Flag(help: "Wait for the function, and keep the message when it fails.")
  var sync = false

  func validate() throws {
    guard maximum.map({ $0 > 0 }) ?? true else {
      throw ValidationError("--max must be at least 1.")
    }
    guard ids.allSatisfy({ !$0.isEmpty }) else { throw ValidationError("--id must not be empty.") }
  }

  func run(in session: Session) throws {
    let queue = try target.open(in: session)
    var options = Redrive.Options()
    options.target = target.functionName.map {
      RedriveTarget(functionName: $0, qualifier: target.qualifier)
    }
    options.isSynchronous = sync
    options.maximum = maximum ?? .max
    options.messageIDs = ids
    options.ratePerSecond = rate?.perSecond
    session.armInterruption()
    let redrive = Redrive(
      queue, options, isInterrupted: { session.isInterrupted },
      onStep: { session.note(RedriveReport.line($0)) })
    let outcome = try redrive.run()
    session.done(
      RedriveReport.summary(outcome, isDryRun: false),
      planned: RedriveReport.summary(outcome, isDryRun: true), json: RedriveReport.json(outcome))
    let missing = ids.filter { id in
      !outcome.steps.contains { RedriveReport.event($0).messageID.hasPrefix(id) }
    }
    if !missing.isEmpty, !outcome.wasInterrupted {
      throw Refusal(
        "No visible message has an id that begins with "
          + missing.joined(separator: " or "), advice: "To list the ids, use `failures list`")
    }
    guard outcome.isComplete else { throw ExitCode(1) }
  }
}

/// `5`, `0.5`, `5/s`, or `30/m`.
struct RateArgument: ExpressibleByArgument, Equatable {
  let perSecond: Double

  init?(argument: String) {
    let parts = argument.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let seconds: [Substring: Double] = ["s": 1, "m": 60, "h": 3600]
    guard let number = parts.first.flatMap({ Double($0) }), number > 0, number.isFinite,
      let unit = seconds[parts.count > 1 ? parts[1] : "s"]
    else { return nil }
    perSecond = number / unit
  }
}

enum RedriveReport {
  static func event(_ step: Redrive.Step) -> FailedEvent {
    switch step {
    case .redriven(let event, _), .planned(let event, _), .kept(let event, _): event
    }
  }

  static func line(_ step: Redrive.Step) -> String {
    let event = event(step)
    let objects = event.objects.isEmpty ? "" : " (\(event.objects.joined(separator: ", ")))"
    let what = if case .upload = event.payload { " the upload of its input" } else { "" }
    let name = VisibleText.escaped(event.messageID.prefix(8) + objects)
    return switch step {
    case .redriven(_, let target): "\(name): \(target.description) accepted\(what), message deleted"
    case .planned(_, let target): "\(name): would be sent to \(target.description)"
    case .kept(_, let reason): "\(name): kept, \(VisibleText.escaped(reason))"
    }
  }

  static func summary(_ outcome: Redrive.Outcome, isDryRun: Bool) -> String {
    let kept = outcome.steps.filter { if case .kept = $0 { true } else { false } }.count
    let done = outcome.steps.count - kept
    let end = outcome.wasInterrupted ? " Interrupted: the rest is still in the queue." : ""
    return "\(done) \(isDryRun ? "would be redriven" : "redriven"), \(kept) kept.\(end)"
  }

  static func json(_ outcome: Redrive.Outcome) -> OperationInput {
    let steps = outcome.steps.map { step -> OperationInput in
      let event = event(step)
      switch step {
      case .redriven(_, let target):
        return [
          "id": event.messageID, "result": "redriven", "function": target.description,
          "objects": event.objects,
        ]
      case .planned(_, let target):
        return [
          "id": event.messageID, "result": "planned", "function": target.description,
          "objects": event.objects,
        ]
      case .kept(_, let reason):
        return [
          "id": event.messageID, "result": "kept", "reason": reason, "objects": event.objects,
        ]
      }
    }
    return ["events": steps, "interrupted": outcome.wasInterrupted]
  }
}
