import ArgumentParser

struct ResultsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "results",
    abstract: "List, inspect, summarize, export, and review stored classifications.",
    discussion: """
      The function stores a JSON document per image in its RESULT_BUCKET. These commands only read it; the user or \
      role needs s3:ListBucket on that bucket and s3:GetObject on its objects, with --function-name also \
      lambda:GetFunctionConfiguration. Run them in the bucket's Region: data that leaves it costs money.
      """,
    subcommands: [
      ResultsList.self, ResultsShow.self, ResultsWait.self, ResultsSummary.self, ResultsExport.self,
      ResultsAthena.self, ResultsReview.self, ResultsLabels.self,
    ])
}
