import Foundation

/// Prices of one region on one day, in US dollars, and the speeds that no price list states.
///
/// One JSON file, which `--prices` replaces. The built-in one is `Resources/prices-us-east-1.json`; a replacement has
/// the same members.
package struct PriceList: Sendable, Hashable, Codable {
  /// Hours of a month in AWS's price examples.
  package static let hoursPerMonth = 730.0

  package var region: String
  /// ISO 8601.
  package var date: String
  package var sources: [String]
  package var lambda: LambdaPrices
  /// SageMaker serverless endpoints; nil where the file has none.
  package var serverlessHosting: ServerlessPrices?
  /// S3, S3 Batch Operations, and logs; nil where the file has none.
  package var storage: StoragePrices?
  /// SageMaker real-time endpoints, by instance type.
  package var hostingPerHour: [String: Double]
  /// SageMaker training jobs, by instance type.
  package var trainingPerHour: [String: Double]
  /// SageMaker notebooks, by instance type.
  package var notebookPerHour: [String: Double]
  /// EC2, Linux, on demand, by instance type.
  package var ec2PerHour: [String: Double]
  package var assumptions: Assumptions

  package struct LambdaPrices: Sendable, Hashable, Codable {
    package var perMillionRequests: Double
    /// Free invocations per month.
    package var freeRequests: Double
    /// Free GB-seconds per month; never of provisioned concurrency or of invocations on it.
    package var freeGBSeconds: Double
    /// `/tmp` beyond 512 MB, dollars per GB-second; nil where the file has none.
    package var ephemeralStoragePerGBSecond: Double?
    /// A poller (event poller unit) of a provisioned SQS event source mapping.
    package var pollerPerHour: Double?
    package var x86_64: ArchitecturePrices
    package var arm64: ArchitecturePrices
  }

  package struct ServerlessPrices: Sendable, Hashable, Codable {
    package var perGBSecond: Double
    /// Provisioned concurrency, used or not.
    package var provisionedPerGBSecond: Double
    /// Requests that run on it.
    package var provisionedDurationPerGBSecond: Double
    /// Data in and out.
    package var dataPerGB: Double
  }

  /// Prices that depend on the architecture, dollars per GB-second.
  package struct ArchitecturePrices: Sendable, Hashable, Codable {
    /// By the month's amount, the smallest amount first.
    package var onDemandPerGBSecond: [Tier]
    /// Provisioned concurrency, used or not.
    package var provisionedPerGBSecond: Double
    /// Invocations that run on it.
    package var provisionedDurationPerGBSecond: Double
  }

  package struct Tier: Sendable, Hashable, Codable {
    /// The month's GB-seconds where the tier ends; nil for the last.
    package var upToGBSeconds: Double?
    /// Dollars per GB-second.
    package var price: Double
  }

  /// Assumed speeds. A measured one can replace each.
  package struct Assumptions: Sendable, Hashable, Codable {
    /// What managed spot saves, 0 to 1; AWS states "up to 0.9" and no minimum.
    package var spotDiscount: Double
    /// From the job's creation to the first photograph; billed from the image's download on.
    package var trainingStartUpMinutes: Double
    /// By architecture and instance type: 224×224, forward and backward through the whole network.
    package var trainingImagesPerSecond: [String: [String: Double]]
    /// How many times faster a frozen backbone trains: it sees each photograph once, forward only.
    package var frozenBackboneSpeedUp: Double
    /// By instance type: ResNet-50, one photograph per request.
    package var hostingImagesPerSecond: [String: Double]
    /// On a serverless endpoint, whose processors grow with the memory: seconds of an image times
    /// the memory; nil where the file has none.
    package var serverlessGBSecondsPerImage: Double?
  }

  /// - Throws: ``PriceError`` that lists the types that have a price.
  package func hostingPerHour(_ instanceType: String) throws(PriceError) -> Double {
    if let price = hostingPerHour[instanceType] { return price }
    let known = hostingPerHour.keys.sorted().joined(separator: ", ")
    throw PriceError(
      message: "no hosting price of \(instanceType) in the prices of \(region), \(date); "
        + "known instance types: \(known)")
  }
}

/// A price that is missing, or a price file that cannot be read.
package struct PriceError: Error, Equatable, CustomStringConvertible {
  package let message: String

  package init(message: String) { self.message = message }

  package var description: String { message }
}
