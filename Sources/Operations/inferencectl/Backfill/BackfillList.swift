import AWSControl
import ArgumentParser
import Backfill
import JSON

struct BackfillList: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the backfills of the last 90 days, newest first.",
    discussion: """
      Examples:
        inferencectl backfill list
        inferencectl backfill list --status Active --status Suspended
      """)

  @Option(
    help: ArgumentHelp(
      "Only jobs in this state, for example Active, Suspended, Complete, Failed, or Cancelled; repeat for more.",
      valueName: "state"))
  var status: [String] = []

  @Flag(help: "Also jobs that inferencectl has not created.")
  var all = false

  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let client = try session.client()
    let account = try client.read(GetCallerIdentity()).account
    let found = try client.all(
      ListJobs(accountID: account, statuses: status.map { BatchJobStatus(rawValue: $0) }))
    let jobs = found.filter { job in
      all || job.description?.hasPrefix(BackfillJob.descriptionPrefix) == true
    }.sorted { ($1.creationTime ?? "", $0.jobID) < ($0.creationTime ?? "", $1.jobID) }
    var table = Table(
      "job", "status", "tasks", "succeeded", "failed", "created", "ended", "description")
    for job in jobs {
      table.add(
        job.jobID, job.status.rawValue, job.progress.total.map(Text.count) ?? "",
        Text.count(job.progress.succeeded), Text.count(job.progress.failed),
        job.creationTime ?? "", job.terminationDate ?? "", job.description ?? "")
    }
    session.result(
      table,
      json: .array(
        jobs.map { job in
          let json: OperationInput = [
            "job": job.jobID, "status": job.status.rawValue, "operation": job.operation,
            "description": job.description, "priority": job.priority,
            "progress": BackfillListing.progressJSON(job.progress),
            "creationTime": job.creationTime, "terminationDate": job.terminationDate,
          ]
          return json.json
        }))
  }
}
