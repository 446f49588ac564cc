import AWSControl
import JSON
import Platform
import Training

/// Training jobs as text, as a table, and as JSON.
enum TrainingListing {
  static func summary(of job: PreparedJob) -> String {
    let definition = job.definition
    let way = definition.maximumWaitSeconds == nil ? "on demand" : "spot"
    let machine =
      "\(job.photographs.total) photographs, \(Text.size(job.photographs.bytes)); "
      + "\(definition.instanceType) (\(way)), \(definition.volumeGigabytes) GB of disk; code \(job.codeURI)"
    return (job.photographs.lines + [machine]).joined(separator: "\n")
  }

  /// Follows a job to its end and prints its result.
  ///
  /// - Throws: `Refusal` when it failed or was stopped.
  static func follow(_ name: String, in session: Session) throws {
    // SageMaker ends the job by its own limit, 28 days at most.
    let waiter = session.waiter(intervalSeconds: 5, limitSeconds: 29 * 86_400)
    let watch = TrainingWatch(
      onLine: { session.note(VisibleText.escaped($0)) }, onNote: { session.note($0) })
    let job: DescribeTrainingJob.Output
    do {
      job = try watch.follow(name, with: session.client(), waiter: waiter)
    } catch let error as Interrupted {
      session.note(
        "Training job \(name) continues and is billed. To follow it: inferencectl train show \(name) --follow; "
          + "to stop it: inferencectl train stop \(name)")
      throw error
    }
    session.result(table(job), json: json(job))
    guard job.status == "Completed" else {
      throw Refusal(
        "Training job \(name) is \(job.status) (\(job.secondaryStatus))"
          + (job.failureReason.map { ": \($0)" } ?? ""))
    }
  }

  static func table(_ job: DescribeTrainingJob.Output) -> Table {
    var table = Table("field", "value")
    table.add("job", job.name)
    table.add(
      "status", [job.status, job.secondaryStatus].filter { !$0.isEmpty }.joined(separator: ", "))
    if let message = job.statusMessage { table.add("message", message) }
    if let reason = job.failureReason { table.add("failure", reason) }
    table.add("created", job.creationTime.map { Text.time(unixSeconds: $0) } ?? "")
    table.add("instance", (job.instanceType ?? "") + (job.isSpot ? " (spot)" : ""))
    if let seconds = job.trainingSeconds {
      table.add("trained", Text.duration(seconds: Double(seconds)))
    }
    if let seconds = job.billableSeconds {
      let saved = job.trainingSeconds.map { $0 > 0 ? 1 - Double(seconds) / Double($0) : 0 } ?? 0
      table.add(
        "billed",
        Text.duration(seconds: Double(seconds))
          + (saved > 0.005 ? " (\(Text.percent(saved)) saved)" : ""))
    }
    for (name, value) in job.hyperparameters.sorted(by: { $0.key < $1.key })
    where !name.hasPrefix("sagemaker_") {
      table.add(name, value)
    }
    for metric in job.metrics { table.add(metric.name, Text.number(metric.value)) }
    if let model = job.modelURI { table.add("model", model) }
    return table
  }

  static func json(_ job: DescribeTrainingJob.Output) -> JSONValue {
    let members: OperationInput = [
      "name": job.name, "status": job.status, "secondaryStatus": job.secondaryStatus,
      "statusMessage": job.statusMessage, "failureReason": job.failureReason,
      "creationTime": job.creationTime, "instanceType": job.instanceType, "spot": job.isSpot,
      "trainingSeconds": job.trainingSeconds, "billableSeconds": job.billableSeconds,
      "hyperparameters": job.hyperparameters, "modelUri": job.modelURI,
      "metrics": Dictionary(
        job.metrics.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
    ]
    return members.json
  }
}
