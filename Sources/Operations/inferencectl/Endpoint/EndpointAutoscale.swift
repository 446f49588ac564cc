import ArgumentParser

/// `inferencectl endpoint autoscale …`; without a subcommand it is `on`.
struct EndpointAutoscale: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "autoscale",
    abstract:
      "Scale a variant's instances by invocations or backlog, or its provisioned concurrency.",
    usage: """
      inferencectl endpoint autoscale --endpoint-name <name> [--variant <name>] [--min <min>] [--max <max>] \
      [--invocations-per-instance <count> | --max-rps <rate> [--safety <share>] | --backlog-per-instance <count> | \
      --target <share>] \
      [--scale-in-cooldown <seconds>] [--scale-out-cooldown <seconds>] [--schedule <schedule> ...]
      inferencectl endpoint autoscale (off | suspend | resume) --endpoint-name <name> [--variant <name>]
      """,
    subcommands: [
      EndpointAutoscaleOn.self,
      EndpointAutoscaleOff.self,
      EndpointAutoscaleSuspend.self,
      EndpointAutoscaleResume.self,
    ], defaultSubcommand: EndpointAutoscaleOn.self)
}
