import AWSControl
import ArgumentParser
import Backfill

/// Options of a job of S3 Batch Operations.
struct BackfillJobOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Role of the job, for example the stack's output BackfillRoleArn.", valueName: "arn"))
  var roleArn: String?

  @Option(
    help: ArgumentHelp(
      "Where manifest and report go (default: backfill/ in the bucket of the results).",
      valueName: "location"))
  var store: String?

  @Option(
    help: ArgumentHelp(
      "Order among the jobs of the account, 0 to 2147483647; a higher one goes first.",
      valueName: "number"))
  var priority = 10

  @Flag(help: "Create another job, even if the same objects have a job already.")
  var again = false

  func check(isLocal: Bool) throws {
    if let store, S3Location(store) == nil {
      throw ValidationError("--store must be s3://BUCKET/PREFIX, not \(store).")
    }
    guard (0...2_147_483_647).contains(priority) else {
      throw ValidationError("--priority must be 0 to 2147483647.")
    }
    if isLocal {
      guard roleArn == nil, store == nil, !again else {
        throw ValidationError("--local excludes --role-arn, --store, and --again.")
      }
      return
    }
    guard let roleArn else {
      throw ValidationError(
        "Pass the role of the job with --role-arn (the stack's output BackfillRoleArn), or use --local."
      )
    }
    let parts = roleArn.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[5].hasPrefix("role/") else {
      throw ValidationError("--role-arn must be the ARN of a role, not \(roleArn).")
    }
  }

  /// A folder.
  ///
  /// - Throws: `Refusal` when it is neither given nor known.
  func store(_ target: BackfillTarget) throws -> S3Location {
    if let store, let location = S3Location(store) { return location.folder }
    guard let results = target.results else {
      throw Refusal(
        "The function stores no results, so that there is no bucket for manifest and report",
        advice: "Pass one with --store, for example s3://my-dog-results/backfill/")
    }
    return S3Location(bucket: results.bucket, key: "backfill/")
  }
}
