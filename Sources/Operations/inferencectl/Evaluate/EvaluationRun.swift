import AWSControl
import Evaluation
import Foundation

/// Sends a folder of photographs through the function, by `local-invoke`.
struct EvaluationRun {
  let model: EvaluatedModelOptions
  let truth: TruthOptions
  let session: Session

  /// - Returns: nil in a dry run, whose plan is the command.
  func evaluate(_ folder: String) throws -> Evaluated? {
    let program = try program()
    let (files, skipped) = try PhotographFolder.list(
      folder, rule: try truth.rule(), acceptsAnyImage: model.isGiven)
    describe(files, skipped)
    if session.shared.dryRun {
      session.output.add(command: program.command([files[0].path]).text)
      return nil
    }
    var run = ReplayEvaluation(
      program, concurrency: model.concurrency ?? (model.endpointName == nil ? 1 : 4))
    run.answers = try model.answers.map { try AnswerFile(path: $0, model: model.identity) }
    session.armInterruption()
    run.interruption = { [session] in session.interruptionSignal }
    run.sleep = session.clock.sleep
    let start = session.clock.monotonicMilliseconds()
    run.onProgress = { [session] in
      let elapsed = session.clock.monotonicMilliseconds() - start
      // A log gets ten lines, not a hundred.
      let step = session.console.isTerminal ? 1 : 10
      session.progress.show(Self.text($0, step: step), elapsedMilliseconds: elapsed)
    }
    var collector = try run.run(files)
    session.progress.clear()
    collector.skipped = skipped
    let paths = Dictionary(
      files.map { ($0.key, $0.path) }, uniquingKeysWith: { first, _ in first })
    let thumbnails = ThumbnailProgram(path: program.path, environment: program.environment)
    return Evaluated(evaluation: collector.evaluation(of: model.title)) { keys in
      thumbnails.thumbnails(of: keys.compactMap { key in paths[key].map { (key, $0) } })
    }
  }

  private static func text(_ progress: ReplayEvaluation.Progress, step: Int) -> String {
    let done = progress.done + progress.failed
    let percent = progress.total > 0 ? 100 * done / progress.total : 100
    return "\(percent / step * step) % of \(progress.total) photographs"
      + (progress.failed > 0 ? ", \(progress.failed) failed" : "")
  }

  private func describe(_ files: [LabeledFile], _ skipped: [Evaluation.Failure]) {
    let labels = Set(files.compactMap(\.label))
    func counted(_ count: Int, _ noun: String) -> String {
      "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
    session.note(
      "\(counted(files.count, "photograph")) with \(counted(labels.count, "label")), for the \(model.title)"
    )
    guard let first = skipped.first else { return }
    session.note(
      "Not sent: \(skipped.count) file\(skipped.count == 1 ? "" : "s"), for example \(first.key): \(first.reason)"
    )
  }

  private func program() throws -> ReplayProgram {
    var environment = session.environment
    var arguments: [String] = []
    if let name = model.endpointName {
      arguments.append("--aws")
      if let profile = session.shared.profile { arguments += ["--profile", profile] }
      if let region = session.shared.region { arguments += ["--region", region] }
      environment["ENDPOINT_NAME"] = name
      if let url = session.shared.endpointURL { environment["AWS_ENDPOINT_URL"] = url }
    }
    if let container = model.container { arguments += ["--container", container] }
    if let path = model.model { arguments += ["--model", path] }
    if let file = model.classLabels { arguments += ["--labels", file] }
    return ReplayProgram(
      path: try LocalInvokeProgram.path(model.localInvoke, session), arguments: arguments,
      environment: environment, event: model.endpointName == nil ? "direct" : "http")
  }
}

/// Where `local-invoke` is.
enum LocalInvokeProgram {
  /// - Throws: `Refusal` when there is none.
  static func path(_ given: String?, _ session: Session) throws(Refusal) -> String {
    let manager = FileManager.default
    if let given {
      let path = URL(fileURLWithPath: given).path
      guard manager.isExecutableFile(atPath: path) else {
        throw Refusal("--local-invoke \(given) is not an executable file")
      }
      return path
    }
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent()
    let folders =
      [own.path] + (session.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let found = folders.map { "\($0)/local-invoke" }.first(where: manager.isExecutableFile)
    guard let found else {
      throw Refusal(
        "local-invoke is neither beside inferencectl nor in PATH",
        advice: "Build it with: swift build --product local-invoke, or pass --local-invoke PATH")
    }
    return found
  }
}
