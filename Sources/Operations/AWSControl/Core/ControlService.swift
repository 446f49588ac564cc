import AWSClient
import Credentials
import SigV4

/// A service of the control plane: its endpoint, signing name and wire format.
package struct ControlService: Sendable {
  /// How a request's input is written.
  package enum Wire: Sendable {
    /// Paths and query parameters, a JSON body (Lambda).
    case restJSON
    /// `X-Amz-Target: PREFIX.Operation` and a JSON body.
    case json(version: String, targetPrefix: String)
    /// `Action=…&Version=…` as a form, XML in the response (STS).
    case query(version: String)
    /// Paths and query parameters, an XML body (S3 Control).
    case restXML
  }

  package let aws: AWSService
  package let wire: Wire
  /// The service's name in botocore and, with few exceptions, in IAM actions
  /// (`sagemaker:DescribeEndpoint`).
  package let name: String

  package static let lambda = ControlService(
    "lambda", host: "lambda", display: "Lambda", wire: .restJSON,
    fipsNamesInGovCloud: .always)
  package static let applicationAutoScaling = ControlService(
    "application-autoscaling", host: "application-autoscaling", display: "ApplicationAutoScaling",
    variable: "APPLICATION_AUTO_SCALING",
    wire: .json(version: "1.1", targetPrefix: "AnyScaleFrontendService"))
  package static let sageMaker = ControlService(
    "sagemaker", display: "SageMaker", wire: .json(version: "1.1", targetPrefix: "SageMaker"),
    host: sageMakerHost)
  package static let cloudWatch = ControlService(
    "cloudwatch", host: "monitoring", signingName: "monitoring", display: "CloudWatch",
    wire: .json(version: "1.0", targetPrefix: "GraniteServiceVersion20100801"),
    fipsNamesInGovCloud: .never)
  package static let cloudWatchLogs = ControlService(
    "logs", host: "logs", display: "CloudWatchLogs", variable: "CLOUDWATCH_LOGS",
    wire: .json(version: "1.1", targetPrefix: "Logs_20140328"))
  package static let ecr = ControlService(
    "ecr", display: "ECR",
    wire: .json(version: "1.1", targetPrefix: "AmazonEC2ContainerRegistry_V20150921"),
    host: ecrHost)
  package static let sqs = ControlService(
    "sqs", host: "sqs", display: "SQS", wire: .json(version: "1.0", targetPrefix: "AmazonSQS"))
  package static let sts = ControlService("sts", aws: .sts, wire: .query(version: "2011-06-15"))
  /// Global in each partition: sign for `AWSPartition.iamRegion`.
  package static let iam = ControlService(
    "iam", display: "IAM", wire: .query(version: "2010-05-08"), host: iamHost)
  /// The account goes in front of the host.
  package static let s3Control = ControlService(
    "s3control", signingName: "s3", display: "S3Control", variable: "S3_CONTROL", wire: .restXML,
    signingStyle: .s3, host: s3ControlHost)

  /// Services with a separate FIPS host in GovCloud, where most ordinary IPv4 endpoints are FIPS
  /// endpoints.
  package enum GovCloudFIPSNames: Sendable {
    case always, dualStackOnly, never
  }

  /// A service whose hosts follow the usual pattern: `HOST.REGION.amazonaws.com`, `HOST-fips.…`.
  package init(
    _ name: String, host: String, signingName: String? = nil, display: String,
    variable: String? = nil, wire: Wire,
    fipsNamesInGovCloud: GovCloudFIPSNames = .dualStackOnly
  ) {
    self.init(
      name, signingName: signingName, display: display, variable: variable, wire: wire
    ) { configuration in
      let partition = configuration.partition
      let hasName =
        switch fipsNamesInGovCloud {
        case _ where partition.name != "aws-us-gov": true
        case .always: true
        case .dualStackOnly: configuration.usesDualStack
        case .never: false
        }
      let fips = configuration.usesFIPS && hasName ? "-fips" : ""
      let suffix =
        configuration.usesDualStack ? partition.dualStackDNSSuffix : partition.dnsSuffix
      return "\(host)\(fips).\(configuration.region).\(suffix)"
    }
  }

  private init(_ name: String, aws: AWSService, wire: Wire) {
    self.name = name
    self.aws = aws
    self.wire = wire
  }

  /// A service whose hosts follow another pattern.
  package init(
    _ name: String, signingName: String? = nil, display: String,
    variable: String? = nil, wire: Wire, signingStyle: SigningStyle = .standard(),
    host: @escaping @Sendable (AWSConfiguration) -> String
  ) {
    self.name = name
    self.wire = wire
    aws = AWSService(
      signingName: signingName ?? name, displayName: display,
      endpointVariable: "AWS_ENDPOINT_URL_"
        + (variable ?? String(name.uppercased().map { $0 == "-" ? "_" : $0 })),
      signingStyle: signingStyle, host: host,
      rule: { failure in
        // Another change of the same target is under way.
        let isConflict = failure.code.rawValue == "ConcurrentUpdateException"
        return isConflict && name == "application-autoscaling" ? .throttling : nil
      })
  }

  /// Matches botocore's endpoint rules.
  private static let iamHost: @Sendable (AWSConfiguration) -> String = { configuration in
    let partition = configuration.partition
    let suffix =
      configuration.usesDualStack ? partition.dualStackDNSSuffix : partition.dnsSuffix
    if partition.name == "aws-us-gov" { return "iam.us-gov.\(suffix)" }
    let name = configuration.usesFIPS ? "iam-fips" : "iam"
    if configuration.usesDualStack { return "\(name).global.\(suffix)" }
    return partition.name == "aws" || configuration.usesFIPS
      ? "\(name).\(suffix)" : "\(name).\(configuration.region).\(suffix)"
  }

  /// Matches botocore's endpoint rules.
  private static let s3ControlHost: @Sendable (AWSConfiguration) -> String = { configuration in
    let name = "s3-control" + (configuration.usesFIPS ? "-fips" : "")
    let dualStack = configuration.usesDualStack ? ".dualstack" : ""
    return "\(name)\(dualStack).\(configuration.region).\(configuration.partition.dnsSuffix)"
  }

  /// Matches botocore's endpoint rules.
  private static let ecrHost: @Sendable (AWSConfiguration) -> String = { configuration in
    let partition = configuration.partition
    let (name, suffix) =
      configuration.usesDualStack
      ? ("ecr", partition.dualStackDNSSuffix) : ("api.ecr", partition.dnsSuffix)
    return "\(name)\(configuration.usesFIPS ? "-fips" : "").\(configuration.region).\(suffix)"
  }

  /// Matches botocore's endpoint rules.
  private static let sageMakerHost: @Sendable (AWSConfiguration) -> String = { configuration in
    let partition = configuration.partition
    let suffix =
      configuration.usesDualStack ? partition.dualStackDNSSuffix : partition.dnsSuffix
    let hasOwnFIPSName =
      !configuration.usesDualStack && ["aws", "aws-us-gov"].contains(partition.name)
    let name =
      switch (configuration.usesFIPS, hasOwnFIPSName) {
      case (false, _): "api.sagemaker"
      case (true, true): "api-fips.sagemaker"
      case (true, false): "api.sagemaker-fips"
      }
    return "\(name).\(configuration.region).\(suffix)"
  }
}
