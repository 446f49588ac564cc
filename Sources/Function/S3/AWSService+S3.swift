import AWSClient

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
    isRetryable: { [.slowDown, .internalError, .requestTimeout].contains($0.code) })
}
