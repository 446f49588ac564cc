import AWSControl
import JSON
import Versioning

/// Versions as a table and as JSON.
enum VersionListing {
  static func table(_ versions: [FunctionVersion]) -> Table {
    var table = Table("version", "modified", "size", "sha256", "aliases", "provisioned")
    for version in versions {
      let configuration = version.configuration
      table.add(
        configuration.version, String(configuration.lastModified.prefix(19)),
        Text.size(configuration.codeSize), String(configuration.codeSHA256.prefix(12)),
        version.aliases.map(text).joined(separator: ", "),
        version.provisioned.map { "\($0.available)/\($0.requested) \($0.status)" } ?? "")
    }
    return table
  }

  static func json(_ versions: [FunctionVersion]) -> JSONValue {
    .array(
      versions.map { version in
        let configuration = version.configuration
        let members: OperationInput = [
          "version": configuration.version, "lastModified": configuration.lastModified,
          "codeSize": configuration.codeSize, "codeSha256": configuration.codeSHA256,
          "description": configuration.description,
          "aliases": version.aliases.map {
            ["name": $0.name, "share": $0.share] as OperationInput
          },
          "provisioned": version.provisioned.map(json),
        ]
        return members.json
      })
  }

  private static func json(_ provisioned: ProvisionedConcurrency) -> OperationInput {
    [
      "requested": provisioned.requested, "available": provisioned.available,
      "status": provisioned.status, "statusReason": provisioned.statusReason,
    ]
  }

  private static func text(_ use: FunctionVersion.AliasUse) -> String {
    use.share == 1 ? use.name : "\(use.name) (\(Text.percent(use.share)))"
  }
}
