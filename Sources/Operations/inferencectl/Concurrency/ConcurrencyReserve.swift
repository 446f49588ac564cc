import ArgumentParser
import Concurrency

/// `inferencectl concurrency reserve N`
struct ConcurrencyReserve: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "reserve",
    abstract: "Reserves concurrency for all versions together: a guarantee, and a ceiling.",
    discussion: """
      What exceeds the ceiling is throttled (429), it does not wait; only asynchronous events, such as uploads, are \
      tried again for up to six hours. It is free. 0 stops the function: it asks first, or wants --yes.
      """)

  @Argument(help: "Environments; 0 throttles every invocation.")
  var environments: Int

  @OptionGroup var function: FunctionOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if environments < 0 { throw ValidationError("Environments to reserve cannot be negative.") }
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
        ? "Reserved \(environments) for \(name) (before: \(plan.present.map(String.init) ?? "nothing")); "
          + "\(plan.unreservedAfterwards) of the account stay unreserved"
        : "\(environments) are reserved for \(name) already",
      json: [
        "functionName": name, "reserved": environments, "before": plan.present,
        "unreserved": plan.unreservedAfterwards, "changed": changed,
      ])
  }
}
