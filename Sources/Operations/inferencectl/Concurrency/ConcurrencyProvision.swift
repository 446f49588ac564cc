import AWSControl
import ArgumentParser
import Concurrency
import Prices

/// `inferencectl concurrency provision N`
struct ConcurrencyProvision: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "provision",
    abstract: "Keeps environments of a version or alias warm, and waits until all of them are.",
    discussion: """
      They start after a minute or two, and none is usable before all are. They are used only by callers that name \
      this qualifier. What exceeds them runs on demand, with a cold start, unless the reservation forbids it.
      """)

  @Argument(help: "Environments, 1 or more.")
  var environments: Int

  @OptionGroup var target: ProvisionedOptions
  @OptionGroup var waiting: WaitOption
  @OptionGroup var prices: PriceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if environments < 1 {
      throw ValidationError("At least 1 is provisioned; concurrency deprovision takes all away.")
    }
  }

  func run(in session: Session) throws {
    let client = try session.client()
    let plan = try Provisioning.plan(
      environments, forFunction: target.functionName, qualifier: target.qualifier,
      prices: ProvisionedPrices(prices.load()), with: client)
    session.warn(plan.warnings)
    let waiter = waiting.wait ? session.waiter(limitSeconds: 900) : nil
    let state: ProvisionedConcurrency?
    do {
      state = try Provisioning.apply(plan, with: client, waiter: waiter)
    } catch let error as Interrupted {
      throw Refusal(
        "\(error.message). Lambda goes on by itself",
        advice:
          "concurrency show tells how far it is; run this again to go on waiting; concurrency deprovision "
          + "--qualifier \(target.qualifier) takes it back")
    }
    guard let state else { return }
    session.reportDone(
      "\(target.functionName):\(target.qualifier) (version \(plan.version)): \(state.available) of "
        + "\(state.requested) provisioned, \(state.status); \(plan.cost)",
      json: [
        "functionName": target.functionName, "qualifier": target.qualifier,
        "version": plan.version, "provisioned": ConcurrencyListing.json(state),
      ])
  }
}
