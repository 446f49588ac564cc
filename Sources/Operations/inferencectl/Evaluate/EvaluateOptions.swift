import AWSControl
import ArgumentParser
import Evaluation
import Foundation
import Training

/// Which model classifies the photographs.
struct EvaluatedModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "SageMaker endpoint of your account. Its invocations are billed.", valueName: "name"))
  var endpointName: String?

  @Option(
    help: ArgumentHelp(
      "SageMaker-compatible container at this URL, for example http://127.0.0.1:8080.",
      valueName: "url"))
  var container: String?

  @Option(
    help: ArgumentHelp(
      "Trained model, a model.tar.gz or its folder, in SageMaker's serving code for PyTorch.",
      valueName: "path"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "File with one class name per line, in the order of the model's output.", valueName: "file"))
  var classLabels: String?

  @Option(
    help: ArgumentHelp(
      "Number of photographs at the same time, 1 to 32 (default: 4 with an endpoint, otherwise 1).",
      valueName: "n"))
  var concurrency: Int?

  @Option(
    help: ArgumentHelp(
      "Keep each answer in this file; the same command continues where it stopped.",
      valueName: "file.jsonl"))
  var answers: String?

  @Option(
    help: ArgumentHelp(
      "The local-invoke program (default: beside this program, then in PATH).", valueName: "path"))
  var localInvoke: String?

  func validate() throws {
    let chosen = [
      (endpointName, "--endpoint-name"), (container, "--container"), (model, "--model"),
    ].filter { $0.0 != nil }.map(\.1)
    guard chosen.count <= 1 else {
      throw ValidationError("\(chosen.joined(separator: " cannot be combined with ")).")
    }
    guard (1...32).contains(concurrency ?? 1) else {
      throw ValidationError("--concurrency must be 1 to 32.")
    }
    if let container, !container.hasPrefix("http://"), !container.hasPrefix("https://") {
      throw ValidationError("--container must begin with http:// or https://.")
    }
  }

  var isGiven: Bool { endpointName != nil || container != nil || model != nil }

  /// What kept answers are of: a file that was written anew is another model.
  var identity: String {
    let files = [model, classLabels].compactMap { $0 }.map { path in
      let states = (try? PhotographListing.files(in: path))?.map { "\(path)/\($0.path)" } ?? [path]
      return states.map { "\($0) \(PhotographListing.state($0))" }.sorted().joined(separator: ", ")
    }
    return ([title] + files).joined(separator: "; ")
  }

  /// What the figures are of, in the result and on the page.
  var title: String {
    if let endpointName { return "endpoint \(endpointName)" }
    if let container { return "container \(container)" }
    if let model { return "model \(model)" }
    return "built-in model"
  }
}

/// What is on the photographs.
struct TruthOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "CSV file with the columns key and label (default: the folder of each photograph is its label).",
      valueName: "file.csv"))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "Regular expression whose first group is the label, for example '([A-Za-z_]+)_[0-9]+\\.jpg$'.",
      valueName: "regex"))
  var labelPattern: String?

  func validate() throws {
    guard labels == nil || labelPattern == nil else {
      throw ValidationError("--labels cannot be combined with --label-pattern.")
    }
  }

  /// - Throws: `Refusal` for a file or an expression that cannot be read.
  func rule() throws -> LabelRule {
    if let labelPattern { return try .checked(pattern: labelPattern) }
    guard let labels else { return .folder }
    // Also a pipe, as a shell's <(…) is.
    guard let data = try? FileHandle(forReadingAtPath: labels)?.readToEnd() else {
      throw Refusal("\(labels) cannot be read")
    }
    return try .table(csv: Array(data), path: labels)
  }
}

/// When the model is not good enough.
struct VerdictOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Compare with this result of an earlier evaluate --output json.", valueName: "old.json"))
  var compare: String?

  @Option(
    help: ArgumentHelp(
      "Exit with status 4 if fewer photographs are classified correctly, for example 0.9 or 90%.",
      valueName: "share"))
  var failBelow: ShareArgument?

  @Option(
    help: ArgumentHelp(
      "With --compare: exit with status 4 if more photographs get another class, for example 2%.",
      valueName: "share"))
  var maxFlips: ShareArgument?

  @Flag(
    help: "With --compare: exit with status 4 if the model is significantly worse (p < 0.05).")
  var failIfWorse = false

  func validate() throws {
    guard compare != nil || (maxFlips == nil && !failIfWorse) else {
      throw ValidationError("--max-flips and --fail-if-worse require --compare.")
    }
  }

  /// Why the model does not pass, a sentence each.
  func failures(_ evaluation: Evaluation, _ comparison: EvaluationComparison?) -> [String] {
    var failures: [String] = []
    if let failBelow {
      let gate = evaluation.gate
      let value = gate.value ?? 0
      if value < failBelow.value {
        failures.append(
          "\(EvaluationText.share(gate)) are classified correctly, less than --fail-below "
            + Text.percent(failBelow.value))
      }
    }
    if let maxFlips, let comparison, (comparison.flips.value ?? 1) > maxFlips.value {
      failures.append(
        "\(EvaluationText.share(comparison.flips)) have another class, more than --max-flips "
          + Text.percent(maxFlips.value))
    }
    if failIfWorse, let comparison, comparison.verdict == .worse {
      failures.append("the model is significantly worse than \(comparison.oldModel)")
    }
    if failIfWorse, let comparison, comparison.before.total == 0 {
      failures.append(
        "no photograph has a label that is a class of both models, so that --fail-if-worse cannot decide"
      )
    }
    return failures
  }
}

/// What the cost per 1,000 is of.
struct EvaluationCostOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Instance type of the endpoint, for its cost per 1,000 photographs.", valueName: "type"))
  var instanceType: String?

  @Option(
    help: ArgumentHelp("Memory size of the function in MB, for its cost.", valueName: "mb"))
  var memory = 256

  @OptionGroup var prices: PriceOption

  func validate() throws {
    guard (128...10_240).contains(memory) else {
      throw ValidationError("--memory must be 128 to 10240 MB.")
    }
  }

  /// Nil where no time is known.
  func cost(of evaluation: Evaluation) throws -> ThousandCost? {
    guard let function = evaluation.functionMilliseconds ?? evaluation.endpointMilliseconds else {
      return nil
    }
    return try ThousandCost(
      functionMilliseconds: function.mean,
      endpointMilliseconds: evaluation.endpointMilliseconds?.mean, memoryMB: memory,
      instanceType: instanceType, prices: prices.load())
  }
}
