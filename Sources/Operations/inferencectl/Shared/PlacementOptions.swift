import ArgumentParser
import AWSControl
import Foundation

/// Role, network, keys and tags of what SageMaker runs.
struct PlacementOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The ARN of the role that SageMaker assumes: reads the data, writes model and log.",
      valueName: "arn"))
  var role: String?

  @Option(help: ArgumentHelp("A container image instead of AWS's PyTorch image.", valueName: "uri"))
  var image: String?

  @Option(
    name: .customLong("subnet"),
    help: ArgumentHelp("A subnet of your VPC; may be repeated.", valueName: "id"))
  var subnets: [String] = []

  @Option(
    name: .customLong("security-group"),
    help: ArgumentHelp("A security group for it; may be repeated.", valueName: "id"))
  var securityGroups: [String] = []

  @Flag(help: "No network for the container; weights then come with --weights.")
  var networkIsolation = false

  @Option(
    name: .customLong("tag"),
    help: ArgumentHelp("A tag for bills and policies; may be repeated.", valueName: "key=value"))
  var tagTexts: [String] = []

  /// - Throws: `ValidationError` when it is missing or no role's ARN.
  func requiredRole() throws -> String {
    guard let role else {
      throw ValidationError(
        "--role is missing: the ARN of a role that sagemaker.amazonaws.com may assume "
          + "(arn:aws:iam::ACCOUNT:role/NAME), with s3:GetObject, s3:PutObject, s3:ListBucket on your "
          + "buckets and the log permissions of SageMaker.")
    }
    return role
  }

  func validate() throws {
    if let role, !(role.hasPrefix("arn:") && role.contains(":iam:") && role.contains(":role/")) {
      throw ValidationError("--role wants an ARN, arn:aws:iam::ACCOUNT:role/NAME, not \(role).")
    }
    guard subnets.isEmpty == securityGroups.isEmpty else {
      throw ValidationError("--subnet and --security-group go together.")
    }
    for tag in tagTexts where !tag.contains("=") || tag.hasPrefix("=") {
      throw ValidationError("--tag wants key=value, not \(tag).")
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
  /// Reads a URI.
  package init?(argument: String) { self.init(argument) }
}

/// Seconds since 1970 as people read them, in UTC.
extension Text {
  static func time(_ unixSeconds: Double?) -> String {
    guard let unixSeconds else { return "" }
    return ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: unixSeconds))
  }

  /// `2 h 5 min`, `3 min 20 s`, `45 s`.
  static func duration(seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return "\(whole / 60) min \(whole % 60) s"
    case ..<172_800: return "\(whole / 3600) h \(whole % 3600 / 60) min"
    default: return "\(whole / 86_400) d \(whole % 86_400 / 3600) h"
    }
  }

  /// `$0.0032`, `$12.40`.
  static func dollars(_ amount: Double) -> String {
    String(format: amount < 0.1 ? "$%.4f" : "$%.2f", amount)
  }

  /// Four digits that count.
  static func number(_ value: Double) -> String { String(format: "%.4g", value) }
}
