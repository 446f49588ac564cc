import AWSControl
import ArgumentParser
import Versioning

struct AliasPoint: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "point",
    abstract:
      "Point the alias to a version, all traffic at once; create the alias if it does not exist.",
    discussion: "Example: inferencectl alias point --function-name photo-classifier --to 6")

  @OptionGroup var function: FunctionOption
  @OptionGroup var alias: AliasOption
  @Option(help: ArgumentHelp("Version number, for example 6.", valueName: "version")) var to: String
  @OptionGroup var force: ForceOption
  @OptionGroup var waiting: WaitOption
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let operations = try session.operations(function, alias, force)
    try session.finish(try operations.point(to: to), of: operations, waits: waiting.wait)
  }
}

struct AliasShift: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "shift", abstract: "Shift a share of the traffic to another version.",
    discussion:
      "Example: inferencectl alias shift --function-name photo-classifier --to 6 --weight 10%")

  @OptionGroup var function: FunctionOption
  @OptionGroup var alias: AliasOption
  @Option(help: ArgumentHelp("Number of the other version, for example 6.", valueName: "version"))
  var to: String
  @Option(
    help: ArgumentHelp(
      "Share of the traffic, 0 to 1 or 0% to 100%, but not all, for example 10%; 0 ends the shift.",
      valueName: "share"))
  var weight: ShareArgument
  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard weight.value < 1 else {
      throw ValidationError(
        "--weight must be less than 1 (100%). To send all traffic to a version, use alias promote."
      )
    }
  }

  func run(in session: Session) throws {
    let operations = try session.operations(function, alias, force)
    try session.finish(
      try operations.shift(to: to, weight: weight.value), of: operations, waits: false)
  }
}

struct AliasPromote: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "promote", abstract: "Send all traffic to the version that has a share of it.",
    discussion: "Example: inferencectl alias promote --function-name photo-classifier")

  @OptionGroup var function: FunctionOption
  @OptionGroup var alias: AliasOption
  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let operations = try session.operations(function, alias, force)
    try session.finish(try operations.promote(), of: operations, waits: false)
  }
}

struct AliasRollback: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract:
      "End a shift; without one, return to the version before.",
    discussion: """
      The alias's description records each move. When another tool moved the alias, or when it is not recorded where it \
      was before, nothing is changed, and --to chooses the version. A rollback that is done already is status 0.

      Example:
      inferencectl alias rollback --function-name photo-classifier
      """)

  @OptionGroup var function: FunctionOption
  @OptionGroup var alias: AliasOption
  @Option(
    help: ArgumentHelp(
      "Version to return to, for example 4 (default: the recorded one).", valueName: "version"))
  var to: String?
  @OptionGroup var force: ForceOption
  @OptionGroup var waiting: WaitOption
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let operations = try session.operations(function, alias, force)
    try session.finish(
      try operations.rollback(to: to), of: operations, waits: waiting.wait,
      unchanged: { "already rolled back, it is at \($0)" })
  }
}

extension Session {
  func operations(
    _ function: FunctionOption, _ alias: AliasOption, _ force: ForceOption
  ) throws -> AliasOperations {
    AliasOperations(
      functionName: function.functionName, alias: alias.name, client: try client(),
      force: force.force)
  }

  /// Reports a change of an alias. Waits while Lambda moves provisioned concurrency.
  ///
  /// - Parameter unchanged: describes the traffic when there was nothing to do.
  func finish(
    _ outcome: AliasOperations.Outcome, of operations: AliasOperations, waits: Bool,
    unchanged: (_ traffic: String) -> String = { "nothing to do, it is at \($0)" }
  ) throws {
    let alias = operations.editor.alias
    if let cold = outcome.coldVersion {
      note(
        "Note: version \(cold) has no provisioned concurrency, unlike the version before: it starts cold. To "
          + "warm it: concurrency provision --qualifier \(cold)")
    }
    if let restored = outcome.restored {
      note(
        "Note: \(restored) environments of \(alias) are provisioned again, which an interrupted run had removed"
      )
    }
    let json: OperationInput = [
      "alias": alias, "changed": outcome.isChanged, "before": outcome.before.map(json),
      "after": json(outcome.after),
    ]
    guard outcome.isChanged else {
      let text = "\(alias): \(unchanged(outcome.after.text))"
      return done(text, planned: text, json: json)
    }
    let before = outcome.before.map { "from \($0.text) to" } ?? "to"
    let change = "\(alias): goes \(before) \(outcome.after.text)"
    guard waits, !shared.dryRun, outcome.before?.version != outcome.after.version,
      outcome.restored == nil,
      let own = try operations.editor.readProvisionedConcurrency()
    else {
      return done(
        change, planned: "\(alias): would go \(before) \(outcome.after.text)", json: json)
    }
    note(change)
    note(
      "Lambda moves the traffic when \(own.requested) environments of version "
        + "\(outcome.after.version) are warm. To move it at once, with cold starts: "
        + "concurrency deprovision --qualifier \(alias)")
    try Readiness.waitForAlias(operations.editor, with: try client(), waiter())
    done(
      "\(alias): version \(outcome.after.version) has all traffic, \(own.requested) provisioned and ready",
      json: json)
  }

  private func json(_ state: AliasState) -> OperationInput {
    ["version": state.version, "weights": state.weights]
  }
}
