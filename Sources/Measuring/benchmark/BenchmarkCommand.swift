import ArgumentParser
import Foundation

/// `benchmark`: what the function costs, beside what one would use instead.
struct BenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract:
      "Measures the function's zip beside awslambdaric + boto3 and beside bare loops in C.",
    discussion: """
      Takes dist/bootstrap.zip, or builds it when it is missing or older than the sources; makes a virtual environment of \
      Python; plays the Runtime API, S3 and SageMaker in a process of their own. Contenders take turns, on one core and \
      once on all; minimum and median are printed, with the largest in the JSON. Instructions and system calls are counted where \
      valgrind and strace are installed.

      Examples:
        benchmark
        benchmark --quick --markdown
        benchmark --check docs/benchmarks.json
        benchmark --also old=path/to/another/bootstrap

      Exit status: 0 measured; 1 something could not be measured, a contender's answer was wrong, or with --check a \
      ratio worsened; 2 wrong usage. A missed target is printed and is not a failure.
      """)

  @Flag(help: "A tenth of the invocations: less than a minute, and less certain.")
  var quick = false

  @Flag(help: "Print the table as Markdown.")
  var markdown = false

  @Option(
    help: ArgumentHelp(
      "Write the results, with the machine's description, to this file as well.", valueName: "file")
  )
  var json: String?

  @Option(
    help: ArgumentHelp(
      "Fail when a ratio is more than 25 % worse than in this file of --json.", valueName: "file"))
  var check: String?

  @Option(
    help: ArgumentHelp(
      "Measure nothing: take the results of this file of --json.", valueName: "file"))
  var results: String?

  @Option(
    help: ArgumentHelp("The function's zip; without it dist/bootstrap.zip.", valueName: "file"))
  var zip: String?

  @Option(
    help: ArgumentHelp(
      "Another bootstrap that takes turns with the function; may be repeated.",
      valueName: "name=program"))
  var also: [String] = []

  @Option(
    help: ArgumentHelp("Where the Python environment and the logs are kept.", valueName: "folder"))
  var work = ".build/benchmark"

  func validate() throws {
    for pair in also {
      let parts = pair.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else {
        throw ValidationError("--also must be NAME=PROGRAM, not \(pair)")
      }
      guard FileManager.default.isExecutableFile(atPath: String(parts[1])) else {
        throw ValidationError("--also: \(parts[1]) is not an executable file")
      }
    }
    guard results == nil || (zip == nil && also.isEmpty && !quick) else {
      throw ValidationError(
        "--results measures nothing, so it goes with --check, --json and --markdown only")
    }
  }

  func run() throws {
    // Read first: a baseline that cannot be read should not cost three minutes.
    let baseline = try check.map { try Results(contentsOf: $0) }
    let results = try self.results.map { try Results(contentsOf: $0) } ?? measure()
    if let json { try results.write(to: json) }
    print(markdown ? Table(results).markdown : Table(results).text, terminator: "")
    guard let baseline else { return }
    let findings = Baseline(baseline).findings(in: results)
    guard findings.isEmpty else {
      throw BenchmarkFailure(
        "\(findings.count) of the ratios worsened since \(baseline.date):\n"
          + findings.map { "  \($0)" }.joined(separator: "\n"))
    }
    Console.say("no ratio is more than 25 % worse than on \(baseline.date)")
  }

  private func measure() throws -> Results {
    let workspace = try Workspace(folder: work, zip: zip)
    let others = also.map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
      return (name: parts[0], program: parts[1])
    }
    return try Measurement(workspace: workspace, effort: quick ? .quick : .full, others: others)
      .run()
  }
}
