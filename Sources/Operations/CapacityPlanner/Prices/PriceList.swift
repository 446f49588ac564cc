import Foundation

/// Prices of one region on one day, from a JSON file that a user can replace. Everything is in US dollars.
///
/// The file that comes with the planner is `prices-us-east-1.json`; a replacement has the same members.
public struct PriceList: Sendable, Hashable, Codable {
  /// Region the prices hold for.
  public var region: String
  /// Day they were read, ISO 8601.
  public var date: String
  /// Where they were read.
  public var sources: [String]
  /// Lambda.
  public var lambda: LambdaPrices
  /// SageMaker real-time hosting, dollars an hour by instance type.
  public var sagemakerHostingPerHour: [String: Double]

  /// Lambda's prices.
  public struct LambdaPrices: Sendable, Hashable, Codable {
    /// A million invocations.
    public var perMillionRequests: Double
    /// Free invocations a month.
    public var freeRequests: Double
    /// Free GB-seconds a month; never of provisioned concurrency or of invocations on it.
    public var freeGBSeconds: Double
    /// Intel and AMD.
    public var x86_64: ArchitecturePrices
    /// Graviton.
    public var arm64: ArchitecturePrices
  }

  /// Prices that depend on the architecture, dollars a GB-second.
  public struct ArchitecturePrices: Sendable, Hashable, Codable {
    /// By the month's amount, the smallest amount first.
    public var onDemandPerGBSecond: [Tier]
    /// Provisioned concurrency, used or not.
    public var provisionedPerGBSecond: Double
    /// Invocations that run on it.
    public var provisionedDurationPerGBSecond: Double
  }

  /// A price up to an amount.
  public struct Tier: Sendable, Hashable, Codable {
    /// The month's GB-seconds where it ends; nil for the last.
    public var upToGBSeconds: Double?
    /// Dollars a GB-second.
    public var price: Double
  }

  /// The prices that come with the planner: in the program itself, so that a copied one has them too.
  ///
  /// - Throws: ``PriceError`` when the file was broken before the build.
  public static func usEast1() throws(PriceError) -> PriceList {
    try PriceList(
      data: Data(PackageResources.prices_us_east_1_json), name: "prices-us-east-1.json")
  }

  /// A file of prices.
  ///
  /// - Throws: ``PriceError`` that names the file and the member that is missing or wrong.
  public init(contentsOf url: URL) throws(PriceError) {
    let data: Data
    do { data = try Data(contentsOf: url) } catch {
      throw PriceError(message: "\(url.path): \(error.localizedDescription)")
    }
    try self.init(data: data, name: url.path)
  }

  private init(data: Data, name: String) throws(PriceError) {
    do { self = try JSONDecoder().decode(PriceList.self, from: data) } catch {
      throw PriceError(message: "\(name): \(Self.explain(error))")
    }
    if let problem { throw PriceError(message: "\(name): \(problem)") }
  }

  private static func explain(_ error: any Error) -> String {
    func path(_ context: DecodingError.Context) -> String {
      context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(
        separator: ".")
    }
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      let place = path(context)
      return "\(place.isEmpty ? "" : place + ".")\(key.stringValue) is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      return "\(path(context)) has the wrong type"
    default: return "it is not JSON"
    }
  }

  private var problem: String? {
    for (name, prices) in [("x86_64", lambda.x86_64), ("arm64", lambda.arm64)] {
      let tiers = prices.onDemandPerGBSecond
      let ends = tiers.dropLast().compactMap(\.upToGBSeconds)
      guard let last = tiers.last, last.upToGBSeconds == nil, ends.count == tiers.count - 1,
        zip(ends, ends.dropFirst()).allSatisfy({ $0 < $1 })
      else {
        return
          "lambda.\(name).onDemandPerGBSecond: the tiers must rise, and only the last has no end"
      }
      let all =
        tiers.map(\.price) + [prices.provisionedPerGBSecond, prices.provisionedDurationPerGBSecond]
      if !all.allSatisfy({ $0 >= 0 }) { return "lambda.\(name): a price is negative" }
    }
    if let wrong = sagemakerHostingPerHour.filter({ !($0.value >= 0) }).keys.min() {
      return "sagemakerHostingPerHour.\(wrong) is negative"
    }
    return nil
  }
}

/// Prices that are missing or cannot be read.
public struct PriceError: Error, Equatable, CustomStringConvertible {
  /// What failed, for a person.
  public let message: String

  /// The message.
  public var description: String { message }
}
