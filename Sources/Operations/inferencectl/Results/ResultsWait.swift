import AWSControl
import ArgumentParser
import JSON
import Platform
import Results

struct ResultsWait: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "wait",
    abstract: "Wait until an image has a result, and print class and probability.",
    discussion: """
      For scripts: upload, then wait. With --since, a result that was written before does not count, as after an \
      image was replaced in a bucket without versions. Exit status 1 after --timeout.

      Example:
        aws s3 cp rex.jpg s3://my-dog-photos/uploads/
        inferencectl results wait s3://my-dog-photos/uploads/rex.jpg --function-name photo-classifier --since 1m
      """)

  @Argument(help: ArgumentHelp("Key of the image, or s3://BUCKET/KEY.", valueName: "key"))
  var key: String

  @OptionGroup var place: ResultPlace
  @OptionGroup var shared: SharedOptions

  @Option(help: ArgumentHelp("Version of the image.", valueName: "id"))
  var versionId: String?

  @Option(
    help: ArgumentHelp(
      "Only a result written since then: 2026-11-23T10:00:00Z, or 1m (ago).", valueName: "time"))
  var since: String?

  @Option(help: ArgumentHelp("Seconds to wait, 1 or more.", valueName: "seconds"))
  var timeout = 300

  func validate() throws {
    guard timeout > 0 else { throw ValidationError("--timeout must be at least 1.") }
    _ = try ResultTimeOptions.time(since, "--since", 0)
  }

  func run(in session: Session) throws {
    let client = try session.client()
    let since =
      try ResultTimeOptions.time(
        since, "--since", session.clock.unixMilliseconds()) ?? .min
    let lookup = ResultLookup(try place.keys(in: session), with: client)
    let result: StoredResult = try session.waiter(limitSeconds: timeout).wait(
      for: "the result of \(key)"
    ) {
      guard let images = try lookup.knownImages(of: key, versionID: versionId),
        let found = try lookup.newest(of: images)
      else { return .pending("none yet") }
      let time = found.lastModifiedUnixMilliseconds
      guard time >= since else {
        return .pending("only an older one, of \(UTCTime.text(unixMilliseconds: time))")
      }
      let bytes = try client.readObject(
        S3Location(bucket: lookup.keys.bucket, key: found.key), maximumBytes: 8 << 20)
      do throws(ResultProblem) {
        return .done(
          StoredResult(
            key: found.key, writtenUnixMilliseconds: time,
            document: try ResultDocument(parsing: bytes, ranking: 0)))
      } catch { throw Refusal("s3://\(lookup.keys.bucket)/\(found.key) \(error)") }
    }
    let best = result.document.best
    session.result(
      "\(best?.label ?? "no class") \(ResultText.probability(best?.probability))",
      json: ResultText.json(result))
  }
}
