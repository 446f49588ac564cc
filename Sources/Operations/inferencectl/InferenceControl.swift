import ArgumentParser
import Platform

/// `inferencectl`: what is live, what is warm, what it costs; shift, promote, roll back.
struct InferenceControl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inferencectl",
    abstract: "Operates the Lambda function and the SageMaker endpoint that it calls.",
    discussion: """
      Credentials and region are found as the AWS CLI finds them. With --dry-run everything is read and nothing is \
      written: what would be sent is printed instead.

      Start with `inferencectl identity`: it tells whose credentials and which region the other commands would use.

      Exit status: 0 done; 1 refused or failed; 2 wrong usage.
      """,
    version: "inferencectl \(Product.version)",
    subcommands: [
      AliasCommand.self,
      ConcurrencyCommand.self,
      DeployCommand.self,
      EndpointCommand.self,
      FailuresCommand.self,
      IdentityCommand.self,
      PlanCommand.self,
      TrainCommand.self,
      TuneCommand.self,
      VersionsCommand.self,
    ])
}
