import AWSControl
import ArgumentParser
import Concurrency
import Prices

struct ConcurrencyProvision: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "provision",
    abstract: "Keep environments of a version or alias warm, and wait until all are ready.",
    discussion: """
      Environments become ready after one to three minutes, all at once. They serve only invocations of this \
      qualifier. Excess invocations run on demand, with a cold start, unless the reservation is used up.

      Example: inferencectl concurrency provision 5 --function-name photo-classifier --qualifier live
      """)

  @Argument(help: "Number of environments, 1 or more.")
  var environments: Int

  @OptionGroup var target: ProvisionedOptions
  @OptionGroup var waiting: WaitOption
  @OptionGroup var prices: PriceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if environments < 1 {
      throw ValidationError(
        "The number of environments must be at least 1. To delete all, use concurrency deprovision."
      )
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
        "\(error.message). Lambda continues",
        advice:
          "To see the progress, use concurrency show; to continue waiting, run this command again; to undo it, use "
          + "concurrency deprovision --qualifier \(target.qualifier)")
    }
    guard let state else { return }
    session.done(
      "\(target.functionName):\(target.qualifier) (version \(plan.version)): \(state.available) of "
        + "\(state.requested) provisioned, \(state.status); \(plan.cost)",
      json: [
        "functionName": target.functionName, "qualifier": target.qualifier,
        "version": plan.version, "provisioned": ConcurrencyListing.json(state),
      ])
  }
}
