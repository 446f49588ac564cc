import AWSClient
import AWSControl
import ArgumentParser
import Backfill
import JSON
import Platform

/// From the trial to the confirmed job.
struct BackfillJobRun {
  /// S3 answers `SlowDown` to more.
  static let pollSeconds = 30

  var run: BackfillRun
  let options: BackfillJobOptions
  /// The job that is resumed.
  var resumed: String?

  private var session: Session { run.session }

  mutating func start() throws {
    let client = try session.client()
    let store = try options.store(run.target)
    let role = options.roleArn ?? ""
    let report = S3Location(bucket: store.bucket, key: store.key + "reports")
    let place =
      run.inventory?.location
      ?? S3Location(bucket: store.bucket, key: "\(store.key)manifests/\(run.manifest.name).csv")
    try checkRole(role, manifest: place, report: report)
    try run.showEstimateAndAgree()
    if !session.shared.dryRun { try run.runTrial() }
    let manifest = try self.manifest(at: place)
    // Nothing would look at Ctrl-C between the upload and the job.
    if session.isInterrupted { throw Interrupted(activity: "the upload of the manifest") }
    let account = try client.read(GetCallerIdentity()).account
    var request = CreateJob(
      accountID: account, partition: client.configuration.partition.name,
      functionARN: run.target.functionARN, manifest: manifest, report: report,
      clientRequestToken: BackfillJob.token(
        manifest: manifest, functionARN: run.target.functionARN, roleARN: role,
        salt: options.again ? "\(session.clock.unixMilliseconds())" : ""),
      priority: options.priority, roleARN: role)
    request.description =
      "\(BackfillJob.descriptionPrefix)" + (resumed.map { " (continues \($0))" } ?? "")
    request.userArguments = [("backfill", run.inventory == nil ? run.manifest.name : "inventory")]
    let jobs = BackfillJob(accountID: account, client: client)
    let created: String?
    do {
      created = try client.write(request)
    } catch let error as AWSError where error.code.rawValue == "IdempotencyException" {
      throw error.with(
        advice:
          "A job with the same objects, version, and role exists, with another priority or description: find it with "
          + "`backfill list`, then change its priority or resume it"
          + (resumed == nil ? "; to create another one, add --again" : ""))
    }
    guard let jobID = created else { return try plan(jobs) }
    session.note(
      "Job \(jobID) is created, and runs when it is confirmed. If this command ends before that, use "
        + "`backfill resume \(jobID)`")
    let job = try jobs.prepared(
      jobID, waiter: session.waiter(intervalSeconds: Self.pollSeconds))
    try BackfillConfirmation(session: session, jobs: jobs, resumed: resumed).confirm(
      job, price: { try price(job) }, expected: run.taskCount, json: run.members)
  }

  /// The role is checked before anything is written.
  private func checkRole(_ role: String, manifest: S3Location, report: S3Location) throws {
    let partition = try session.client().configuration.partition
    let check = try RoleCheck(
      roleARN: role, functionARN: run.target.functionARN, manifest: manifest, report: report,
      partition: partition.name, with: try session.client(region: partition.iamRegion))
    session.warn(check.notes)
    guard check.problems.isEmpty else {
      throw Refusal(
        "The role \(role) cannot run this job. \(check.problems.joined(separator: ". "))",
        advice: "Deploy the stack with BackfillRole=true, and use its output BackfillRoleArn")
    }
    guard check.waitMilliseconds > 0, !session.shared.dryRun else { return }
    session.progress.show("waiting until the new role is known everywhere")
    try session.waiter().pause(check.waitMilliseconds, "the new role to be known everywhere")
  }

  private func manifest(at place: S3Location) throws -> CreateJob.Manifest {
    if let (location, contents) = run.inventory {
      return CreateJob.Manifest(
        format: .inventory, hasVersions: contents.hasVersions, location: location,
        eTag: contents.eTag)
    }
    let eTag = try session.client().writeWithS3Keys(
      run.manifest.bytes, to: place, contentType: "text/csv")
    return CreateJob.Manifest(
      format: .csv, hasVersions: run.manifest.hasVersions, location: place,
      eTag: eTag ?? "(of the manifest)")
  }

  private func price(_ job: DescribeJob.Output) throws -> String {
    guard let total = job.progress.total else { return "" }
    return ", " + run.text(try run.estimate(images: total))
  }

  private func plan(_ jobs: BackfillJob) throws {
    try jobs.confirm("JOB-ID")
    var json = run.members
    if let count = run.taskCount {
      json.set("estimate", to: BackfillListing.estimateJSON(try run.estimate(images: count)).json)
    }
    let objects =
      run.taskCount.map { "\(Text.count($0)) objects" } ?? "the objects of the inventory"
    session.done(
      "", planned: "Would classify \(objects), after a trial of \(run.sample.count)", json: json)
  }
}

/// The last question before a job runs.
struct BackfillConfirmation {
  let session: Session
  let jobs: BackfillJob
  /// The job that this one continues.
  var resumed: String?

  /// - Parameters:
  ///   - price: what stands behind the number of tasks in the question.
  ///   - expected: number of tasks of the manifest; nil when it is not known.
  func confirm(
    _ job: DescribeJob.Output, price: () throws -> String, expected: Int?, json: OperationInput
  ) throws {
    var json = json
    json.set("job", to: .string(job.jobID))
    switch job.status {
    case .suspended: break
    case .failed:
      let reasons = job.failureReasons.joined(separator: "; ")
      throw Refusal(
        "Job \(job.jobID) failed before it ran" + (reasons.isEmpty ? "" : ": \(reasons)"),
        advice: "docs/backfill.md lists the known causes")
    default:
      json.set("status", to: .string(job.status.rawValue))
      if let resumed {
        return session.done(
          "Job \(job.jobID) continues job \(resumed) already: \(job.status.rawValue). To repeat what it has left, use "
            + "`backfill resume \(job.jobID)`", json: json)
      }
      return session.done(
        "Job \(job.jobID) exists already, with the same objects, version, and role: \(job.status.rawValue). To repeat "
          + "it, add --again", json: json)
    }
    let total = job.progress.total
    if let expected, let total, expected != total {
      session.warn([
        "The manifest has \(Text.count(expected)) objects, but S3 counted \(Text.count(total))"
      ])
    }
    session.note(
      "Job \(job.jobID): S3 counted \(total.map(Text.count) ?? "?") tasks\(try price())")
    try session.agree(
      to: "Run job \(job.jobID)",
      otherwise:
        "It stays suspended. To run it, use `backfill resume \(job.jobID)`; to end it, `backfill cancel \(job.jobID)`"
    )
    try jobs.confirm(job.jobID)
    json.set("status", to: .string(BatchJobStatus.ready.rawValue))
    session.done(
      "Job \(job.jobID) runs. To follow it: inferencectl backfill status \(job.jobID) --watch",
      planned: "Would confirm job \(job.jobID)", json: json)
  }
}
