import AWSControl
import Prices

/// What each kind of endpoint costs a month at a number of images a day.
///
/// Lambda, S3, and SNS are not included: they cost about the same for every kind.
package struct KindEstimate: Sendable, Equatable {
  package struct Load: Sendable {
    /// More than 0.
    package var imagesPerDay: Double
    /// Hours of a day over which the images are spread evenly, more than 0 to 24.
    package var busyHours: Double
    /// Of an image and its answer; serverless endpoints bill them.
    package var bytesPerImage = 500_000.0

    package init(imagesPerDay: Double, busyHours: Double) {
      self.imagesPerDay = imagesPerDay
      self.busyHours = busyHours
    }

    var secondsBetween: Double { busyHours * 3600 / imagesPerDay }
  }

  package let kind: EndpointKind
  /// For example `2048 MB, 1 provisioned`.
  package let setting: String
  package let dollarsPerMonth: Double
  /// What is not from a price list or a measurement, for example `image time`.
  package let assumptions: [String]

  /// From the scale-out to an instance that serves, billed: assumed, no figure is published.
  package static let startMinutes = 6.0
  /// Without requests, until target tracking ends the last instance.
  package static let idleMinutes = 15.0
  /// Of `PriceList.Assumptions`, where a price file has none.
  static let gigabyteSecondsPerImage = 1.4
  private static let daysPerMonth = PriceList.hoursPerMonth / 24

  // MARK: Instances

  /// A real-time endpoint that has the instances for the busy hours all the time, and an
  /// asynchronous one that has none while nothing waits.
  ///
  /// - Parameters:
  ///   - measured: images a second of one instance; nil assumes the price list's.
  ///   - utilization: of a real-time instance's speed, 0 to 1.
  /// - Returns: nil when the type has no price or no speed.
  package static func instances(
    _ load: Load, instanceType: String, measured: Double?, utilization: Double, prices: PriceList
  ) -> [KindEstimate]? {
    guard let price = prices.hostingPerHour[instanceType],
      let speed = measured ?? prices.assumptions.hostingImagesPerSecond[instanceType], speed > 0
    else { return nil }
    let assumed = measured == nil ? ["images/s"] : []
    let count = max(1, (1 / load.secondsBetween / (speed * utilization)).rounded(.up))
    let hours = asynchronousHours(load, imagesPerSecond: speed)
    return [
      KindEstimate(
        kind: .realTime, setting: "\(text(count)) x \(instanceType), always",
        dollarsPerMonth: count * PriceList.hoursPerMonth * price,
        assumptions: assumed),
      KindEstimate(
        kind: .asynchronous, setting: "\(instanceType), \(text(hours)) h a day",
        dollarsPerMonth: hours * daysPerMonth * price, assumptions: assumed + ["start"]),
    ]
  }

  /// Instance hours a day. Each image keeps an instance for its start and the idle time, unless the
  /// next one comes before that; at most as long as the busy hours, unless the work takes longer.
  static func asynchronousHours(_ load: Load, imagesPerSecond: Double) -> Double {
    let work = load.imagesPerDay / imagesPerSecond / 3600
    let window = (startMinutes + idleMinutes) / 60
    return max(min(load.imagesPerDay * window + work, load.busyHours + window, 24), work)
  }

  // MARK: Serverless

  /// A serverless endpoint, with its provisioned concurrency if it has some. Cold starts are not
  /// billed.
  ///
  /// - Parameter measuredSeconds: of one image with this memory; nil assumes it.
  /// - Returns: nil without prices, or when the load needs more than the maximum concurrency.
  package static func serverless(
    _ load: Load, _ configuration: ServerlessConfiguration, measuredSeconds: Double?,
    prices: PriceList
  ) -> KindEstimate? {
    guard let rates = prices.serverlessHosting else { return nil }
    let memory = configuration.memoryMegabytes
    // Processors grow with the memory.
    let seconds =
      measuredSeconds
      ?? (prices.assumptions.serverlessGBSecondsPerImage ?? gigabyteSecondsPerImage) * 1024
      / Double(memory)
    guard seconds / load.secondsBetween <= Double(configuration.maximumConcurrency) else {
      return nil
    }
    let images = load.imagesPerDay * daysPerMonth
    let provisioned = Double(configuration.provisionedConcurrency ?? 0)
    // Evenly spread images use the provisioned environments first.
    let share = min(1, provisioned * load.secondsBetween / seconds)
    let dollars =
      rates.requests(
        memoryMegabytes: memory, onDemandSeconds: images * seconds * (1 - share),
        provisionedSeconds: images * seconds * share, bytes: images * load.bytesPerImage)
      + rates.provisioned(
        memoryMegabytes: memory, environmentSeconds: provisioned * PriceList.hoursPerMonth * 3600)
    let suffix = provisioned > 0 ? ", \(text(provisioned)) provisioned" : ""
    return KindEstimate(
      kind: .serverless, setting: "\(memory) MB\(suffix)", dollarsPerMonth: dollars,
      assumptions: (measuredSeconds == nil ? ["image time"] : [])
        + (provisioned > 0 ? ["provisioned duration"] : []) + ["data"])
  }

  /// `3`, `3.5`
  private static func text(_ value: Double) -> String {
    let tenths = (value * 10).rounded() / 10
    return tenths == tenths.rounded() && abs(tenths) < 1e15 ? String(Int(tenths)) : String(tenths)
  }
}
