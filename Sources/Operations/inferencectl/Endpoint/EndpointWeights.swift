import AWSControl
import ArgumentParser
import Endpoints

struct EndpointWeights: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights",
    abstract: "Set the variants' shares of the traffic, and wait until they are in effect.",
    discussion: """
      A variant's share is its weight divided by the sum of all weights; other variants keep theirs.

      Example: inferencectl endpoint weights --endpoint-name dogs current=9 candidate=1
      """)

  @Argument(
    help: ArgumentHelp(
      "Variant and its weight, 0 or more, for example candidate=0.1.", valueName: "variant=weight"))
  var weights: [String]

  @Option(help: ArgumentHelp("Name of the SageMaker endpoint.", valueName: "name"))
  var endpointName: String
  @OptionGroup var waiting: WaitOption
  @OptionGroup var shared: SharedOptions

  func validate() throws { _ = try parsed() }

  func run(in session: Session) throws {
    let waiter = waiting.wait ? session.endpointWaiter() : nil
    let wanted = try parsed()
    let result = try session.reportingUnfinishedUpdate {
      try EndpointCapacity.setWeights(
        wanted, ofEndpoint: endpointName, with: session.client(), waiter: waiter)
    }
    let sum = result.weights.map(\.weight).reduce(0, +)
    let shares = result.weights.map { "\($0.variant) \(Text.percent($0.weight / sum))" }
    session.done(
      "\(endpointName): \(shares.joined(separator: ", "))" + (result.changed ? "" : ", unchanged"),
      json: [
        "endpointName": endpointName, "changed": result.changed,
        "weights": Dictionary(
          result.weights.map { ($0.variant, $0.weight) }, uniquingKeysWith: { $1 }),
      ])
  }

  private func parsed() throws -> [String: Double] {
    var result: [String: Double] = [:]
    for text in weights {
      let parts = text.split(separator: "=", omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, let weight = Double(parts[1]), weight >= 0,
        weight.isFinite
      else {
        throw ValidationError(
          "\(text): must be VARIANT=WEIGHT with a weight of 0 or more, for example candidate=0.1.")
      }
      guard result.updateValue(weight, forKey: String(parts[0])) == nil else {
        throw ValidationError("\(parts[0]) is given more than once.")
      }
    }
    return result
  }
}
