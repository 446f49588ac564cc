import ArgumentParser
import Concurrency

struct ConcurrencyReserve: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "reserve",
    abstract: "Reserve concurrency for all versions together, as a guarantee and a limit.",
    discussion: """
      Excess invocations are throttled (429); only asynchronous events, such as uploads, are retried, for up to \
      six hours. A reservation is free. 0 stops the function and requires a confirmation or --yes.

      Example: inferencectl concurrency reserve 20 --function-name photo-classifier
      """)

  @Argument(help: "Number of environments; 0 throttles every invocation.")
  var environments: Int

  @OptionGroup var function: FunctionOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if environments < 0 {
      throw ValidationError("The number of environments must not be negative.")
    }
  }

  func run(in session: Session) throws {
    let client = try session.client()
    let name = function.functionName
    let plan = try Reservation.plan(reserving: environments, forFunction: name, with: client)
    session.warn(plan.warnings)
    if plan.stopsFunction { try session.confirm("Throttle every invocation of \(name)") }
    let changed = try Reservation.apply(plan, with: client)
    session.done(
      changed
        ? "Reserved \(environments) for \(name) (before: \(plan.present.map(String.init) ?? "none")); "
          + "\(plan.unreservedAfterwards) of the account are unreserved"
        : "\(environments) are already reserved for \(name)",
      json: [
        "functionName": name, "reserved": environments, "before": plan.present,
        "unreserved": plan.unreservedAfterwards, "changed": changed,
      ])
  }
}
