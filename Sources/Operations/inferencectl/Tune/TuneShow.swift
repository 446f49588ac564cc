import ArgumentParser
import AWSControl
import Training

struct TuneShow: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print the trials of a search, best first, and the loss against each parameter.",
    discussion: "Example: inferencectl tune show pets-search --follow")

  @Argument(help: "Name of the search.")
  var name: String

  @Flag(help: "Wait until the search has ended.")
  var follow = false

  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let client = try session.client()
    let job =
      try follow ? ended(in: session) : client.read(DescribeHyperParameterTuningJob(name: name))
    TrialListing.show(try TrialListing.ranked(job, with: client), in: session)
    session.note(state(of: job))
    if job.status == "Failed" {
      throw Refusal("Search \(name) failed: \(job.failureReason ?? "no reason given")")
    }
  }

  private func ended(in session: Session) throws -> DescribeHyperParameterTuningJob.Output {
    let client = try session.client()
    do {
      return try session.waiter(intervalSeconds: 15, limitSeconds: 31 * 86_400).wait(
        for: "search \(name)"
      ) {
        let job = try client.read(DescribeHyperParameterTuningJob(name: name))
        return job.isOver ? .done(job) : .pending(state(of: job))
      }
    } catch let error as Interrupted {
      session.note("Search \(name) continues and is billed")
      throw error
    }
  }

  private func state(of job: DescribeHyperParameterTuningJob.Output) -> String {
    let counts = job.counts
    return TrialListing.state(
      job.status, completed: counts.completed, running: counts.running, stopped: counts.stopped,
      failed: counts.failed, of: job.maximumJobs)
  }
}
