import Prices

/// Duration and cost of a backfill.
package struct BackfillEstimate: Sendable, Equatable {
  /// Who invokes the function.
  package enum Way: Sendable {
    case batchOperations
    /// This program.
    case local
  }

  /// What has to be done, with what.
  package struct Work: Sendable {
    package var images: Int
    /// Objects of the listing, older versions included; 0 for an inventory.
    package var listed: Int
    package var way: Way
    /// Of one invocation, in seconds.
    package var secondsPerImage: Double
    package var memoryGB: Double
    package var isARM = false
    /// Invocations at the same time.
    package var concurrency: Int
    package var keepsResults: Bool
    /// Nil where the endpoint has no instances, or is unknown.
    package var instances: Instances?

    package struct Instances: Sendable {
      package var type: String
      package var count: Int
      /// Of one instance.
      package var imagesPerSecond: Double

      package init(type: String, count: Int, imagesPerSecond: Double) {
        self.type = type
        self.count = count
        self.imagesPerSecond = imagesPerSecond
      }
    }

    package init(
      images: Int, listed: Int, way: Way, secondsPerImage: Double, memoryGB: Double,
      concurrency: Int, keepsResults: Bool
    ) {
      self.images = images
      self.listed = listed
      self.way = way
      self.secondsPerImage = secondsPerImage
      self.memoryGB = memoryGB
      self.concurrency = concurrency
      self.keepsResults = keepsResults
    }
  }

  /// `S3 Batch Operations`, `Lambda`, …
  package struct Item: Sendable, Equatable {
    package let name: String
    package let dollars: Double
  }

  package let items: [Item]
  /// Without start-up, of which no figure is known for millions of objects.
  package let hours: Double
  /// What limits the speed.
  package let limit: String

  package var dollars: Double { items.reduce(0) { $0 + $1.dollars } }

  /// - Throws: `PriceError` for an instance type, or a file, without a price.
  package init(_ work: Work, prices: PriceList) throws(PriceError) {
    guard let storage = prices.storage else {
      throw PriceError(
        message:
          "the prices of \(prices.region), \(prices.date), have no member storage, which a backfill needs"
      )
    }
    let images = Double(work.images)
    let byFunction = Double(work.concurrency) / work.secondsPerImage
    let byEndpoint = work.instances.map { Double($0.count) * $0.imagesPerSecond } ?? .infinity
    hours = images / min(byFunction, byEndpoint) / 3600
    limit =
      byEndpoint < byFunction
      ? "the endpoint's instances" : "\(work.concurrency) concurrent invocations"
    let perGBSecond = (work.isARM ? prices.lambda.arm64 : prices.lambda.x86_64)
      .onDemandPerGBSecond[0].price
    let perTask = work.way == .batchOperations ? storage.batchPerMillionTasks / 1e6 : 0
    let written = work.keepsResults ? storage.putPerThousand : 0
    var items = [
      Item(
        name: "S3 Batch Operations",
        dollars: (work.way == .batchOperations ? storage.batchPerJob : 0) + images * perTask),
      // A page has 1,000 objects.
      Item(name: "listing", dollars: Double(work.listed) / 1000 * storage.putPerThousand / 1000),
      Item(
        name: "Lambda",
        dollars: images
          * (prices.lambda.perMillionRequests / 1e6
            + work.memoryGB * work.secondsPerImage * perGBSecond)),
      Item(name: "S3 requests", dollars: images * (storage.getPerThousand + written) / 1000),
      Item(name: "logs", dollars: images * Self.logBytesPerImage / 1e9 * storage.logsPerGB),
    ]
    if let instances = work.instances {
      let hourly = try prices.hostingPerHour(instances.type)
      items.append(
        Item(
          name: "endpoint, \(instances.count) \(instances.type)",
          dollars: hours * Double(instances.count) * hourly))
    }
    self.items = items.filter { $0.dollars > 0 }
  }

  private static let logBytesPerImage = 1000.0
}
