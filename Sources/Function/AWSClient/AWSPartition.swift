/// A group of AWS regions with names and accounts of their own.
///
/// Facts from botocore's `partitions.json`; a region that no rule names belongs to `aws`, as in the
/// AWS SDKs, so that a new region works without a new release.
public struct AWSPartition: Equatable, Sendable {
  /// As in an ARN: `aws`, `aws-cn`.
  public let name: String
  /// Of IPv4 hosts: `amazonaws.com`.
  public let dnsSuffix: String
  /// Of hosts for IPv6 and IPv4: `api.aws`.
  public let dualStackDNSSuffix: String

  /// The partition of a region, by the region's first letters.
  public init(region: String) {
    let known = Self.byPrefix.first { region.hasPrefix($0.prefix) }
    self = known?.partition ?? Self.commercial
  }

  private init(_ name: String, _ dnsSuffix: String, _ dualStackDNSSuffix: String) {
    self.name = name
    self.dnsSuffix = dnsSuffix
    self.dualStackDNSSuffix = dualStackDNSSuffix
  }

  private static let commercial = AWSPartition("aws", "amazonaws.com", "api.aws")

  private static let byPrefix: [(prefix: String, partition: AWSPartition)] = [
    ("cn-", AWSPartition("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn")),
    ("us-gov-", AWSPartition("aws-us-gov", "amazonaws.com", "api.aws")),
    ("eusc-", AWSPartition("aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu")),
    ("us-isob-", AWSPartition("aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud")),
    ("us-isof-", AWSPartition("aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov")),
    ("us-iso-", AWSPartition("aws-iso", "c2s.ic.gov", "api.aws.ic.gov")),
    ("eu-isoe-", AWSPartition("aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk")),
  ]
}
