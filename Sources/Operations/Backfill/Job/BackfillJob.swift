import AWSClient
import AWSControl
import SigV4

/// Creates a job, and confirms it.
package struct BackfillJob {
  package static let descriptionPrefix = "inferencectl backfill"
  /// The end of a manifest's preparation: a bad manifest fails in about a minute, a long one takes longer.
  private static let preparationSeconds = 6 * 3600

  package let accountID: String
  package let client: ControlClient

  package init(accountID: String, client: ControlClient) {
    self.accountID = accountID
    self.client = client
  }

  /// The same for the same manifest, version, and role, so that a repeated command finds the job that it has created.
  ///
  /// - Parameter salt: makes it another one, to repeat a backfill.
  package static func token(
    manifest: CreateJob.Manifest, functionARN: String, roleARN: String, salt: String
  ) -> String {
    let parts = [manifest.location.description, manifest.eTag, functionARN, roleARN, salt]
    return SHA256.hexDigest(Array(parts.joined(separator: "\n").utf8))
  }

  package func describe(_ jobID: String) throws -> DescribeJob.Output {
    try client.read(DescribeJob(accountID: accountID, jobID: jobID))
  }

  /// Waits until S3 has read the manifest: then the job is suspended, or failed. A job that exists already may be
  /// further on.
  package func prepared(
    _ jobID: String, waiter: Waiter
  ) throws -> DescribeJob.Output {
    var waiter = waiter
    waiter.limitMilliseconds = Int64(Self.preparationSeconds) * 1000
    return try waiter.wait(for: "S3 to read the manifest of job \(jobID)") {
      let job = try describe(jobID)
      return job.status.isBeingPrepared ? .pending(job.status.rawValue) : .done(job)
    }
  }

  package func confirm(_ jobID: String) throws {
    try client.write(
      UpdateJobStatus(
        accountID: accountID, jobID: jobID, request: .ready, reason: "confirmed with inferencectl"))
  }

  package func cancel(_ jobID: String) throws -> BatchJobStatus? {
    try client.write(
      UpdateJobStatus(
        accountID: accountID, jobID: jobID, request: .cancelled,
        reason: "canceled with inferencectl"))
  }
}

/// Speed and remaining time of a job, from two looks at it.
package struct JobRate: Sendable, Equatable {
  package let tasksPerSecond: Double
  package let secondsLeft: Double?

  /// - Returns: nil before anything can be said.
  package init?(
    _ progress: BatchJobProgress, since earlier: BatchJobProgress?, elapsedMilliseconds: Int64
  ) {
    let done = progress.succeeded + progress.failed
    let rate: Double
    if let earlier, elapsedMilliseconds > 0 {
      let before = earlier.succeeded + earlier.failed
      rate = Double(done - before) / Double(elapsedMilliseconds) * 1000
    } else if let seconds = progress.activeSeconds, seconds > 0 {
      rate = Double(done) / Double(seconds)
    } else {
      return nil
    }
    tasksPerSecond = rate
    secondsLeft =
      rate > 0 ? progress.total.map { Double(max(0, $0 - done)) / rate } : nil
  }
}
