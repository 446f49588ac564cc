import ArgumentParser
import Endpoints

struct EndpointShow: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract:
      "Print kind, variants, instance counts, queue, autoscaling, and the latest scaling activities.",
    discussion: "Example: inferencectl endpoint show --endpoint-name dogs")

  @OptionGroup var endpoint: EndpointOptions
  @Option(help: "Number of scaling activities of each variant, 1 to 50.")
  var activities = 5
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if !(1...50).contains(activities) { throw ValidationError("--activities must be 1 to 50.") }
  }

  func run(in session: Session) throws {
    let report = try EndpointReport.read(
      endpointName: endpoint.endpointName, variant: endpoint.variant, activityCount: activities,
      with: session.client())
    session.result(EndpointListing.text(report), json: EndpointListing.json(report))
    session.warn(report.notes)
    ScalingStore(session: session, endpointName: endpoint.endpointName)
      .offer(scaledVariants: report.scaling.keys)
  }
}
