import AWSControl
import ArgumentParser
import Backfill
import JSON

struct BackfillResume: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Confirm a suspended job, or run again what has not succeeded.",
    discussion: """
      A job that has ended cannot be continued: another one gets the old manifest without the tasks that succeeded by the \
      completion report, with the same function version, role, and place of the report.

      Examples:
        inferencectl backfill resume 8d116ece-1738-47d9-bd9c-172411e20b8f
        inferencectl backfill resume --folder backfill-20261126T101500Z
      """)

  @OptionGroup var run: BackfillRunOptions
  @OptionGroup var trial: BackfillTrialOptions

  @Option(
    help: ArgumentHelp(
      "Alias or version for the tasks that are left (default: the version of the job).",
      valueName: "qualifier"))
  var qualifier: String?

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard qualifier == nil || run.folder == nil else {
      throw ValidationError("--qualifier is for a job.")
    }
  }

  func run(in session: Session) throws {
    session.armInterruption()
    if let folder = run.folder {
      let local = LocalFolder(path: folder)
      _ = try local.run()
      guard !session.shared.dryRun else {
        return session.done(
          "", planned: "Would run what has not succeeded yet", json: ["folder": folder])
      }
      return try LocalBackfill(session: session, folder: local, width: trial.concurrency).run()
    }
    let client = try session.client()
    let jobs = BackfillJob(
      accountID: try client.read(GetCallerIdentity()).account, client: client)
    let job = try jobs.describe(run.jobID ?? "")
    if job.status == .suspended {
      return try BackfillConfirmation(session: session, jobs: jobs).confirm(
        job, price: { try price(job, session) }, expected: nil, json: [:])
    }
    guard job.status.isFinal else {
      throw Refusal(
        "Job \(job.jobID) is \(job.status.rawValue): there is nothing to resume yet",
        advice: "Follow it with `backfill status \(job.jobID) --watch`")
    }
    try repeatRest(of: job, session)
  }

  private func price(_ job: DescribeJob.Output, _ session: Session) throws -> String {
    guard let total = job.progress.total else { return "" }
    let run = BackfillRun(
      session: session, target: try target(job, session), trial: trial, way: .batchOperations)
    return ", " + run.text(try run.estimate(images: total))
  }

  private func target(
    _ job: DescribeJob.Output, _ session: Session
  ) throws -> BackfillTarget {
    guard let arn = job.functionARN else {
      throw Refusal("Job \(job.jobID) does not invoke a function")
    }
    let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
    let name = parts.prefix(7).joined(separator: ":")
    return try BackfillTarget.resolve(
      name, qualifier: qualifier ?? (parts.count > 7 ? String(parts[7]) : "$LATEST"),
      with: try session.client())
  }

  private func repeatRest(of job: DescribeJob.Output, _ session: Session) throws {
    let client = try session.client()
    guard let manifest = job.manifest, let place = job.report, let role = job.roleARN else {
      throw Refusal(
        "Job \(job.jobID) has no manifest or no report, so that it cannot be resumed",
        advice: "Start another with `backfill start --only-missing`")
    }
    let report = try CompletionReport.find(of: job.jobID, under: place, with: client)
    guard report != nil || job.progress.succeeded + job.progress.failed == 0 else {
      throw Refusal(
        "S3 has not written the completion report of job \(job.jobID) yet",
        advice: "It does so within an hour of the end; repeat the command then")
    }
    let remainder = try Remainder.read(
      ManifestSource(manifest, with: client), hasVersions: manifest.hasVersions, report: report,
      sampleCount: trial.sample)
    let count = remainder.manifest.count
    session.note(
      "Job \(job.jobID): \(Text.count(remainder.succeeded)) tasks succeeded, \(Text.count(count)) are left"
    )
    guard count > 0 else {
      return session.done(
        "Nothing is left to do", planned: "Nothing is left to do",
        json: ["job": job.jobID, "tasks": 0])
    }
    var next = BackfillRun(
      session: session, target: try target(job, session), trial: trial, way: .batchOperations)
    next.take(remainder)
    var options = BackfillJobOptions()
    options.roleArn = role
    options.store = Self.store(of: place).description
    options.priority = job.priority ?? 10
    // The rest may be the whole manifest, which has a job already.
    options.again = count > 0 && remainder.succeeded == 0
    var run = BackfillJobRun(run: next, options: options)
    run.resumed = job.jobID
    try run.start()
  }

  /// `s3://results/backfill/` of `s3://results/backfill/reports`.
  private static func store(of report: S3Location) -> S3Location {
    let parts = report.key.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return S3Location(
      bucket: report.bucket, key: parts.isEmpty ? "" : parts.joined(separator: "/") + "/")
  }
}

/// A local run at work, from its start or its resume.
struct LocalBackfill {
  let session: Session
  let folder: LocalFolder
  let width: Int

  func run() throws {
    let local = try DirectRun(
      folder, width: width, with: try session.client(),
      isInterrupted: { [session] in session.isInterrupted })
    local.onProgress = { [session] in session.progress.show($0) }
    let end = try local.start()
    let summary = try BackfillReport.summary(folder)
    if summary.failed > 0 { session.note(BackfillListing.failures(summary).text) }
    let rest =
      switch end {
      case .complete: ""
      case .interrupted: ". Interrupted: to continue, use `backfill resume --folder \(folder.path)`"
      case .failing:
        ". Ended because more than half of the tasks failed: mend the cause, then use `backfill resume --folder "
          + "\(folder.path)`"
      }
    session.done(
      BackfillListing.totals(summary) + rest,
      json: [
        "folder": folder.path, "end": "\(end)", "summary": BackfillListing.summaryJSON(summary),
      ])
    if end != .complete || summary.failed > 0 { throw ExitCode(1) }
  }
}
