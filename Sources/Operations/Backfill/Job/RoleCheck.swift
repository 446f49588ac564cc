import AWSClient
import AWSControl
import JSON

/// Whether the role of a job may do what the job does, before the job exists: a missing permission would be found by
/// S3 only minutes later, and only as a failed job.
package struct RoleCheck {
  private static let principal = "batchoperations.s3.amazonaws.com"
  /// A new role is not known everywhere at once.
  package static let settlingMilliseconds: Int64 = 60_000

  /// What is missing, one line each.
  package private(set) var problems: [String] = []
  /// What could not be checked.
  package private(set) var notes: [String] = []
  /// How long to wait until the role is known everywhere.
  package private(set) var waitMilliseconds: Int64 = 0

  private struct Need {
    let action: String
    let resource: String
  }

  /// - Parameter client: signs for IAM's region.
  /// - Throws: `CredentialError`; `ConfigurationError`; what AWS refuses becomes a note.
  package init(
    roleARN: String, functionARN: String, manifest: S3Location, report: S3Location,
    partition: String, with client: ControlClient
  ) throws {
    let name = roleARN.split(separator: "/").last.map(String.init) ?? roleARN
    let role: GetRole.Output?
    do {
      role = try client.read(GetRole(roleName: name))
    } catch let error as AWSError where error.code.rawValue.hasPrefix("NoSuchEntity") {
      problems.append("There is no role \(name) in this account")
      return
    } catch let error as AWSError {
      notes.append("The role could not be checked: \(error.message)")
      return
    }
    guard let role else { return }
    if role.arn != roleARN { problems.append("The role \(name) is \(role.arn), not \(roleARN)") }
    if !Self.trusts(role.trustPolicy) {
      problems.append("Its trust policy does not let \(Self.principal) perform sts:AssumeRole")
    }
    let created = role.creationDate.flatMap { ISOTime.unixMilliseconds($0) } ?? 0
    waitMilliseconds = max(
      0, created + Self.settlingMilliseconds - client.clock.unixMilliseconds())
    let bucket = "arn:\(partition):s3:::"
    let needs = [
      Need(action: "lambda:InvokeFunction", resource: functionARN),
      Need(action: "s3:GetObject", resource: "\(bucket)\(manifest.bucket)/\(manifest.key)"),
      Need(
        action: "s3:PutObject",
        resource: "\(bucket)\(report.bucket)/\(report.key)/job-1/manifest.json"),
    ]
    for need in needs {
      let isAllowed = try client.attempt("Permissions of the role", notes: &notes) {
        try client.read(
          SimulatePrincipalPolicy(
            roleARN: roleARN, action: need.action, resourceARN: need.resource))
      }
      guard let isAllowed else { return }
      if !isAllowed { problems.append("It may not perform \(need.action) on \(need.resource)") }
    }
  }

  private static func trusts(_ policy: String) -> Bool {
    let statements = (try? JSONValue(parsing: policy))?["Statement"]
    let all = statements?.arrayValue ?? statements.map { [$0] } ?? []
    return all.contains { statement in
      func has(_ value: JSONValue?, _ wanted: [String]) -> Bool {
        let texts = value?.arrayValue?.compactMap(\.stringValue) ?? [value?.stringValue ?? ""]
        return texts.contains { wanted.contains($0) }
      }
      return statement["Effect"]?.stringValue == "Allow"
        && has(statement["Principal"]?["Service"], [principal])
        && has(statement["Action"], ["sts:AssumeRole", "sts:*", "*"])
    }
  }
}
