import ArgumentParser
import AWSControl
import Prices
import JSON
import Training

struct TrainEstimateCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "estimate",
    abstract: "Estimate the duration and cost of training before it is started.",
    discussion: "Example: inferencectl train estimate --photographs 8000 --epochs 20")

  @Option(
    help: ArgumentHelp(
      "Photographs: s3://bucket/prefix or a folder.", valueName: "uri"))
  var data: String?

  @Option(help: "Number of photographs, if known.")
  var photographs: Int?

  @Option(help: "Number of runs, for example of a search.")
  var runs = 1

  @OptionGroup var network: NetworkOptions
  @OptionGroup var prices: PriceOption
  @OptionGroup var speeds: SpeedOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard (data == nil) != (photographs == nil) else {
      throw ValidationError("Use either --data or --photographs.")
    }
    guard photographs ?? 1 > 0, runs > 0 else {
      throw ValidationError("--photographs and --runs must be at least 1.")
    }
  }

  func run(in session: Session) throws {
    let count = try photographs ?? counted(in: session)
    var work = TrainingEstimate.Work(
      photographs: count, epochs: network.epochs, architecture: network.architecture,
      freezesBackbone: network.freezeBackbone)
    work.runs = runs
    let list = try prices.load()
    let estimates = TrainingEstimate.all(work, prices: list, measured: try speeds.byType())
    guard !estimates.isEmpty else {
      throw Refusal(
        "The price file has no type with both a price and a speed for \(network.architecture.rawValue)"
      )
    }
    session.result(table(estimates), json: json(estimates, count, list))
    session.note(assumptions(count, list))
  }

  private func counted(in session: Session) throws -> Int {
    let place = data ?? ""
    let photographs =
      if let location = S3Location(place) {
        try PhotographListing.inS3(location, with: session.client())
      } else { try PhotographListing.inFolder(place) }
    session.note(photographs.lines.joined(separator: "\n"))
    return photographs.total
  }

  private func table(_ estimates: [TrainingEstimate]) -> Table {
    var table = Table("type", "as", "images/s", "time", "$/hour", "cost", "remark")
    for estimate in estimates {
      table.add(
        estimate.instanceType, estimate.way.rawValue,
        Text.number(estimate.imagesPerSecond) + (estimate.isMeasured ? "" : " (assumed)"),
        Text.duration(seconds: estimate.seconds), Text.number(estimate.dollarsPerHour),
        Text.dollars(estimate.dollars), estimate.remark)
    }
    return table
  }

  private func json(
    _ estimates: [TrainingEstimate], _ count: Int, _ list: PriceList
  ) -> JSONValue {
    let rows = estimates.map { estimate in
      [
        "instanceType": estimate.instanceType, "as": estimate.way.rawValue,
        "imagesPerSecond": estimate.imagesPerSecond, "measured": estimate.isMeasured,
        "seconds": estimate.seconds, "dollarsPerHour": estimate.dollarsPerHour,
        "dollars": estimate.dollars, "remark": estimate.remark,
      ] as OperationInput
    }
    return
      ([
        "photographs": count, "epochs": network.epochs, "runs": runs, "pricesOf": list.date,
        "region": list.region, "estimates": rows,
      ] as OperationInput).json
  }

  private func assumptions(_ count: Int, _ list: PriceList) -> String {
    let passes =
      network.freezeBackbone
      ? "each processed once, forward only (\(Text.number(list.assumptions.frozenBackboneSpeedUp)) times faster than training)"
      : "\(network.epochs) epochs"
    return """
      \(count) photographs, \(passes), \(network.architecture.rawValue)\(runs > 1 ? ", \(runs) runs" : ""); \
      \(Text.number(list.assumptions.trainingStartUpMinutes)) min of start-up for jobs and EC2. Prices: \(list.region), \(list.date). \
      Spot is assumed to be \(Text.percent(list.assumptions.spotDiscount)) cheaper. A speed marked (assumed) is an assumption \
      for 224×224: train.py prints images_per_second; pass it with --images-per-second TYPE=NUMBER.
      """
  }
}
