import AWSControl
import ArgumentParser
import JSON
import Results

struct ResultsList: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List results with time, class, and probability as they are read.",
    discussion: """
      Each result is a GET request ($0.40 per million). --keys only lists the images that have a result, without \
      reading the documents: 1,000 a request. Results are read page by page in the order of their keys, so that \
      millions of them need no more memory than a page.

      Examples:
        inferencectl results list --function-name photo-classifier --since 24h --below 0.6
        inferencectl results list --from s3://my-dog-results/results --class 001.Affenpinscher --output json
        inferencectl results list --from s3://my-dog-results/results --images s3://my-dog-photos/uploads/ --keys
      """)

  @OptionGroup var place: ResultPlace
  @OptionGroup var filter: ResultFilterOptions
  @OptionGroup var shared: SharedOptions

  @Option(
    name: .customLong("max"),
    help: ArgumentHelp(
      "Maximum number of results, for example 20 (default: all).", valueName: "number"))
  var maximum: Int?

  @Flag(help: "List only images and times, without reading the documents.")
  var keys = false

  func validate() throws {
    guard maximum.map({ $0 > 0 }) ?? true else {
      throw ValidationError("--max must be at least 1.")
    }
    guard !keys || (filter.classes.isEmpty && filter.atLeast == nil && filter.below == nil) else {
      throw ValidationError(
        "--keys reads no documents, so it excludes --class, --at-least, and --below.")
    }
  }

  func run(in session: Session) throws {
    let source = BucketResults(
      try place.keys(in: session), try filter.filter(now: session.clock.unixMilliseconds()),
      with: try session.client())
    session.follow(source)
    let rows =
      keys
      ? RowStream(session, ("written", 24))
      : RowStream(
        session, ("written", 24), ("probability", 11), ("class", 32))
    try rows.begin(last: "image")
    var count = 0
    if keys {
      try source.forEachListed { object, image in
        try rows.add(image: image, time: object.lastModifiedUnixMilliseconds)
        count += 1
        return count != maximum
      }
    } else {
      try source.forEach(ranking: 0) { result, _ in
        try rows.add(result)
        count += 1
        return count != maximum
      }
    }
    try rows.end()
    session.noteTrouble(of: source)
    if count == maximum {
      session.note("There may be more than \(count) results. To list more, use --max.")
    }
  }
}

extension RowStream {
  fileprivate func add(_ result: StoredResult) throws {
    let document = result.document
    try add(
      [
        UTCTime.text(unixMilliseconds: result.writtenUnixMilliseconds),
        ResultText.probability(document.best?.probability), document.best?.label ?? "",
      ], last: document.image.description, json: ResultText.json(result))
  }

  fileprivate func add(image: ImageReference, time: Int64) throws {
    let text = UTCTime.text(unixMilliseconds: time)
    try add(
      [text], last: image.description,
      json: [
        "bucket": image.bucket, "key": image.key, "versionId": image.versionID, "written": text,
      ])
  }
}
