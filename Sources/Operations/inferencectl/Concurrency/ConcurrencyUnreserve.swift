import ArgumentParser
import Concurrency

/// `inferencectl concurrency unreserve`
struct ConcurrencyUnreserve: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "unreserve",
    abstract: "Takes the reservation away: the function shares what the account has unreserved.")

  @OptionGroup var function: FunctionOption
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let name = function.functionName
    let before = try Reservation.remove(fromFunction: name, with: session.client())
    session.done(
      before.map { "Nothing is reserved for \(name) any more (before: \($0))" }
        ?? "Nothing is reserved for \(name)",
      json: ["functionName": name, "before": before, "changed": before != nil])
  }
}
