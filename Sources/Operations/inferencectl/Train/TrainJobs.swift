import ArgumentParser
import AWSControl
import JSON
import Training

struct TrainList: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List training jobs, newest first.",
    discussion: "Example: inferencectl train list --status InProgress")

  @Option(help: ArgumentHelp("Part of the job's name.", valueName: "text"))
  var name: String?

  @Option(
    help: ArgumentHelp(
      "Status: InProgress, Completed, Failed, Stopping or Stopped.", valueName: "status"))
  var status: String?

  @Option(help: "Maximum number of jobs, 1 to 100.")
  var limit = 20

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard (1...100).contains(limit) else { throw ValidationError("--limit must be 1 to 100.") }
  }

  func run(in session: Session) throws {
    let jobs = try session.client().read(
      ListTrainingJobs(maximumResults: limit, nameContains: name, status: status)
    ).items
    var table = Table("job", "status", "created", "took")
    for job in jobs {
      table.add(
        job.name, job.status, Text.time(unixSeconds: job.creationTime),
        job.endTime.map { Text.duration(seconds: $0 - job.creationTime) } ?? "")
    }
    let json = jobs.map { job in
      [
        "name": job.name, "status": job.status, "creationTime": job.creationTime,
        "endTime": job.endTime,
      ] as OperationInput
    }
    session.result(table, json: json.json)
  }
}

struct TrainShow: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print a training job; with --follow print its log until it ends.",
    discussion: "Example: inferencectl train show pets-1 --follow")

  @Argument(help: "Name of the job.")
  var name: String

  @Flag(help: "Print the log, and wait until the job has ended.")
  var follow = false

  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    if follow { return try TrainingListing.follow(name, in: session) }
    let job = try session.client().read(DescribeTrainingJob(name: name))
    session.result(TrainingListing.table(job), json: TrainingListing.json(job))
  }
}

struct TrainStop: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "Stop a training job; its checkpoints are kept.",
    discussion: "Example: inferencectl train stop pets-1")

  @Argument(help: "Name of the job.")
  var name: String

  @OptionGroup var wait: WaitOption
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let client = try session.client()
    let job = try client.read(DescribeTrainingJob(name: name))
    guard !job.isOver else { throw Refusal("Training job \(name) is already \(job.status)") }
    try session.confirm("Stop training job \(name)")
    guard try client.write(StopTrainingJob(name: name)) != nil else { return }
    guard wait.wait else {
      return session.done(
        "Training job \(name) is stopping", json: ["name": name, "status": "Stopping"])
    }
    let waiter = session.waiter(intervalSeconds: 5, limitSeconds: 1800)
    let status = try waiter.wait(for: "training job \(name) to end") {
      let job = try client.read(DescribeTrainingJob(name: name))
      return job.isOver ? .done(job.status) : .pending(job.secondaryStatus)
    }
    session.done(
      "Training job \(name) is \(status)", json: ["name": name, "status": status])
  }
}
