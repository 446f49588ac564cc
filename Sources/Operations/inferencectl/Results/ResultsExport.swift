import AWSControl
import ArgumentParser
import Results

struct ResultsExport: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write results as CSV or JSON Lines into compressed parts on this machine.",
    discussion: """
      JSON Lines has whole documents, each with resultKey and written; CSV the best two classes. Parts are written one \
      after the other. Interrupted or killed at any moment, the same command continues behind the last complete part, \
      without a gap or a repetition. For Parquet, let Athena write it: results athena --parquet.

      A text in CSV that a spreadsheet would run as a formula (=, +, -, @, tab, carriage return), or that begins with an \
      apostrophe, gets an apostrophe in front.

      Examples:
        inferencectl results export --function-name photo-classifier --format jsonl --to export/
        inferencectl results export --from s3://my-dog-results/results --since 2026-11-01 --format csv --to november/
      """)

  @OptionGroup var place: ResultPlace
  @OptionGroup var filter: ResultFilterOptions
  @OptionGroup var shared: SharedOptions

  @Option(help: "Format of the parts.")
  var format = ResultExport.Format.jsonl

  @Option(
    name: .customLong("to"),
    help: ArgumentHelp(
      "New or empty folder, or that of an interrupted export to continue.", valueName: "dir"))
  var folder: String

  @Option(help: ArgumentHelp("Results in one part, 1 to 10000000.", valueName: "number"))
  var partResults = 100_000

  func validate() throws {
    guard (1...10_000_000).contains(partResults) else {
      throw ValidationError("--part-results must be 1 to 10000000.")
    }
    // A time ago is another time in each run, so the run that continues would take other results.
    for text in [filter.times.since, filter.times.until] {
      if let text, text.hasSuffix("m") || text.hasSuffix("h") || text.hasSuffix("d") {
        throw ValidationError(
          "Pass a fixed time (2026-11-23T10:00:00Z), so that the export can be continued.")
      }
    }
  }

  func run(in session: Session) throws {
    let keys = try place.keys(in: session)
    let filter = try filter.filter(now: session.clock.unixMilliseconds())
    guard !shared.dryRun else {
      return session.done(
        "", planned: "Would export \(keys.location) into \(folder)", json: ["folder": folder])
    }
    let export = try ResultExport(
      folder: folder, format: format, resultsPerPart: partResults, scope: scope(keys))
    guard !export.state.isComplete else {
      return report(export, "complete already", session)
    }
    if export.state.results > 0 {
      session.note(
        "Continuing behind \(export.state.results) results in \(export.state.parts.count) parts.")
    }
    let source = BucketResults(keys, filter, after: export.position, with: try session.client())
    session.follow(source)
    try source.forEach(ranking: export.ranking) { result, document in
      try export.add(result, document)
      return true
    }
    try export.finish()
    report(export, "complete", session)
    session.noteTrouble(of: source)
  }

  private func report(_ export: ResultExport, _ end: String, _ session: Session) {
    let state = export.state
    session.result(
      "\(state.results) results in \(state.parts.count) parts in \(folder), \(end)",
      json: [
        "folder": folder, "results": state.results,
        "bytes": state.parts.reduce(0) { $0 + $1.bytes },
        "parts": state.parts.map { part -> OperationInput in
          ["name": part.name, "results": part.results, "bytes": part.bytes]
        },
      ])
  }

  /// What makes two runs the same export.
  private func scope(_ keys: ResultKeys) -> [String: String] {
    let all: [String: String?] = [
      "results": keys.location.description, "format": format.rawValue,
      "partResults": String(partResults), "images": filter.images?.description,
      "classes": filter.classes.isEmpty ? nil : filter.classes.sorted().joined(separator: ", "),
      "atLeast": filter.atLeast.map { String($0.value) },
      "below": filter.below.map { String($0.value) }, "since": filter.times.since,
      "until": filter.times.until,
    ]
    return all.compactMapValues { $0 }
  }
}

extension ResultExport.Format: ExpressibleByArgument {}
