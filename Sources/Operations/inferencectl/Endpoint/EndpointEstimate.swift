import ArgumentParser
import AWSControl
import Endpoints
import Prices

struct EndpointEstimate: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "estimate", abstract: "Estimate the cost of an endpoint before it is created.",
    discussion: """
      Without --images-per-day, instances for a peak rate. With it, each kind of endpoint at these numbers of images a \
      day: real-time, asynchronous without an instance while idle, and serverless.

      Examples:
        inferencectl endpoint estimate --peak-per-second 40
        inferencectl endpoint estimate --images-per-day 10 1000 100000 --instance-type ml.g4dn.xlarge
        inferencectl endpoint estimate --images-per-day 1000 --serverless memory=4096,max=5,provisioned=1
      """)

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

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Images a day; several numbers are compared.", valueName: "images"))
  var imagesPerDay: [Double] = []

  @Option(
    help: ArgumentHelp(
      "With --images-per-day: hours over which they are spread evenly, above 0 to 24.",
      valueName: "hours"))
  var busyHours = 8.0

  @Option(
    help: ArgumentHelp(
      "With --images-per-day: instance type, for example ml.g4dn.xlarge.", valueName: "type"))
  var instanceType = "ml.m5.xlarge"

  @Option(
    name: .customLong("serverless"),
    help: ArgumentHelp(
      "With --images-per-day: serverless setting to compare; repeat for more (default: 2048 MB, without and with one "
        + "provisioned environment).",
      valueName: "memory=MB,max=count[,provisioned=count]"))
  var serverlessTexts: [String] = []

  @Option(
    help: ArgumentHelp(
      "With --images-per-day: measured time of an image on the serverless endpoint.",
      valueName: "seconds"))
  var serverlessSeconds: Double?

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
    guard imagesPerDay.isEmpty || (instances == nil && peakPerSecond == nil) else {
      throw ValidationError("Use --images-per-day without --instances and --peak-per-second.")
    }
    guard imagesPerDay.allSatisfy({ $0 > 0 && $0 <= 1e9 }) else {
      throw ValidationError("--images-per-day must be more than 0 and at most 1,000,000,000.")
    }
    guard busyHours > 0, busyHours <= 24 else {
      throw ValidationError("--busy-hours must be more than 0 and at most 24.")
    }
    guard serverlessSeconds ?? 1 > 0, serverlessSeconds ?? 1 <= 60 else {
      throw ValidationError("--serverless-seconds must be more than 0 and at most 60.")
    }
    _ = try serverless()
  }

  func run(in session: Session) throws {
    let list = try prices.load()
    if !imagesPerDay.isEmpty { return try compareKinds(list, in: session) }
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

// MARK: Images a day

extension EndpointEstimate {
  private func serverless() throws -> [ServerlessConfiguration] {
    guard serverlessTexts.isEmpty else {
      return try serverlessTexts.map { try EndpointKindText.newServerless($0) }
    }
    return try [nil, 1].map {
      try ServerlessConfiguration(
        memoryMegabytes: 2048, maximumConcurrency: 200, provisionedConcurrency: $0)
    }
  }

  private func compareKinds(_ list: PriceList, in session: Session) throws {
    let measured = try speeds.byType()
    var table = Table("images/day", "kind", "setting", "$/month", "assumed")
    var rows: [OperationInput] = []
    for images in imagesPerDay {
      let load = KindEstimate.Load(imagesPerDay: images, busyHours: busyHours)
      guard
        let onInstances = KindEstimate.instances(
          load, instanceType: instanceType, measured: measured[instanceType] ?? measured[""],
          utilization: utilization.value, prices: list)
      else {
        throw Refusal(
          "\(instanceType) has no price or no speed in the prices of \(list.region), \(list.date)",
          advice:
            "Pass its speed with --images-per-second \(instanceType)=NUMBER, or another --prices")
      }
      let estimates =
        try onInstances
        + serverless().compactMap {
          KindEstimate.serverless(load, $0, measuredSeconds: serverlessSeconds, prices: list)
        }
      for estimate in estimates.sorted(by: { $0.dollarsPerMonth < $1.dollarsPerMonth }) {
        table.add(
          EndpointListing.number(images), estimate.kind.text, estimate.setting,
          Text.dollars(estimate.dollarsPerMonth), estimate.assumptions.joined(separator: ", "))
        rows.append([
          "imagesPerDay": images, "kind": estimate.kind.rawValue, "setting": estimate.setting,
          "dollarsPerMonth": estimate.dollarsPerMonth, "assumed": estimate.assumptions,
        ])
      }
    }
    session.result(
      table,
      json: (["pricesOf": list.date, "region": list.region, "estimates": rows] as OperationInput)
        .json)
    session.note(
      """
      Prices: \(list.region), \(list.date), without Lambda, S3, and SNS; a month has 730 h. Images come evenly over \
      \(EndpointListing.number(busyHours)) hours a day (--busy-hours). Assumed: images/s of an instance (--images-per-second), \
      the image time of a serverless endpoint (--serverless-seconds), \
      \(EndpointListing.number(KindEstimate.startMinutes)) billed minutes of start before each wait, and the prices of data and \
      of durations on provisioned concurrency. An asynchronous endpoint ends its last instance after \
      \(EndpointListing.number(KindEstimate.idleMinutes)) idle minutes; the first image waits 5 to 12 minutes for the next one.
      """)
  }
}
