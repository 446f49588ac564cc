import AWSControl
import ArgumentParser
import Backfill
import JSON
import Platform
import Prices

/// What a start and a resume have in common, from the selection to the end of the trial.
struct BackfillRun {
  /// Before a trial has measured it.
  private static let assumedSecondsPerImage = 0.2
  /// A job of S3 Batch Operations has been seen with no more.
  private static let assumedConcurrency = 1000

  let session: Session
  let target: BackfillTarget
  let trial: BackfillTrialOptions
  let way: BackfillEstimate.Way
  /// The tasks; empty with an inventory.
  private(set) var manifest = Manifest(hasVersions: false)
  /// The inventory that is taken instead of a manifest.
  private(set) var inventory: (location: S3Location, contents: Inventory)?
  private(set) var sample: [ManifestRow] = []
  private(set) var listed = 0
  private(set) var leftOut = LeftOut()
  /// Results of the trial, and its estimate.
  private(set) var trialJSON: OperationInput?
  private(set) var secondsPerImage = BackfillRun.assumedSecondsPerImage

  init(
    session: Session, target: BackfillTarget, trial: BackfillTrialOptions,
    way: BackfillEstimate.Way
  ) {
    self.session = session
    self.target = target
    self.trial = trial
    self.way = way
  }

  /// Nil for an inventory, until S3 has counted it.
  var taskCount: Int? { inventory == nil ? manifest.count : nil }

  mutating func take(_ outcome: Selection.Outcome) throws {
    manifest = outcome.manifest
    sample = outcome.sample
    listed = outcome.listed
    leftOut = outcome.leftOut
  }

  mutating func take(_ remainder: Remainder.Outcome) {
    manifest = remainder.manifest
    sample = remainder.sample
  }

  /// The sample is the beginning of the inventory.
  mutating func take(inventory location: S3Location) throws {
    let client = try session.client()
    let contents = try Inventory.read(location, with: client)
    inventory = (location, contents)
    session.note(
      "\(location): an inventory of \(contents.sourceBucket) in \(contents.files.count) files, taken as it is: what the "
        + "function cannot classify fails or is skipped")
    guard trial.sample > 0 else { return }
    let manifest = CreateJob.Manifest(
      format: .inventory, hasVersions: contents.hasVersions, location: location,
      eTag: contents.eTag)
    var rows: [ManifestRow] = []
    try ManifestSource(manifest, with: client).read { row in
      rows.append(row)
      return rows.count < trial.sample
    }
    sample = rows
  }

  // MARK: The estimate

  func estimate(images: Int) throws -> BackfillEstimate {
    let prices = try trial.prices.load()
    var notes: [String] = []
    let configuration = target.configuration
    var work = BackfillEstimate.Work(
      images: images, listed: listed, way: way, secondsPerImage: secondsPerImage,
      memoryGB: Double(configuration.memorySize ?? 256) / 1024,
      concurrency: way == .local
        ? trial.concurrency
        : min(max(1, target.concurrency ?? Self.assumedConcurrency), Self.assumedConcurrency),
      keepsResults: target.results != nil)
    work.isARM = configuration.architecture == "arm64"
    if let name = configuration.endpointName {
      work.instances = try BackfillEstimate.Work.Instances.behind(
        name, speed: trial.imagesPerSecond, prices: prices, with: try session.client(),
        notes: &notes)
    }
    session.warn(notes)
    return try BackfillEstimate(work, prices: prices)
  }

  /// `$10.75 in 20 min`
  func text(_ estimate: BackfillEstimate) -> String {
    "about \(Text.dollars(estimate.dollars)) in \(Text.duration(seconds: max(1, estimate.hours * 3600)))"
  }

  func showEstimateAndAgree() throws {
    let name = "\(target.functionName):\(target.version)"
    let tried = min(trial.sample, sample.count)
    let first = tried > 0 ? ", \(Text.count(tried)) of them first as a trial" : ""
    session.warn([target.sharing])
    guard let taskCount else {
      return try session.agree(
        to: "Classify the objects of the inventory with \(name)\(first)",
        otherwise: "To see what would be done, use --dry-run")
    }
    let estimate = try estimate(images: taskCount)
    session.note(BackfillListing.estimate(estimate).text)
    if estimate.items.contains(where: { $0.name.hasPrefix("endpoint") }) {
      session.warn(["The endpoint costs nothing more if it runs anyway"])
    }
    try session.agree(
      to: "Classify \(Text.count(taskCount)) objects with \(name), \(text(estimate))\(first)",
      otherwise: "To see what would be done, use --dry-run")
  }

  // MARK: The trial

  /// Shows what failed, and asks then.
  ///
  /// - Throws: `Refusal` when more than half failed: S3 would end such a job.
  mutating func runTrial() throws {
    guard !sample.isEmpty else { return }
    let client = try session.client()
    let outcome = try Trial(
      functionName: target.unqualifiedARN, version: target.version, width: trial.concurrency
    ).run(
      sample, with: client, isInterrupted: { [session] in session.isInterrupted },
      onProgress: { [session] in session.progress.show($0) })
    secondsPerImage = outcome.meanSeconds
    let summary = outcome.summary
    session.note(
      "Trial, \(BackfillListing.totals(summary)), \(Text.number(outcome.meanSeconds)) s each")
    trialJSON = BackfillListing.summaryJSON(summary)
    guard summary.failed > 0 else { return }
    session.note(BackfillListing.failures(summary).text)
    guard summary.failed * 2 <= summary.tasks else {
      throw Refusal(
        "\(summary.failed) of \(summary.tasks) objects failed in the trial, so that nothing was created",
        advice: "Mend the cause above. To start without a trial, use --sample 0")
    }
    try session.agree(
      to: "\(summary.failed) of \(summary.tasks) objects failed in the trial",
      otherwise: "Mend the cause above, then repeat the command")
  }

  // MARK: Results

  var members: OperationInput {
    var members: OperationInput = [
      "function": target.functionName, "version": target.version, "tasks": taskCount,
      "listed": listed, "leftOut": BackfillListing.leftOutJSON(leftOut), "sharing": target.sharing,
    ]
    if let trialJSON { members.set("trial", to: trialJSON.json) }
    return members
  }

  func planLocally(folder: String) throws {
    var rest = sample.prefix(1)
    let pool = InvocationPool<ManifestRow>(
      functionName: target.unqualifiedARN, qualifier: target.version, width: 1,
      with: try session.client(),
      next: { rest.popFirst().map { ($0, TaskInvocation.event($0, jobID: "local")) } },
      finished: { _, _ in true })
    try pool.run()
    let estimate = try estimate(images: manifest.count)
    var json = members
    json.set("estimate", to: BackfillListing.estimateJSON(estimate).json)
    session.done(
      "",
      planned:
        "Would classify \(Text.count(manifest.count)) objects from this machine, with a report in \(folder)",
      json: json)
  }
}
