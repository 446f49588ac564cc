import AWSClient
import Platform

extension AWSService {
  /// S3: `s3.{region}.…`, with the bucket in front.
  public static let s3 = AWSService(
    signingName: "s3", displayName: "S3", endpointVariable: "AWS_ENDPOINT_URL_S3",
    signingStyle: .s3,
    host: { configuration in
      let name = configuration.usesFIPS ? "s3-fips" : "s3"
      let dualStack = configuration.usesDualStack ? ".dualstack" : ""
      return "\(name)\(dualStack).\(configuration.region).\(configuration.partition.dnsSuffix)"
    },
    rule: { failure in
      switch failure.code.rawValue {
      // The bytes were damaged or cut on the way.
      case "BadDigest", "IncompleteBody": .once
      // Another write is under way: what is there now has to be read first, by the caller.
      case "OperationAborted", "ConditionalRequestConflict": .laterOnly
      // The bucket is new and its name not known everywhere yet.
      case "TemporaryRedirect": .laterOnly
      default: nil
      }
    })
}

extension TimeLimits {
  /// Of reading an object of some megabytes: a request that is slow to begin is sooner done on another
  /// connection, to another of S3's hosts.
  ///
  /// - Parameter firstByteMilliseconds: until the first byte of the first attempt; twice that for later ones.
  /// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance-design-patterns.html
  public static func s3(firstByteMilliseconds: Int64) -> TimeLimits {
    TimeLimits(
      firstByteMilliseconds: firstByteMilliseconds,
      stallMilliseconds: firstByteMilliseconds.clampedMultiplied(by: 2))
  }
}
