import ArgumentParser
import AWSControl
import Endpoints
import Prices

struct EndpointEstimate: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "estimate", abstract: "Estimate the cost of an endpoint before it is created.",
    discussion: "Example: inferencectl endpoint estimate --peak-per-second 40")

  @Option(help: "Fixed number of instances.")
  var instances: Int?

  @Option(help: ArgumentHelp("Peak rate, in images a second.", valueName: "images/s"))
  var peakPerSecond: Double?

  @Option(
    // The second name is the spelling of 0.1.0.
    name: [.customLong("utilization"), .customLong("utilisation")],  // voice:ignore
    help: ArgumentHelp(
      "Target utilization of an instance's speed, 0.1 to 1 or 10% to 100%.", valueName: "share"))
  var utilization = ShareArgument(0.5)

  @OptionGroup var prices: PriceOption
  @OptionGroup var speeds: SpeedOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard instances == nil || peakPerSecond == nil else {
      throw ValidationError("Use either --instances or --peak-per-second, not both.")
    }
    guard instances ?? 1 > 0, peakPerSecond ?? 1 > 0, (peakPerSecond ?? 1).isFinite else {
      throw ValidationError("--instances and --peak-per-second must be more than 0.")
    }
    guard (0.1...1).contains(utilization.value) else {
      throw ValidationError("--utilization must be 0.1 to 1.")
    }
  }

  func run(in session: Session) throws {
    let list = try prices.load()
    let estimates = HostingEstimate.all(
      instances: instances, peakPerSecond: peakPerSecond, utilization: utilization.value,
      prices: list,
      measured: try speeds.byType())
    guard !estimates.isEmpty else {
      throw Refusal("The price file has no hosting type with both a price and a speed")
    }
    var table = Table(
      "type", "images/s each", "instances", "$/hour", "$/month", "$/million at best")
    for estimate in estimates {
      table.add(
        estimate.instanceType,
        Text.number(estimate.imagesPerSecond) + (estimate.isMeasured ? "" : " (assumed)"),
        String(estimate.instances), Text.number(estimate.dollarsPerHour),
        Text.dollars(estimate.dollarsPerMonth), Text.dollars(estimate.dollarsPerMillionAtBest))
    }
    let rows = estimates.map { estimate in
      [
        "instanceType": estimate.instanceType, "imagesPerSecond": estimate.imagesPerSecond,
        "measured": estimate.isMeasured, "instances": estimate.instances,
        "dollarsPerHour": estimate.dollarsPerHour, "dollarsPerMonth": estimate.dollarsPerMonth,
        "dollarsPerMillionAtBest": estimate.dollarsPerMillionAtBest,
      ] as OperationInput
    }
    session.result(
      table,
      json: (["pricesOf": list.date, "region": list.region, "estimates": rows] as OperationInput)
        .json)
    session.note(
      """
      Prices: \(list.region), \(list.date); a month has 730 h, and an idle endpoint is billed too. A speed marked \
      (assumed) is an assumption for ResNet-50, one photograph a request: measure yours and pass it with \
      --images-per-second TYPE=NUMBER. `inferencectl plan` simulates a day's traffic.
      """)
  }
}
