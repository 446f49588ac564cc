import AWSControl
import ArgumentParser
import Foundation
import JSON
import Results

struct ResultsReview: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "review",
    abstract: "Write the most doubtful results as tasks for people to label in Label Studio.",
    discussion: """
      Writes tasks.json and label-config.xml into a new folder. In Label Studio, use the second file as the labeling \
      interface and import the first. Label Studio reads s3:// addresses with the credentials of a source storage of \
      the bucket; --presign writes addresses that work without, until they expire. When people are done, export as \
      JSON and run results labels.

      Examples:
        inferencectl results review --function-name photo-classifier --below 0.6 --limit 200 --to review/
        inferencectl results review --from export/ --by margin --per-class 5 --to review/
      """)

  @OptionGroup var place: ResultPlace
  @OptionGroup var filter: ResultFilterOptions
  @OptionGroup var shared: SharedOptions

  @Option(help: ArgumentHelp("Maximum number of tasks, for example 200.", valueName: "number"))
  var limit = 200

  @Option(
    help: ArgumentHelp(
      "Maximum number of tasks with the same most probable class (default: no limit).",
      valueName: "number"))
  var perClass: Int?

  @Option(
    help:
      "What is doubtful: a low probability, a small margin to the second class, or a high entropy.")
  var by = ReviewSelection.Measure.probability

  @Option(
    name: .customLong("to"), help: ArgumentHelp("New or empty folder.", valueName: "dir"))
  var folder: String

  @Option(
    help: ArgumentHelp(
      "Hours, 1 to 168, for which the addresses of the photographs work without credentials.",
      valueName: "hours"))
  var presign: Int?

  func validate() throws {
    guard limit > 0, perClass ?? 1 > 0 else {
      throw ValidationError("--limit and --per-class must be at least 1.")
    }
    guard (1...168).contains(presign ?? 1) else {
      throw ValidationError("--presign must be 1 to 168 hours.")
    }
  }

  func run(in session: Session) throws {
    let source = try place.source(
      filter.filter(now: session.clock.unixMilliseconds()), in: session)
    session.follow(source)
    var selection = ReviewSelection(by: by, limit: limit, limitPerClass: perClass)
    try source.forEach(ranking: .max) { result, _ in
      selection.add(result)
      return true
    }
    session.noteTrouble(of: source)
    if selection.unmeasured > 0 {
      session.note("Note: \(selection.unmeasured) results have no values for --by \(by.rawValue).")
    }
    let items = selection.chosen
    guard !items.isEmpty else {
      throw Refusal(
        "No result is to be reviewed", advice: "Choose a higher --below, or leave it out")
    }
    try write(items, in: session)
  }

  private func write(_ items: [ReviewSelection.Item], in session: Session) throws {
    let client = presign == nil ? nil : try session.client()
    let tasks = try ReviewTasks.json(items) { image in
      let location = S3Location(bucket: image.bucket, key: image.key)
      guard let client, let presign else { return location.description }
      return try client.presignedURL(
        location, versionID: image.versionID, expiresInSeconds: presign * 3600)
    }
    let configuration = ReviewTasks.labelConfiguration(ReviewTasks.classes(items))
    if !shared.dryRun {
      let files = try NewFolder(folder)
      try files.write(tasks.serialized(), to: "tasks.json")
      try files.write(Array(configuration.utf8), to: "label-config.xml")
    }
    session.done(
      """
      \(items.count) tasks in \(folder)/tasks.json, labeling interface in \(folder)/label-config.xml
      When they are labeled: inferencectl results labels EXPORT.json --to labels.csv
      """,
      planned: "Would write \(items.count) tasks into \(folder)",
      json: [
        "tasks": "\(folder)/tasks.json", "labelConfiguration": "\(folder)/label-config.xml",
        "count": items.count,
        "mostDoubtful": items.first.map { ResultText.json($0.result) },
      ])
  }
}

extension ReviewSelection.Measure: ExpressibleByArgument {}
