import AWSClient
import AWSControl
import ArgumentParser
import Backfill
import JSON
import Platform

struct BackfillStatus: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Print the state of a backfill: progress, rate, time left, and failures.",
    discussion: """
      With --watch, until the job has ended; exit status 1 unless it is complete without failures. Complete means that all \
      tasks were tried: the failures are those of the completion report, as soon as there is one.

      Examples:
        inferencectl backfill status 8d116ece-1738-47d9-bd9c-172411e20b8f --watch
        inferencectl backfill status --folder backfill-20261126T101500Z
      """)

  @OptionGroup var run: BackfillRunOptions

  @Flag(help: "Print the progress until the job has ended.")
  var watch = false

  @Option(
    help: ArgumentHelp("Seconds between two looks of --watch, 30 or more.", valueName: "seconds"))
  var interval = 30

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard (30...3600).contains(interval) else {
      throw ValidationError("--interval must be 30 to 3600: S3 throttles more frequent requests.")
    }
    guard !watch || run.folder == nil else { throw ValidationError("--watch is for a job.") }
  }

  func run(in session: Session) throws {
    if let folder = run.folder { return try printLocal(LocalFolder(path: folder), session) }
    session.armInterruption()
    let client = try session.client()
    let jobs = BackfillJob(
      accountID: try client.read(GetCallerIdentity()).account, client: client)
    let id = run.jobID ?? ""
    let job = watch ? try follow(id, jobs, session) : try jobs.describe(id)
    var summary: ReportSummary?
    if job.status.isFinal, let report = job.report {
      summary = try CompletionReport.find(of: id, under: report, with: client)
        .map(BackfillReport.summary)
    }
    session.result(
      text(job, summary), json: json(job, summary))
    if watch, !isSuccess(job, summary) { throw ExitCode(1) }
  }

  private func isSuccess(_ job: DescribeJob.Output, _ summary: ReportSummary?) -> Bool {
    job.status == .complete && (summary?.failed ?? job.progress.failed) == 0
  }

  // MARK: Watching

  private func follow(
    _ id: String, _ jobs: BackfillJob, _ session: Session
  ) throws -> DescribeJob.Output {
    let waiter = session.waiter()
    var earlier: (progress: BatchJobProgress, milliseconds: Int64)?
    while true {
      let now = session.clock.monotonicMilliseconds()
      if let job = try look(id, jobs, session) {
        if job.status.isFinal || job.status == .suspended { return job }
        let rate = JobRate(
          job.progress, since: earlier?.progress,
          elapsedMilliseconds: now - (earlier?.milliseconds ?? now))
        session.progress.show(line(job, rate))
        earlier = (job.progress, now)
      }
      try waiter.pause(Int64(interval) * 1000, "job \(id) to end")
    }
  }

  /// A throttled look is repeated at the next interval.
  private func look(
    _ id: String, _ jobs: BackfillJob, _ session: Session
  ) throws -> DescribeJob.Output? {
    do {
      return try jobs.describe(id)
    } catch let error as AWSError where error.verdict.pause == .throttling {
      session.progress.show("\(id): S3 throttles")
      return nil
    }
  }

  private func line(_ job: DescribeJob.Output, _ rate: JobRate?) -> String {
    let progress = job.progress
    let total = progress.total.map(Text.count) ?? "?"
    var line =
      "\(job.status.rawValue): \(Text.count(progress.succeeded + progress.failed)) of \(total) tasks, "
      + "\(Text.count(progress.failed)) failed"
    if let rate {
      line += ", \(Text.number(rate.tasksPerSecond)) a second"
      if let left = rate.secondsLeft { line += ", \(Text.duration(seconds: left)) left" }
    }
    return line
  }

  // MARK: Printing

  private func text(_ job: DescribeJob.Output, _ summary: ReportSummary?) -> String {
    var table = Table("what", "value")
    table.add("job", job.jobID)
    table.add("status", job.status.rawValue)
    table.add("function", job.functionARN ?? "")
    table.add("tasks", job.progress.total.map(Text.count) ?? "not counted yet")
    let progress = job.progress
    table.add("succeeded", Text.count(summary?.succeeded ?? progress.succeeded))
    table.add("failed", Text.count(summary?.failed ?? progress.failed))
    if !job.status.isFinal,
      let rate = JobRate(progress, since: nil, elapsedMilliseconds: 0)
    {
      table.add("tasks a second", Text.number(rate.tasksPerSecond))
      table.add("time left", rate.secondsLeft.map { Text.duration(seconds: $0) } ?? "")
    }
    if let seconds = progress.activeSeconds {
      table.add("active", Text.duration(seconds: Double(seconds)))
    }
    table.add("priority", job.priority.map(String.init) ?? "")
    table.add("created", job.creationTime ?? "")
    if job.status.isFinal { table.add("ended", job.terminationDate ?? "") }
    for reason in job.failureReasons { table.add("reason", reason) }
    let failures = summary.flatMap { $0.failed > 0 ? BackfillListing.failures($0).text : nil }
    return [table.text, failures, advice(job, summary)].compactMap { $0 }.joined(separator: "\n")
  }

  private func advice(_ job: DescribeJob.Output, _ summary: ReportSummary?) -> String? {
    switch job.status {
    case .suspended: "It waits for its confirmation: inferencectl backfill resume \(job.jobID)"
    case _
    where job.status.isFinal && summary == nil && job.progress.succeeded + job.progress.failed > 0:
      "S3 has not written the completion report yet. It does so within an hour"
    case _ where job.status.isFinal && (summary?.failed ?? job.progress.failed) > 0:
      "To repeat what failed: inferencectl backfill resume \(job.jobID)"
    default: nil
    }
  }

  private func json(_ job: DescribeJob.Output, _ summary: ReportSummary?) -> OperationInput {
    var json: OperationInput = [
      "job": job.jobID, "status": job.status.rawValue, "description": job.description,
      "function": job.functionARN, "role": job.roleARN, "priority": job.priority,
      "progress": BackfillListing.progressJSON(job.progress), "creationTime": job.creationTime,
      "terminationDate": job.terminationDate, "failureReasons": job.failureReasons,
      "manifest": job.manifest?.location.description, "report": job.report?.description,
    ]
    if let summary { json.set("summary", to: BackfillListing.summaryJSON(summary).json) }
    return json
  }

  private func printLocal(_ folder: LocalFolder, _ session: Session) throws {
    let run = try folder.run()
    let summary = try BackfillReport.summary(folder)
    var table = Table("what", "value")
    table.add("function", "\(run.functionName):\(run.version)")
    table.add("tasks", Text.count(run.tasks))
    table.add("succeeded", Text.count(summary.succeeded))
    table.add("failed", Text.count(summary.failed))
    table.add("created", run.creationTime)
    let failures = summary.failed > 0 ? ["", BackfillListing.failures(summary).text] : []
    session.result(
      ([table.text] + failures.filter { !$0.isEmpty }).joined(separator: "\n"),
      json: [
        "folder": folder.path, "function": run.functionName, "version": run.version,
        "tasks": run.tasks, "creationTime": run.creationTime,
        "summary": BackfillListing.summaryJSON(summary),
      ])
  }
}
