import AWSControl

/// Everything about a function's concurrency at one moment.
public struct ConcurrencyReport: Sendable {
  /// The function.
  public let functionName: String
  /// Environments of the whole account.
  public let accountLimit: Int
  /// What is not reserved for any function.
  public let unreserved: Int
  /// How much could be reserved for this function.
  public let reservable: Int
  /// Reserved for the function; nil when nothing is.
  public let reserved: Int?
  /// The most environments that were in use in the last hour; nil when nobody called.
  public let peakConcurrency: Double?
  /// Invocations that were throttled in the last hour; nil when nobody called.
  public let throttles: Double?
  /// Versions and aliases that have provisioned concurrency or are scaled, by name.
  public let qualifiers: [Qualifier]
  /// What the costs are calculated with.
  public let prices: ProvisionedPrices
  /// What stands out, and what could not be read.
  public let notes: [String]

  /// A version or an alias.
  public struct Qualifier: Sendable {
    /// The alias's name or the version's number.
    public let name: String
    /// The version behind it.
    public let version: String
    /// Nil when there is none now.
    public let provisioned: ProvisionedConcurrency?
    /// Nil when it is not scaled.
    public let scaling: ScalingState?
    /// The highest share in use in a minute of the last hour; nil when nobody called.
    public let peakUtilization: Double?
    /// Invocations of the last hour that ran on demand because no environment was free.
    public let spilloverInvocations: Double?
    /// Whether somebody called in the last 15 minutes; nil when that could not be read.
    public let isInUse: Bool?
    /// Dollars a month at rest.
    public let costPerMonth: Double
  }

  /// Dollars a month at rest, all together.
  public var costPerMonth: Double { qualifiers.map(\.costPerMonth).reduce(0, +) }
}
