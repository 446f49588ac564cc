import AWSControl
import ArgumentParser
import Platform
import Results

/// Where the results are: of a function, or of a bucket and prefix.
struct ResultPlace: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Bucket and prefix of the results, for example s3://my-dog-results/results; for summary and review also the folder of an export.",
      valueName: "s3-uri"))
  var from: String?

  @Option(
    help: ArgumentHelp(
      "Name or ARN of the Lambda function, whose RESULT_BUCKET and RESULT_PREFIX are used.",
      valueName: "name"))
  var functionName: String?

  @Option(help: ArgumentHelp("Version or alias of the function.", valueName: "qualifier"))
  var qualifier: String?

  func validate() throws {
    guard (from == nil) != (functionName == nil) else {
      throw ValidationError("Pass the results with --from, or the function with --function-name.")
    }
    guard qualifier == nil || functionName != nil else {
      throw ValidationError("--qualifier requires --function-name.")
    }
  }

  /// - Throws: `ValidationError` for another URI; `Refusal` when the function stores no results.
  func keys(in session: Session) throws -> ResultKeys {
    if let from {
      guard let location = S3Location(from) else {
        throw ValidationError("--from must be s3://BUCKET/PREFIX, not \(from).")
      }
      return ResultKeys(location)
    }
    let function = try session.client().read(
      GetFunctionConfiguration(functionName: functionName ?? "", qualifier: qualifier))
    guard let bucket = function.resultBucket else {
      throw Refusal(
        "\(function.functionName) stores no results: RESULT_BUCKET is not set",
        advice: "Deploy the stack with ResultBucketName, or pass the bucket with --from")
    }
    return ResultKeys(S3Location(bucket: bucket, key: function.resultPrefix ?? ""))
  }
}

extension ResultPlace {
  /// The results in the bucket, or in an export.
  func source(_ filter: ResultFilter, in session: Session) throws -> any ResultSource {
    if let from, !from.hasPrefix("s3://") {
      return try ExportedResults(folder: from, filter) { session.isInterrupted }
    }
    return BucketResults(try keys(in: session), filter, with: try session.client())
  }
}

/// Which results are read.
struct ResultFilterOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only images below this bucket and prefix, for example s3://my-dog-photos/uploads/.",
      valueName: "s3-uri"))
  var images: S3Location?

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp(
      "Only results with this most probable class; repeat for more.", valueName: "name"))
  var classes: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only results with at least this probability, for example 0.9 or 90%.",
      valueName: "probability"))
  var atLeast: ShareArgument?

  @Option(
    help: ArgumentHelp(
      "Only results with a lower probability, for example 0.6 or 60%.", valueName: "probability"))
  var below: ShareArgument?

  @OptionGroup var times: ResultTimeOptions

  func filter(now: Int64) throws -> ResultFilter {
    var filter = try times.filter(now: now)
    filter.images = images
    filter.classes = Set(classes)
    filter.minimumProbability = atLeast?.value
    filter.below = below?.value
    return filter
  }
}

struct ResultTimeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only results written since then: 2026-11-23, 2026-11-23T10:00:00Z, or 24h (ago).",
      valueName: "time"))
  var since: String?

  @Option(
    help: ArgumentHelp(
      "Only results written before then, as with --since.", valueName: "time"))
  var until: String?

  func validate() throws {
    _ = try Self.time(since, "--since", 0)
    _ = try Self.time(until, "--until", 0)
  }

  func filter(now: Int64) throws -> ResultFilter {
    var filter = ResultFilter()
    filter.since = try Self.time(since, "--since", now)
    filter.until = try Self.time(until, "--until", now)
    if let since = filter.since, let until = filter.until, since >= until {
      throw ValidationError("--since must be before --until.")
    }
    return filter
  }

  static func time(_ text: String?, _ option: String, _ now: Int64) throws -> Int64? {
    guard let text else { return nil }
    guard let time = UTCTime.unixMilliseconds(text, now: now) else {
      throw ValidationError(
        "\(option) must be a day (2026-11-23), a time (2026-11-23T10:00:00Z), or a time ago (24h, 7d), not \(text)."
      )
    }
    return time
  }
}

extension Session {
  /// Shows how far a reading has come, on a terminal twice a second, in a log every minute. Ctrl-C ends it.
  func follow(_ source: any ResultSource) {
    armInterruption()
    let interval: Int64 = console.isTerminal ? 500 : 60_000
    var shownAt = clock.monotonicMilliseconds()
    source.onProgress = { [progress, clock] count in
      let now = clock.monotonicMilliseconds()
      guard now - shownAt >= interval else { return }
      shownAt = now
      progress.show("\(count) results")
    }
  }

  /// What was left out.
  func noteTrouble(of source: any ResultSource) {
    for line in source.trouble.lines { note(VisibleText.escaped("Note: \(line).")) }
  }
}
