import AWSControl
import ArgumentParser
import Backfill
import Evaluation
import Foundation
import JSON
import Platform

struct BackfillReport: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Print the classes and the failures of a backfill, from its completion report.",
    discussion: """
      The report has the class of every image, so that no result has to be read. --rows writes a row for each object, \
      --report a page for a browser.

      Examples:
        inferencectl backfill report 8d116ece-1738-47d9-bd9c-172411e20b8f
        inferencectl backfill report 8d116ece-1738-47d9-bd9c-172411e20b8f --rows breeds.csv
        inferencectl backfill report --folder backfill-20261126T101500Z --rows breeds.jsonl --report breeds.html
      """)

  @OptionGroup var run: BackfillRunOptions

  @Option(
    help: ArgumentHelp(
      "Write a row for each object into this new file, FILE.csv or FILE.jsonl.", valueName: "file"))
  var rows: String?

  @Option(help: ArgumentHelp("Write a page without network and script.", valueName: "file"))
  var report: String?

  @Option(help: ArgumentHelp("Number of classes to print.", valueName: "number"))
  var top = 20

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard top > 0 else { throw ValidationError("--top must be at least 1.") }
    if let rows, Self.format(rows) == nil {
      throw ValidationError("--rows must be FILE.csv or FILE.jsonl, not \(rows).")
    }
  }

  private static func format(_ path: String) -> ResultRows.Format? {
    ResultRows.Format(rawValue: URL(fileURLWithPath: path).pathExtension.lowercased())
  }

  func run(in session: Session) throws {
    session.armInterruption()
    let writer = try rows.map { try RowFile($0, Self.format($0) ?? .csv) }
    var summary = ReportSummary()
    func take(_ row: ReportRow?) throws {
      if session.isInterrupted { throw Interrupted(activity: "the report") }
      guard let row else { return summary.addUnreadableLine() }
      summary.add(row)
      try writer?.write(row)
      if summary.tasks % 10_000 == 0 {
        session.progress.show("\(Text.count(summary.tasks)) tasks read")
      }
    }
    let page: BackfillPageHead
    if let folder = run.folder {
      let local = LocalFolder(path: folder)
      let run = try local.run()
      try local.readReport(take)
      page = BackfillPageHead(
        job: "\(run.functionName):\(run.version)", state: "from this machine", objects: run.tasks)
    } else {
      let (job, report) = try report(session)
      try report.read(take)
      page = BackfillPageHead(
        job: job.jobID, state: job.status.rawValue, objects: job.progress.total,
        seconds: job.progress.activeSeconds.map(Double.init))
    }
    try writer?.close()
    if let report {
      try OutputFile.write(page.html(summary), to: report)
    }
    print(summary, session)
  }

  private func report(
    _ session: Session
  ) throws -> (DescribeJob.Output, CompletionReport) {
    let client = try session.client()
    let jobs = BackfillJob(
      accountID: try client.read(GetCallerIdentity()).account, client: client)
    let job = try jobs.describe(run.jobID ?? "")
    guard let place = job.report else { throw Refusal("Job \(job.jobID) writes no report") }
    guard let report = try CompletionReport.find(of: job.jobID, under: place, with: client) else {
      throw Refusal(
        "There is no completion report of job \(job.jobID) yet; it is \(job.status.rawValue)",
        advice: "S3 writes it within an hour of the job's end, if one task ran")
    }
    return (job, report)
  }

  private func print(_ summary: ReportSummary, _ session: Session) {
    var parts = [BackfillListing.totals(summary)]
    if !summary.classes.isEmpty { parts.append(BackfillListing.classes(summary, top: top).text) }
    if summary.failed > 0 { parts.append(BackfillListing.failures(summary).text) }
    if let rows { parts.append("Rows: \(rows)") }
    if let report { parts.append("Page: \(report)") }
    session.result(parts.joined(separator: "\n\n"), json: BackfillListing.summaryJSON(summary))
  }

  // MARK: Summaries for other commands

  static func summary(_ report: CompletionReport) throws -> ReportSummary {
    var summary = ReportSummary()
    try report.read { row in
      if let row { summary.add(row) } else { summary.addUnreadableLine() }
    }
    return summary
  }

  static func summary(_ folder: LocalFolder) throws -> ReportSummary {
    var summary = ReportSummary()
    try folder.readReport { row in
      if let row { summary.add(row) } else { summary.addUnreadableLine() }
    }
    return summary
  }
}

/// What a page says besides the summary.
private struct BackfillPageHead {
  let job: String
  let state: String
  let objects: Int?
  var seconds: Double?

  func html(_ summary: ReportSummary) -> String {
    var page = BackfillPage(
      job: job, state: state, objects: objects ?? summary.tasks, succeeded: summary.succeeded,
      failed: summary.failed)
    page.elapsedSeconds = seconds
    page.classes = summary.classes.map { ($0.name, $0.images, $0.meanProbability) }
    page.failures = summary.failures.map { failure in
      (failure.reason, failure.tasks, failure.examples.map(BackfillListing.named))
    }
    if summary.skipped > 0 {
      page.notes.append(
        "\(Text.count(summary.skipped)) tasks were about folders, or results of the function.")
    }
    return page.html
  }
}

/// A new file of rows, written in pieces.
private final class RowFile {
  private static let pieceBytes = 1 << 16

  private let path: String
  private let rows: ResultRows
  private let handle: FileHandle
  private var buffer: [UInt8]
  private var isClosed = false

  /// - Throws: `Refusal` for a file that exists.
  init(_ path: String, _ format: ResultRows.Format) throws {
    guard !FileManager.default.fileExists(atPath: path) else {
      throw Refusal("\(path) exists already", advice: "Name another file with --rows")
    }
    guard FileManager.default.createFile(atPath: path, contents: nil) else {
      throw Refusal("\(path) cannot be created")
    }
    self.path = path
    handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    rows = ResultRows(format)
    buffer = Array(rows.header.utf8)
  }

  func write(_ row: ReportRow) throws {
    buffer += rows.text(row).utf8
    if buffer.count >= Self.pieceBytes { try flush() }
  }

  func close() throws {
    try flush()
    try handle.close()
    isClosed = true
  }

  /// A file without all of its rows would be taken for the whole, and refuse the next run.
  deinit {
    if !isClosed { try? FileManager.default.removeItem(atPath: path) }
  }

  private func flush() throws {
    try handle.write(contentsOf: Data(buffer))
    buffer.removeAll(keepingCapacity: true)
  }
}
