import ArgumentParser
import AWSControl
import Foundation

/// Role, network, keys and tags of what SageMaker runs.
struct PlacementOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "ARN of the role that SageMaker assumes to read the data and to write model and log.",
      valueName: "arn"))
  var role: String?

  @Option(
    help: ArgumentHelp(
      "Container image (default: AWS's PyTorch image for the region).", valueName: "uri"))
  var image: String?

  @Option(
    name: .customLong("subnet"),
    help: ArgumentHelp(
      "Subnet of your VPC; repeat for more. Requires --security-group.", valueName: "id"))
  var subnets: [String] = []

  @Option(
    name: .customLong("security-group"),
    help: ArgumentHelp("Security group in your VPC; repeat for more.", valueName: "id"))
  var securityGroups: [String] = []

  @Flag(help: "Run the container without a network; pass pretrained weights with --weights.")
  var networkIsolation = false

  @Option(
    name: .customLong("tag"),
    help: ArgumentHelp(
      "Tag for billing and policies, for example team=birds; repeat for more.",
      valueName: "key=value"))
  var tagTexts: [String] = []

  /// - Throws: `ValidationError` when `--role` is missing.
  func requiredRole() throws -> String {
    guard let role else {
      throw ValidationError(
        "--role is missing: pass the ARN of a role that sagemaker.amazonaws.com may assume "
          + "(arn:aws:iam::ACCOUNT:role/NAME), with s3:GetObject, s3:PutObject, s3:ListBucket on your "
          + "buckets and the log permissions of SageMaker.")
    }
    return role
  }

  func validate() throws {
    if let role, !(role.hasPrefix("arn:") && role.contains(":iam:") && role.contains(":role/")) {
      throw ValidationError("--role must be an ARN, arn:aws:iam::ACCOUNT:role/NAME, not \(role).")
    }
    guard subnets.isEmpty == securityGroups.isEmpty else {
      throw ValidationError("--subnet and --security-group must be used together.")
    }
    for tag in tagTexts where !tag.contains("=") || tag.hasPrefix("=") {
      throw ValidationError("--tag must be key=value, not \(tag).")
    }
  }

  var network: ModelNetwork? {
    subnets.isEmpty
      ? nil : ModelNetwork(subnetIDs: subnets, securityGroupIDs: securityGroups)
  }

  var tags: [ResourceTag] {
    tagTexts.map { text in
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return ResourceTag(key: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "")
    }
  }
}

/// `s3://…` as an argument.
extension S3Location: ExpressibleByArgument {
  package init?(argument: String) { self.init(argument) }
}
