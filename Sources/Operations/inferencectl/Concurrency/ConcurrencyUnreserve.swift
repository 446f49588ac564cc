import ArgumentParser
import Concurrency

struct ConcurrencyUnreserve: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "unreserve",
    abstract: "Delete the reservation; the function shares the account's unreserved concurrency.",
    discussion: "Example: inferencectl concurrency unreserve --function-name photo-classifier")

  @OptionGroup var function: FunctionOption
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let name = function.functionName
    let before = try Reservation.remove(fromFunction: name, with: session.client())
    session.done(
      before.map { "\(name) no longer has a reservation (before: \($0))" }
        ?? "\(name) has no reservation",
      json: ["functionName": name, "before": before, "changed": before != nil])
  }
}
