import AWSControl
import Foundation
import Training

/// Sends photographs through the function, by `local-invoke`, and collects the answers.
package struct ReplayEvaluation {
  /// What is shown while it runs.
  package struct Progress: Sendable, Equatable {
    package let done: Int
    package let failed: Int
    package let total: Int
  }

  /// If all of the first ones fail, the others would too.
  static let failuresToGiveUp = 10
  /// Of all paths of one process; Linux accepts 2 MiB of arguments and variables.
  private static let maximumArgumentBytes = 512 << 10
  private static let pauseMilliseconds: Int64 = 100

  package let program: ReplayProgram
  /// How many processes at once.
  package let concurrency: Int
  package var answers: AnswerFile?
  package var interruption: () -> Int32? = { nil }
  package var sleep: (Int64) -> Void = { usleep(useconds_t($0 * 1000)) }
  package var onProgress: (Progress) -> Void = { _ in }

  package init(_ program: ReplayProgram, concurrency: Int) {
    (self.program, self.concurrency) = (program, concurrency)
  }

  /// - Throws: `Refusal` when `local-invoke` cannot run, when each of the first ten photographs fails, and after an
  ///   interruption; `TrainingError` when it cannot be started.
  package func run(_ files: [LabeledFile]) throws -> ObservationCollector {
    var state = State(total: files.count)
    for file in files {
      guard let kept = answers?.answer(for: file) else {
        state.waiting.append(file)
        continue
      }
      state.collector.add(
        kept.photograph, key: file.key, label: file.label,
        functionMilliseconds: kept.functionMilliseconds)
    }
    state.shares = Self.parts(state.waiting, concurrency)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "evaluate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    do { try work(&state, folder.path) } catch {
      end(state.workers)
      throw error
    }
    return state.collector
  }

  private struct State {
    let total: Int
    var collector = ObservationCollector()
    var waiting: [LabeledFile] = []
    /// Lists of photographs, each for a process that is not started yet.
    var shares: [[LabeledFile]] = []
    var workers: [ReplayWorker] = []
    var started = 0
    /// Processes in a row that ended without an answer.
    var deaths = 0

    init(total: Int) { self.total = total }

    var progress: Progress {
      Progress(done: collector.count, failed: collector.failures.count, total: total)
    }
  }

  private func work(_ state: inout State, _ folder: String) throws {
    onProgress(state.progress)
    while !state.shares.isEmpty || !state.workers.isEmpty {
      while state.workers.count < concurrency, !state.shares.isEmpty {
        let own = "\(folder)/\(state.started)"
        try FileManager.default.createDirectory(
          atPath: own, withIntermediateDirectories: true)
        state.started += 1
        state.workers.append(
          try ReplayWorker(program, state.shares.removeFirst(), folder: own))
      }
      // Asked before the answers are read: those of a process that has ended are complete.
      let running = state.workers.map(\.isRunning)
      for worker in state.workers { try collect(worker, &state) }
      onProgress(state.progress)
      if interruption() != nil {
        throw Refusal(
          "Interrupted after \(state.collector.count) of \(state.total) photographs",
          advice: answers == nil
            ? "With --answers FILE.jsonl, the same command continues from there"
            : "The same command continues from there")
      }
      for (worker, isRunning) in zip(state.workers, running) where !isRunning {
        try finish(worker, &state)
      }
      state.workers = zip(state.workers, running).filter(\.1).map(\.0)
      if !state.workers.isEmpty { sleep(Self.pauseMilliseconds) }
    }
  }

  private func collect(_ worker: ReplayWorker, _ state: inout State) throws {
    for finished in worker.finished() {
      let file = finished.file
      switch finished.answer {
      case .classified(var photograph, let document):
        photograph.endpointMilliseconds = finished.times.endpointMilliseconds
        try answers?.add(document, finished.times, of: file)
        state.collector.add(
          photograph, key: file.key, label: file.label,
          functionMilliseconds: finished.times.functionMilliseconds)
      case .failed(let reason):
        state.collector.addFailure(key: file.key, label: file.label, reason: reason)
        if state.collector.count == 0, state.collector.failures.count >= Self.failuresToGiveUp {
          throw Refusal(
            "The first \(Self.failuresToGiveUp) photographs failed, the last one with: \(reason)")
        }
      }
    }
  }

  /// Of a process that has ended: what it left is for another one.
  private func finish(_ worker: ReplayWorker, _ state: inout State) throws {
    let rest = worker.rest
    guard let first = rest.first else { return }
    let status = worker.exitStatus ?? 1
    let reason = worker.problem ?? "local-invoke ended with status \(status)"
    state.deaths = worker.hasAnswered ? 0 : state.deaths + 1
    // The first photograph of an interrupted evaluation may be the one that ends the program.
    guard worker.hasAnswered || (state.collector.count > 0 && state.deaths < Self.failuresToGiveUp)
    else {
      throw Refusal(
        "local-invoke classified nothing: \(reason)",
        advice: "Try it alone: \(program.command([first.path]).text)")
    }
    state.collector.addFailure(key: first.key, label: first.label, reason: reason)
    if rest.count > 1 { state.shares.append(Array(rest.dropFirst())) }
  }

  private func end(_ workers: [ReplayWorker]) {
    for worker in workers { worker.signal(SIGTERM) }
    var waited: Int64 = 0
    while workers.contains(where: \.isRunning) {
      if waited >= ChildProcess.graceMilliseconds { workers.forEach { $0.kill() } }
      sleep(Self.pauseMilliseconds)
      waited += Self.pauseMilliseconds
    }
  }

  /// Neighbors go to different processes, so that all end at about the same time.
  static func parts(_ files: [LabeledFile], _ count: Int) -> [[LabeledFile]] {
    var parts: [[LabeledFile]] = []
    for worker in 0..<count {
      var part: [LabeledFile] = []
      var bytes = 0
      for index in stride(from: worker, to: files.count, by: count) {
        let length = files[index].path.utf8.count + 9
        if bytes + length > maximumArgumentBytes {
          parts.append(part)
          (part, bytes) = ([], 0)
        }
        part.append(files[index])
        bytes += length
      }
      if !part.isEmpty { parts.append(part) }
    }
    return parts
  }
}
