import ArgumentParser

/// `inferencectl concurrency …`
struct ConcurrencyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "concurrency",
    abstract:
      "Reserved and provisioned concurrency of the function: caps, warm environments, their cost.",
    subcommands: [
      ConcurrencyShow.self,
      ConcurrencyReserve.self,
      ConcurrencyUnreserve.self,
      ConcurrencyProvision.self,
      ConcurrencyDeprovision.self,
      ConcurrencyAutoscale.self,
    ])
}

/// The function, and the version or alias whose provisioned concurrency it is about.
struct ProvisionedOptions: ParsableArguments {
  @OptionGroup var function: FunctionOption

  @Option(
    help: ArgumentHelp("An alias, or a version's number; never $LATEST.", valueName: "qualifier"))
  var qualifier: String

  var functionName: String { function.functionName }
}
