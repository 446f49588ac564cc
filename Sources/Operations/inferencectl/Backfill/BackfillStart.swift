import AWSControl
import ArgumentParser
import Backfill
import Foundation
import JSON
import Platform

struct BackfillStart: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "start",
    abstract: "Classify the images below a prefix: list, estimate, try some, then start a job.",
    discussion: """
      Objects that are not images, too large, archived, empty, or results of the function are left out, and counted. \
      --sample objects are classified first; then a job of S3 Batch Operations is created, whose number of tasks and price \
      are confirmed before it runs. The same command with the same objects finds the job that it has created.

      Examples:
        inferencectl backfill start s3://my-dog-photos/uploads/ --function-name dog-breeds --only-missing --role-arn arn:aws:iam::111122223333:role/backfill
        inferencectl backfill start s3://my-dog-photos/uploads/ --function-name dog-breeds --local --suffix .jpg
      """)

  @Argument(
    help: ArgumentHelp(
      "Where the images are: bucket and beginning of the keys, for example s3://my-dog-photos/uploads/.",
      valueName: "location"))
  var location: String?

  @OptionGroup var function: FunctionOption
  @Option(
    help: ArgumentHelp(
      "Alias or version of the function; an alias is resolved to its version.",
      valueName: "qualifier"))
  var qualifier = "live"

  @Option(
    help: ArgumentHelp(
      "Only keys that end with this, for example .jpg; repeat for more (default: keys with an image's extension, or none).",
      valueName: "text"))
  var suffix: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only objects written at this time or later, for example 2026-01-31 or 2026-01-31T12:00:00Z.",
      valueName: "time"))
  var createdAfter: TimeArgument?

  @Option(
    help: ArgumentHelp("Only objects written before this time.", valueName: "time"))
  var createdBefore: TimeArgument?

  @Flag(help: "Only objects without a result in RESULT_BUCKET.")
  var onlyMissing = false

  @Option(
    help: ArgumentHelp(
      "At most this many objects, in the order of their keys.", valueName: "number"))
  var limit: Int?

  @Option(
    help: ArgumentHelp(
      "Take the objects of an S3 Inventory instead, as it is: s3://BUCKET/…/manifest.json.",
      valueName: "location"))
  var inventory: String?

  @OptionGroup var trial: BackfillTrialOptions
  @OptionGroup var job: BackfillJobOptions

  @Flag(
    help: "Invoke the function from this machine, for at most 10,000 objects, instead of a job.")
  var local = false

  @Option(
    help: ArgumentHelp(
      "Folder for manifest and report of a local run (default: backfill-TIME).", valueName: "dir"))
  var folder: String?

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard (location == nil) != (inventory == nil) else {
      throw ValidationError("Pass the location of the images, or --inventory.")
    }
    if let location, S3Location(location) == nil {
      throw ValidationError("The location must be s3://BUCKET/PREFIX, not \(location).")
    }
    if let inventory {
      guard S3Location(inventory)?.key.hasSuffix("manifest.json") == true else {
        throw ValidationError("--inventory must be s3://BUCKET/…/manifest.json, not \(inventory).")
      }
      let filters = !suffix.isEmpty || createdAfter != nil || createdBefore != nil || limit != nil
      guard !filters, !onlyMissing, !local else {
        throw ValidationError(
          "--inventory takes all of its objects: it excludes --suffix, --created-after, --created-before, --only-missing, "
            + "--limit, and --local.")
      }
    }
    guard suffix.allSatisfy({ !$0.isEmpty }) else {
      throw ValidationError("--suffix must not be empty.")
    }
    guard limit.map({ $0 > 0 }) ?? true else {
      throw ValidationError("--limit must be at least 1.")
    }
    if let after = createdAfter, let before = createdBefore {
      guard after.unixMilliseconds < before.unixMilliseconds else {
        throw ValidationError("--created-after must be before --created-before.")
      }
    }
    guard folder == nil || local else { throw ValidationError("--folder requires --local.") }
    try job.check(isLocal: local)
  }

  func run(in session: Session) throws {
    session.armInterruption()
    let client = try session.client()
    let target = try BackfillTarget.resolve(
      function.functionName, qualifier: qualifier, with: client)
    session.warn(target.notes)
    var run = BackfillRun(
      session: session, target: target, trial: trial, way: local ? .local : .batchOperations)
    if let place = inventory.flatMap({ S3Location($0) }) {
      try run.take(inventory: place)
    } else if let place = location.flatMap({ S3Location($0) }) {
      try run.take(try select(place, target, session))
    }
    if local {
      try startLocally(run, session)
    } else {
      var started = BackfillJobRun(run: run, options: job)
      try started.start()
    }
  }

  private func select(
    _ place: S3Location, _ target: BackfillTarget, _ session: Session
  ) throws -> Selection.Outcome {
    let client = try session.client()
    if let problem = target.problem(with: place) { session.warn([problem]) }
    var rules = SelectionRules(bucket: place.bucket, maximumImageBytes: target.maximumImageBytes)
    rules.suffixes = suffix
    rules.createdAfter = createdAfter?.unixMilliseconds
    rules.createdBefore = createdBefore?.unixMilliseconds
    rules.results = target.results
    rules.store = local ? nil : try job.store(target)
    let selection = Selection(
      rules: rules, prefix: place.key, hasVersions: try client.hasVersions(bucket: place.bucket),
      onlyMissing: onlyMissing, sampleCount: trial.sample, maximumCount: limit)
    let outcome = try selection.run(
      with: client, isInterrupted: { session.isInterrupted },
      onProgress: { session.progress.show($0) })
    session.note(
      "\(place): \(Text.count(outcome.listed)) objects listed, \(Text.count(outcome.manifest.count)) selected ("
        + "\(Text.size(outcome.bytes))\(selection.hasVersions ? ", with their versions" : ""))")
    if !outcome.leftOut.all.isEmpty { session.note(BackfillListing.leftOut(outcome.leftOut).text) }
    guard outcome.manifest.count > 0 else {
      throw Refusal("There is nothing to classify at \(place)")
    }
    return outcome
  }

  private func startLocally(_ selected: BackfillRun, _ session: Session) throws {
    var run = selected
    let count = run.manifest.count
    guard count <= DirectRun.maximumObjects else {
      throw Refusal(
        "\(Text.count(count)) objects are too many for --local, which takes \(Text.count(DirectRun.maximumObjects))",
        advice: "Leave out --local, or limit them with --limit")
    }
    let time = Text.time(unixMilliseconds: session.clock.unixMilliseconds())
    let place = folder ?? "backfill-\(time.filter { $0 != ":" && $0 != "-" })"
    let local = LocalFolder(path: place)
    // Before the trial, which costs invocations.
    try local.requireAbsent()
    try run.showEstimateAndAgree()
    guard !session.shared.dryRun else { return try run.planLocally(folder: place) }
    try run.runTrial()
    try local.create(
      LocalFolder.Run(
        functionName: run.target.functionName, functionARN: run.target.unqualifiedARN,
        version: run.target.version, tasks: count, creationTime: time), run.manifest)
    try LocalBackfill(session: session, folder: local, width: trial.concurrency).run()
  }
}
