import ArgumentParser
import Endpoints

/// `inferencectl endpoint show`
struct EndpointShow: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract:
      "Shows variants, instances now and wanted, policies, cooldowns, the last scaling activities.")

  @OptionGroup var endpoint: EndpointOptions
  @Option(help: "Scaling activities of each variant, 1 to 50.")
  var activities = 5
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if !(1...50).contains(activities) { throw ValidationError("--activities wants 1 to 50.") }
  }

  func run(in session: Session) throws {
    let report = try EndpointReport.read(
      endpointName: endpoint.endpointName, variant: endpoint.variant, activityCount: activities,
      with: session.client())
    session.report(EndpointListing.text(report), json: EndpointListing.json(report))
    session.warn(report.notes)
  }
}
