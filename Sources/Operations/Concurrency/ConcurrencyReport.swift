import AWSControl
import Prices

/// Everything about a function's concurrency at one moment.
package struct ConcurrencyReport: Sendable {
  /// The function.
  package let functionName: String
  /// Environments of the whole account.
  package let accountLimit: Int
  /// What is not reserved for any function.
  package let unreserved: Int
  /// How much could be reserved for this function.
  package let reservable: Int
  /// Reserved for the function; nil when nothing is.
  package let reserved: Int?
  /// The most environments that were in use in the last hour; nil when nobody called.
  package let peakConcurrency: Double?
  /// Invocations that were throttled in the last hour; nil when nobody called.
  package let throttles: Double?
  /// Versions and aliases that have provisioned concurrency or are scaled, by name.
  package let qualifiers: [Qualifier]
  /// What the costs are calculated with.
  package let prices: ProvisionedPrices
  /// What stands out, and what could not be read.
  package let notes: [String]

  /// A version or an alias.
  package struct Qualifier: Sendable {
    /// The alias's name or the version's number.
    package let name: String
    /// The version behind it.
    package let version: String
    /// Nil when there is none now.
    package let provisioned: ProvisionedConcurrency?
    /// Nil when it is not scaled.
    package let scaling: ScalingState?
    /// The highest share in use in a minute of the last hour; nil when nobody called.
    package let peakUtilization: Double?
    /// Invocations of the last hour that ran on demand because no environment was free.
    package let spilloverInvocations: Double?
    /// Whether somebody called in the last 15 minutes; nil when that could not be read.
    package let isInUse: Bool?
    /// Dollars a month at rest.
    package let costPerMonth: Double
  }

  /// Dollars a month at rest, all together.
  package var costPerMonth: Double { qualifiers.map(\.costPerMonth).reduce(0, +) }
}
