import AWSControl
import Prices

/// A function's concurrency: limits, use and cost.
package struct ConcurrencyReport: Sendable {
  package let functionName: String
  package let accountLimit: Int
  /// Environments that are not reserved for any function.
  package let unreserved: Int
  /// The most environments that can be reserved for this function.
  package let reservable: Int
  /// Reserved for the function; nil when nothing is.
  package let reserved: Int?
  /// Peak of environments in use in the last hour; nil without invocations.
  package let peakConcurrency: Double?
  /// Throttled invocations in the last hour; nil without invocations.
  package let throttles: Double?
  /// Versions and aliases that have provisioned concurrency or are scaled, by name.
  package let qualifiers: [Qualifier]
  /// Prices of the costs.
  package let prices: ProvisionedPrices
  /// Findings, and what could not be read.
  package let notes: [String]

  package struct Qualifier: Sendable {
    /// The alias's name or the version's number.
    package let name: String
    package let version: String
    /// Nil when there is none.
    package let provisioned: ProvisionedConcurrency?
    /// Nil when it is not scaled.
    package let scaling: ScalingState?
    /// Peak share in use in a minute of the last hour; nil without invocations.
    package let peakUtilization: Double?
    /// Invocations of the last hour that ran on demand because no environment was free.
    package let spilloverInvocations: Double?
    /// Whether there were invocations in the last 15 minutes; nil when that could not be read.
    package let isInUse: Bool?
    /// Dollars a month while idle.
    package let costPerMonth: Double
  }

  /// Dollars a month while idle, in total.
  package var costPerMonth: Double { qualifiers.map(\.costPerMonth).reduce(0, +) }
}
