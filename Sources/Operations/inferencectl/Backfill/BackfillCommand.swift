import AWSControl
import ArgumentParser

struct BackfillCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backfill",
    abstract: "Classify the images that are already in a bucket.",
    discussion: """
      S3 Batch Operations invokes the function for each object of a manifest; below 10,000 objects, --local does it from \
      this machine. The page docs/backfill.md lists the permissions.
      """,
    subcommands: [
      BackfillStart.self, BackfillStatus.self, BackfillList.self, BackfillPriority.self,
      BackfillCancel.self, BackfillResume.self, BackfillReport.self,
    ])
}

/// A job, or the folder of a local run.
struct BackfillRunOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("Id of the job.", valueName: "job"))
  var jobID: String?

  @Option(help: ArgumentHelp("Folder of a local run instead of a job.", valueName: "dir"))
  var folder: String?

  func validate() throws {
    guard (jobID == nil) != (folder == nil) else {
      throw ValidationError("Pass the id of a job, or --folder with that of a local run.")
    }
    if let jobID { try JobID.check(jobID) }
  }
}

enum JobID {
  /// 5 to 36 letters, digits, and hyphens.
  static func check(_ id: String) throws {
    guard (5...36).contains(id.utf8.count),
      id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
    else {
      throw ValidationError("The id of a job is 5 to 36 letters, digits, and hyphens, not \(id).")
    }
  }
}

/// What is common to a start and to a resume.
struct BackfillTrialOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Number of objects to classify first, by direct invocations; 0 for no trial.",
      valueName: "number"))
  var sample = 100

  @Option(
    help: ArgumentHelp(
      "Invocations at the same time of the trial and of a local run, 1 to 200.", valueName: "number"
    ))
  var concurrency = 8

  @Option(
    help: ArgumentHelp(
      "Measured speed of one instance of the endpoint, for the estimate, for example 80.",
      valueName: "number"))
  var imagesPerSecond: Double?

  @OptionGroup var prices: PriceOption

  func validate() throws {
    guard (0...1000).contains(sample) else { throw ValidationError("--sample must be 0 to 1000.") }
    guard (1...200).contains(concurrency) else {
      throw ValidationError("--concurrency must be 1 to 200.")
    }
    guard imagesPerSecond.map({ $0 > 0 && $0.isFinite }) ?? true else {
      throw ValidationError("--images-per-second must be greater than 0.")
    }
  }
}

/// `2026-01-31` or `2026-01-31T12:00:00Z`.
struct TimeArgument: ExpressibleByArgument {
  let unixMilliseconds: Int64

  init?(argument: String) {
    let time = argument.utf8.count == 10 ? argument + "T00:00:00Z" : argument
    guard let value = ISOTime.unixMilliseconds(time) else { return nil }
    unixMilliseconds = value
  }
}
