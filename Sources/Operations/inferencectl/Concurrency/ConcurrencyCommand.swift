import ArgumentParser

struct ConcurrencyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "concurrency",
    abstract:
      "Inspect and change reserved and provisioned concurrency.",
    subcommands: [
      ConcurrencyShow.self,
      ConcurrencyReserve.self,
      ConcurrencyUnreserve.self,
      ConcurrencyProvision.self,
      ConcurrencyDeprovision.self,
      ConcurrencyAutoscale.self,
    ])
}

/// The function, and the version or alias to provision.
struct ProvisionedOptions: ParsableArguments {
  @OptionGroup var function: FunctionOption

  @Option(
    help: ArgumentHelp("Alias or version number, not $LATEST.", valueName: "qualifier"))
  var qualifier: String

  var functionName: String { function.functionName }
}
