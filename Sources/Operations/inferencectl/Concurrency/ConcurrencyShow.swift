import ArgumentParser
import Concurrency
import Prices

/// `inferencectl concurrency show`
struct ConcurrencyShow: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract:
      "Shows limits, reservation, provisioned concurrency, its use in the last hour and its cost.")

  @OptionGroup var function: FunctionOption
  @OptionGroup var prices: PriceOption
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let report = try ConcurrencyReport.read(
      functionName: function.functionName, prices: ProvisionedPrices(prices.load()),
      with: session.client())
    session.report(ConcurrencyListing.text(report), json: ConcurrencyListing.json(report))
    session.warn(report.notes)
  }
}
