import ArgumentParser
import Concurrency
import Prices

struct ConcurrencyShow: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract:
      "Print limits, reservation, provisioned concurrency, use in the last hour, and cost.",
    discussion: "Example: inferencectl concurrency show --function-name photo-classifier")

  @OptionGroup var function: FunctionOption
  @OptionGroup var prices: PriceOption
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let report = try ConcurrencyReport.read(
      functionName: function.functionName, prices: ProvisionedPrices(prices.load()),
      with: session.client())
    session.result(ConcurrencyListing.text(report), json: ConcurrencyListing.json(report))
    session.warn(report.notes)
  }
}
