import AWSControl
import ArgumentParser
import Backfill
import JSON

struct BackfillCancel: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "Cancel a job. Its report lists the tasks that ran; resume runs the others.",
    discussion: "Example: inferencectl backfill cancel 8d116ece-1738-47d9-bd9c-172411e20b8f")

  @Argument(help: ArgumentHelp("Id of the job.", valueName: "job"))
  var jobID: String
  @OptionGroup var shared: SharedOptions

  func validate() throws { try JobID.check(jobID) }

  func run(in session: Session) throws {
    let client = try session.client()
    let jobs = BackfillJob(
      accountID: try client.read(GetCallerIdentity()).account, client: client)
    let job = try jobs.describe(jobID)
    if job.status.isFinal || job.status == .cancelling {
      return session.done(
        "Job \(jobID) is \(job.status.rawValue) already",
        planned: "Job \(jobID) is \(job.status.rawValue) already",
        json: ["job": jobID, "status": job.status.rawValue])
    }
    try session.confirm("Cancel job \(jobID) (\(job.status.rawValue))")
    let status = try jobs.cancel(jobID) ?? .cancelled
    session.done(
      "Job \(jobID) is being canceled. Tasks under way are completed",
      planned: "Would cancel job \(jobID)", json: ["job": jobID, "status": status.rawValue])
  }
}

struct BackfillPriority: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "priority",
    abstract: "Change the order of a job among the jobs of the account; its own speed stays.",
    discussion: "Example: inferencectl backfill priority 8d116ece-1738-47d9-bd9c-172411e20b8f 100")

  @Argument(help: ArgumentHelp("Id of the job.", valueName: "job"))
  var jobID: String
  @Argument(help: ArgumentHelp("0 to 2147483647; a higher one goes first.", valueName: "number"))
  var priority: Int
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try JobID.check(jobID)
    guard (0...2_147_483_647).contains(priority) else {
      throw ValidationError("The priority must be 0 to 2147483647.")
    }
  }

  func run(in session: Session) throws {
    let client = try session.client()
    let account = try client.read(GetCallerIdentity()).account
    try client.write(UpdateJobPriority(accountID: account, jobID: jobID, priority: priority))
    session.done(
      "Job \(jobID) has the priority \(priority)",
      planned: "Would change the priority of job \(jobID)",
      json: ["job": jobID, "priority": priority])
  }
}
