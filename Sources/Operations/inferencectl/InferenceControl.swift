import ArgumentParser
import Platform

/// `inferencectl`: operates the function and its endpoint.
struct InferenceControl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inferencectl",
    abstract: "Operates the Lambda function and the SageMaker endpoint that it calls.",
    discussion: """
      Credentials and region are resolved like those of the AWS CLI. With --dry-run every command only reads, and \
      prints the requests that it would send. Results go to standard output, notes and progress to standard error.

      Start with `inferencectl identity`, which prints the account and region that the other commands use.

      Exit status: 0 done; 1 refused, failed, or the result could not be written; 2 wrong usage; 3 a deployment \
      holds because its new version is not proven; 4 an evaluated model does not pass.
      """,
    version: "inferencectl \(Product.version)",
    subcommands: [
      AliasCommand.self,
      BackfillCommand.self,
      ConcurrencyCommand.self,
      DeployCommand.self,
      EndpointCommand.self,
      EvaluateCommand.self,
      FailuresCommand.self,
      IdentityCommand.self,
      PlanCommand.self,
      ResultsCommand.self,
      TrainCommand.self,
      TuneCommand.self,
      VersionsCommand.self,
    ])
}
