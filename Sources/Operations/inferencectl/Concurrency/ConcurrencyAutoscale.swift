import ArgumentParser

/// `inferencectl concurrency autoscale …`; without a subcommand it is `on`.
struct ConcurrencyAutoscale: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "autoscale",
    abstract: "Scale provisioned concurrency by utilization and on a schedule.",
    usage: """
      inferencectl concurrency autoscale --function-name <name> --qualifier <qualifier> [--min <min>] [--max <max>] \
      [--target <share>] [--schedule <schedule> ...] [--timezone <zone>]
      inferencectl concurrency autoscale (off | suspend | resume) --function-name <name> --qualifier <qualifier>
      """,
    subcommands: [
      ConcurrencyAutoscaleOn.self,
      ConcurrencyAutoscaleOff.self,
      ConcurrencyAutoscaleSuspend.self,
      ConcurrencyAutoscaleResume.self,
    ], defaultSubcommand: ConcurrencyAutoscaleOn.self)
}
