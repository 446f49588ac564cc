import ArgumentParser

/// `inferencectl endpoint autoscale …`; without a subcommand it is `on`.
struct EndpointAutoscale: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "autoscale",
    abstract: "Scale a variant's instances by their invocations.",
    usage: """
      inferencectl endpoint autoscale --endpoint-name <name> [--variant <name>] --min <min> --max <max> \
      (--invocations-per-instance <count> | --max-rps <rate> [--safety <factor>]) \
      [--scale-in-cooldown <seconds>] [--scale-out-cooldown <seconds>]
      inferencectl endpoint autoscale off --endpoint-name <name> [--variant <name>]
      """,
    subcommands: [
      EndpointAutoscaleOn.self,
      EndpointAutoscaleOff.self,
    ], defaultSubcommand: EndpointAutoscaleOn.self)
}
