import Foundation
import Training

/// One `local-invoke` at work on a list of photographs.
final class ReplayWorker {
  /// A photograph with its answer.
  struct Finished {
    let file: LabeledFile
    let answer: ReplayAnswer
    let times: ReplayLog.Times
  }

  private let files: [LabeledFile]
  private let process: ChildProcess
  private let folder: String
  private var output: LineFile
  private var errors: LineFile
  private var log = ReplayLog()
  /// Those that are not taken yet: an answer of many classes is large.
  private var answers: [ReplayAnswer] = []
  private var taken = 0

  /// - Parameter folder: an empty one for what it prints.
  /// - Throws: `TrainingError` when it cannot be started.
  init(_ program: ReplayProgram, _ files: [LabeledFile], folder: String) throws(TrainingError) {
    self.files = files
    self.folder = folder
    output = LineFile(path: "\(folder)/output")
    errors = LineFile(path: "\(folder)/errors")
    process = try ChildProcess(
      program.command(files.map(\.path)), environment: program.environment,
      output: .files(output: output.path, errors: errors.path))
  }

  deinit {
    // What is left of it does no harm.
    try? FileManager.default.removeItem(atPath: folder)
  }

  var isRunning: Bool { process.isRunning }
  var exitStatus: Int32? { process.exitStatus }
  var problem: String? { log.problem }

  func signal(_ number: Int32) { process.signal(number) }
  func kill() { process.killGroup() }

  /// What was finished since the last call. After the end of the process it is all that there will be.
  func finished() -> [Finished] {
    let hasEnded = !process.isRunning
    answers += output.newLines().map(ReplayAnswer.init)
    for line in errors.newLines() { log.read(line: line) }
    // The times of an invocation are printed before its answer, but to another file.
    let answered = taken + answers.count
    let ready = min(files.count, hasEnded ? answered : min(answered, log.invocations.count))
    guard taken < ready else { return [] }
    let finished = zip(taken..<ready, answers).map { index, answer in
      Finished(
        file: files[index], answer: answer,
        times: log.invocations.indices.contains(index) ? log.invocations[index] : .init())
    }
    answers.removeFirst(finished.count)
    taken = ready
    return finished
  }

  /// Photographs without an answer.
  var rest: [LabeledFile] { Array(files.dropFirst(taken)) }
  var hasAnswered: Bool { taken > 0 }
}
