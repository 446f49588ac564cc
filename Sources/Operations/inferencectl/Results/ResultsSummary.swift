import AWSControl
import ArgumentParser
import Foundation
import Results

struct ResultsSummary: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary",
    abstract: "Count results by class, day, and probability, with latency.",
    discussion: """
      Reads every document once: a million take minutes in the bucket's Region and $0.40. To look at them more often, \
      export once and pass the folder. Times are UTC; the day of a result is the day when it was written.

      Examples:
        inferencectl results summary --function-name photo-classifier --since 7d
        inferencectl results summary --from s3://my-dog-results/results --threshold 0.5 --threshold 0.8
        inferencectl results summary --from export/ --report summary.html
      """)

  @OptionGroup var place: ResultPlace
  @OptionGroup var filter: ResultFilterOptions
  @OptionGroup var shared: SharedOptions

  @Option(
    name: .customLong("threshold"),
    help: ArgumentHelp(
      "Count results with a lower probability, for example 0.6 or 60%; repeat for more (default: 60%).",
      valueName: "probability"))
  var thresholds: [ShareArgument] = []

  @Option(help: ArgumentHelp("Number of classes in the table; JSON has all.", valueName: "number"))
  var classes = 20

  @Option(
    help: ArgumentHelp(
      "Also write a page of HTML to this file, with pictures of the least sure photographs (s3:GetObject on them).",
      valueName: "file"))
  var report: String?

  func validate() throws {
    guard classes > 0 else { throw ValidationError("--classes must be at least 1.") }
  }

  func run(in session: Session) throws {
    let source = try place.source(
      filter.filter(now: session.clock.unixMilliseconds()), in: session)
    session.follow(source)
    if let report { try OutputFile.requireFolder(of: report) }
    let shares = thresholds.isEmpty ? [0.6] : thresholds.map(\.value)
    var summary = ResultSummary(thresholds: shares)
    try source.forEach(ranking: 0) { result, _ in
      summary.add(result)
      return true
    }
    if let report {
      let page = SummaryReport(
        summary: summary, trouble: source.trouble, source: place.from ?? place.functionName ?? "")
      try OutputFile.write(
        page.page(thumbnails: try page.thumbnails(in: session)).html, to: report)
      session.note("The page is \(report)")
    }
    session.result(
      SummaryListing(summary, classes: classes).text,
      json: SummaryListing.json(summary, source.trouble))
    session.noteTrouble(of: source)
  }
}
