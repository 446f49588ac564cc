import AWSControl
import ArgumentParser
import Results

struct ResultsAthena: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "athena",
    abstract: "Print SQL for Amazon Athena: a table over the results, and queries.",
    discussion: """
      Nothing is run. Athena reads the documents where they are ($5 per TB; many small files are slow): for more than \
      a few queries let it write Parquet once, with --parquet. Athena skips documents of which a part of the path begins \
      with _ or a period.

      Examples:
        inferencectl results athena --function-name photo-classifier
        inferencectl results athena --from s3://my-dog-results/results --parquet s3://my-dog-results/flat/
      """)

  @OptionGroup var place: ResultPlace
  @OptionGroup var shared: SharedOptions

  @Option(
    help: ArgumentHelp(
      "Name of the table, or DATABASE.TABLE: lower-case letters, digits and underscores.",
      valueName: "name"))
  var table = "results"

  @Option(
    help: ArgumentHelp(
      "Probability below which the queries count a result as unsure, for example 0.6 or 60%.",
      valueName: "probability"))
  var threshold = ShareArgument(0.6)

  @Option(
    help: ArgumentHelp(
      "Also print a statement that writes a table as Parquet to this empty prefix.",
      valueName: "s3-uri"))
  var parquet: S3Location?

  func validate() throws {
    guard AthenaQueries.isTableName(table) else {
      throw ValidationError(
        "--table must be TABLE or DATABASE.TABLE of lower-case letters, digits and underscores, not \(table)."
      )
    }
  }

  func run(in session: Session) throws {
    let keys = try place.keys(in: session)
    if let parquet,
      keys.location.contains(parquet) || keys.prefix.isEmpty && parquet.bucket == keys.bucket
    {
      throw Refusal(
        "\(parquet) is below the results in \(keys.location), so the table would read its own Parquet",
        advice: "Choose another prefix")
    }
    if let parquet, parquet.contains(keys.location) {
      throw Refusal(
        "\(parquet) is not empty: the results in \(keys.location) are below it",
        advice: "Choose another prefix")
    }
    let athena = AthenaQueries(keys, table: table, threshold: threshold.value)
    var statements = [("The table over the documents, created once", athena.definition)]
    if let parquet {
      statements.append(
        ("The same as Parquet, as table \(table)_flat", athena.parquet(at: parquet)))
    }
    statements += athena.queries.map { ($0.name, $0.sql) }
    session.result(
      statements.map { "-- \($0)\n\($1);" }.joined(separator: "\n\n"),
      json: [
        "definition": athena.definition, "parquet": parquet.map { athena.parquet(at: $0) },
        "queries": athena.queries.map { query -> OperationInput in
          ["name": query.name, "sql": query.sql]
        },
      ])
  }
}
