import ArgumentParser
import AWSControl
import Endpoints
import Prices

/// `inferencectl endpoint estimate`
struct EndpointEstimate: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "estimate", abstract: "Says what an endpoint would cost, before it is made.")

  @Option(help: "A fixed number of instances.")
  var instances: Int?

  @Option(help: ArgumentHelp("The highest rate to be served.", valueName: "images/s"))
  var peakPerSecond: Double?

  @Option(help: "The share of its speed to which an instance is used, 0.1 to 1.")
  var utilisation = 0.5

  @OptionGroup var prices: PriceOption
  @OptionGroup var speeds: SpeedOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard instances == nil || peakPerSecond == nil else {
      throw ValidationError("Give it --instances or --peak-per-second, not both.")
    }
    guard instances ?? 1 > 0, peakPerSecond ?? 1 > 0, (peakPerSecond ?? 1).isFinite else {
      throw ValidationError("--instances and --peak-per-second want more than 0.")
    }
    guard (0.1...1).contains(utilisation) else {
      throw ValidationError("--utilisation wants 0.1 to 1.")
    }
  }

  func run(in session: Session) throws {
    let list = try prices.load()
    let estimates = HostingEstimate.all(
      instances: instances, peakPerSecond: peakPerSecond, utilisation: utilisation, prices: list,
      measured: try speeds.byType())
    guard !estimates.isEmpty else {
      throw Refusal("The price file has no hosting type with a price and a speed")
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
    session.print(
      table,
      json: (["pricesOf": list.date, "region": list.region, "estimates": rows] as OperationInput)
        .json)
    session.console.note(
      """
      Prices: \(list.region), \(list.date); a month has 730 h, and an endpoint is paid while it is idle. A speed marked \
      (assumed) is a guess for ResNet-50, one photograph a request: measure yours and give it back with \
      --images-per-second TYPE=NUMBER. `inferencectl plan` simulates a day's traffic.
      """)
  }
}
