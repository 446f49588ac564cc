import AWSClient
import Foundation

extension AWSPartition {
  /// The region for which calls of IAM are signed; nil where it is the caller's own.
  package var iamRegion: String? {
    ["aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"][name]
  }
}

/// Reads a role: who may assume it, and since when it exists.
///
/// `POST /`, `Action=GetRole`. Read only. Errors: `NoSuchEntity`, `AccessDenied`.
/// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
package struct GetRole: QueryOperation, ReadOperation {
  package struct Output: Sendable, Equatable {
    package let arn: String
    /// JSON.
    package let trustPolicy: String
    /// ISO 8601.
    package let creationDate: String?
  }

  package static let service = ControlService.iam
  /// 1 to 64 characters, without its path.
  package let roleName: String

  package init(roleName: String) { self.roleName = roleName }

  package var subject: String { roleName }
  package var parameters: [(name: String, value: String?)] { [("RoleName", roleName)] }

  package static func output(of xml: XMLFields) throws(MalformedResponse) -> Output {
    let policy = try xml.string("AssumeRolePolicyDocument")
    return Output(
      arn: try xml.string("Arn"), trustPolicy: policy.removingPercentEncoding ?? policy,
      creationDate: XMLText.element("CreateDate", in: xml.body))
  }
}

/// Evaluates the policies of a role for actions on resources, without performing them. Policies of a bucket or key
/// are not part of it.
///
/// `POST /`, `Action=SimulatePrincipalPolicy`. Read only. Errors: `NoSuchEntity`, `AccessDenied`.
/// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
package struct SimulatePrincipalPolicy: QueryOperation, ReadOperation {
  package typealias Output = Bool
  package static let service = ControlService.iam
  package let roleARN: String
  package let action: String
  package let resourceARN: String

  package init(roleARN: String, action: String, resourceARN: String) {
    self.roleARN = roleARN
    self.action = action
    self.resourceARN = resourceARN
  }

  package var subject: String { action }
  package var parameters: [(name: String, value: String?)] {
    [
      ("PolicySourceArn", roleARN), ("ActionNames.member.1", action),
      ("ResourceArns.member.1", resourceARN),
    ]
  }

  /// Whether it is allowed.
  package static func output(of xml: XMLFields) throws(MalformedResponse) -> Bool {
    try xml.string("EvalDecision") == "allowed"
  }
}
