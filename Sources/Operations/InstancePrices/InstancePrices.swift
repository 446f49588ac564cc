import Foundation

/// What instances cost an hour, in US dollars, and how fast they are assumed to be: from a JSON file that a user
/// can replace.
public struct InstancePrices: Sendable, Codable {
  /// The region the prices hold for.
  public var region: String
  /// The day they were read, ISO 8601.
  public var date: String
  /// Where they were read.
  public var sources: [String]
  /// SageMaker training jobs, by instance type.
  public var trainingPerHour: [String: Double]
  /// SageMaker real-time endpoints.
  public var hostingPerHour: [String: Double]
  /// SageMaker notebooks.
  public var notebookPerHour: [String: Double]
  /// EC2, Linux, on demand.
  public var ec2PerHour: [String: Double]
  /// What no price list tells.
  public var assumptions: Assumptions

  /// Assumed speeds. Each can be replaced by a measured one.
  public struct Assumptions: Sendable, Codable {
    /// What managed spot saves, 0 to 1; AWS promises up to 0.9 and no least.
    public var spotDiscount: Double
    /// From the job's creation to the first photograph; paid from the image's download on.
    public var trainingStartUpMinutes: Double
    /// By architecture and instance type: 224×224, forward and backward through the whole network.
    public var trainingImagesPerSecond: [String: [String: Double]]
    /// A frozen backbone sees each photograph once, forward only: so many times faster than training it.
    public var frozenBackboneSpeedUp: Double
    /// One instance, ResNet-50, one photograph a request.
    public var hostingImagesPerSecond: [String: Double]
  }

  /// The prices that come with it, compiled in, so that a copied program has them.
  ///
  /// - Throws: `PriceFileError` when they are malformed.
  public static func usEast1() throws(PriceFileError) -> InstancePrices {
    try InstancePrices(
      Data(PackageResources.instance_prices_us_east_1_json), place: "instance-prices-us-east-1.json"
    )
  }

  /// A file of prices.
  ///
  /// - Throws: `PriceFileError` that names the file and what is wrong.
  public init(contentsOf url: URL) throws(PriceFileError) {
    let data: Data
    do { data = try Data(contentsOf: url) } catch {
      throw PriceFileError(problem: "\(url.path): \(error.localizedDescription)")
    }
    try self.init(data, place: url.path)
  }

  private init(_ data: Data, place: String) throws(PriceFileError) {
    do {
      self = try JSONDecoder().decode(InstancePrices.self, from: data)
    } catch let error as DecodingError {
      throw PriceFileError(problem: "\(place): \(Self.explain(error))")
    } catch {
      throw PriceFileError(problem: "\(place): \(error.localizedDescription)")
    }
    for prices in [trainingPerHour, hostingPerHour, notebookPerHour, ec2PerHour] {
      if let wrong = prices.filter({ !($0.value >= 0) }).keys.min() {
        throw PriceFileError(problem: "\(place): the price of \(wrong) is negative")
      }
    }
  }

  private static func explain(_ error: DecodingError) -> String {
    func path(_ context: DecodingError.Context) -> String {
      context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context):
      return "\((context.codingPath + [key]).map(\.stringValue).joined(separator: ".")) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "\(path(context)) has the wrong type"
    default: return "it is no JSON"
    }
  }
}

/// Prices that are missing or cannot be read.
public struct PriceFileError: Error, Equatable, CustomStringConvertible {
  /// What failed.
  public let problem: String

  /// An error.
  public init(problem: String) { self.problem = problem }

  /// The problem.
  public var description: String { problem }
}
