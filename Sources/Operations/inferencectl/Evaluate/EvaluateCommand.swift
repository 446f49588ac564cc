import AWSControl
import ArgumentParser
import Evaluation
import Foundation

struct EvaluateCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a model with labeled photographs, and compare it with an older one.",
    discussion: """
      Each photograph goes through the function's own code, started by local-invoke; nothing is deployed. The label of \
      a photograph is the folder that it is in, or comes from --labels or --label-pattern. Labels that no class matches \
      are listed, not counted as wrong.

      Examples:
        inferencectl evaluate dogImages/test --model trained/model.tar.gz --report page.html
        inferencectl evaluate dogImages/test --endpoint-name dog-breeds --output json > old.json
        inferencectl evaluate dogImages/test --model new.tar.gz --compare old.json --fail-below 0.9 --max-flips 2%
        inferencectl evaluate --results s3://my-dog-results/results --labels corrected.csv

      Exit status: 4 if --fail-below, --max-flips, or --fail-if-worse decides so.
      """)

  @Argument(
    help: ArgumentHelp(
      "Folder of photographs, for example dogImages/test.", valueName: "folder"))
  var photographs: String?
  @Option(
    help: ArgumentHelp(
      "Evaluate results that the function stored, instead of photographs: s3://BUCKET/PREFIX, or the folder of an export.",
      valueName: "place"))
  var results: String?
  @OptionGroup var model: EvaluatedModelOptions
  @OptionGroup var truth: TruthOptions
  @OptionGroup var verdict: VerdictOptions
  @Option(help: ArgumentHelp("Write a page with the figures.", valueName: "file.html"))
  var report: String?
  @Option(
    help: ArgumentHelp(
      "Also write the result of --output json to this file, for a later --compare.",
      valueName: "file.json"))
  var save: String?
  @OptionGroup var costs: EvaluationCostOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard (photographs == nil) != (results == nil) else {
      throw ValidationError(
        "Specify a folder of labeled photographs, for example dogImages/test, or --results s3://BUCKET/PREFIX."
      )
    }
    // That of a variable that is not set would be the current folder.
    guard photographs?.isEmpty != true else { throw ValidationError("The folder is empty text.") }
    guard save == nil || save != report else {
      throw ValidationError("--save and --report must be two files.")
    }
    guard results == nil || !(model.isGiven || model.answers != nil || model.classLabels != nil)
    else {
      throw ValidationError(
        "--results has the answers already: it cannot be combined with the options of a model.")
    }
  }

  func run(in session: Session) throws {
    let old = try verdict.compare.map(readOld)
    for file in [report, save].compactMap({ $0 }) { try OutputFile.requireFolder(of: file) }
    let evaluated: Evaluated
    if let photographs {
      guard
        let measured = try EvaluationRun(model: model, truth: truth, session: session)
          .evaluate(photographs)
      else { return }
      evaluated = measured
    } else if let results {
      evaluated = try KeptResults(place: results, truth: truth, session: session).evaluate()
    } else {
      return
    }
    try finish(evaluated, old, session)
  }

  private func readOld(_ path: String) throws -> Evaluation {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Refusal("--compare \(path) cannot be read")
    }
    return try Evaluation(document: Array(data), path: path)
  }

  private func finish(_ evaluated: Evaluated, _ old: Evaluation?, _ session: Session) throws {
    let evaluation = evaluated.evaluation
    let comparison = old.map { EvaluationComparison(old: $0, new: evaluation) }
    if let comparison, let old, comparison.common == 0 {
      throw Refusal(
        "\(verdict.compare ?? "") has no photograph of this evaluation: its keys are like "
          + "\(old.observations.first?.key ?? "(none)"), these like \(evaluation.observations.first?.key ?? "(none)")",
        advice: "Evaluate the same folder")
    }
    let cost = try costs.cost(of: evaluation)
    let document = EvaluationDocument(evaluation, comparison: comparison, cost: cost)
    // First, so that a full disk does not cost the measurement.
    session.result(
      EvaluationText(evaluation, comparison, cost).text, json: document.json)
    if let save {
      try OutputFile.write(PrettyJSON.text(document.json.json) + "\n", to: save)
    }
    if let report {
      let keys = EvaluationPage.pictured(evaluation, comparison)
      let page = EvaluationPage(
        evaluation, comparison: comparison, cost: cost,
        thumbnails: try evaluated.thumbnails(keys))
      try OutputFile.write(page.html, to: report)
      session.note("The page is \(report)")
    }
    let failures = verdict.failures(evaluation, comparison)
    for failure in failures { session.note("Not good enough: \(failure).") }
    if !failures.isEmpty { throw ExitCode(EvaluateCommand.notGoodEnough) }
  }

  /// A model that is measured, and does not pass.
  static let notGoodEnough: Int32 = 4
}

/// An evaluation, and where its photographs are.
struct Evaluated {
  let evaluation: Evaluation
  /// Small pictures by key, as far as they can be made.
  let thumbnails: (_ keys: [String]) throws -> [String: String]
}
