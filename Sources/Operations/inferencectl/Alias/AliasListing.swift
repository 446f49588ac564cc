import AWSControl
import JSON
import Versioning

/// Aliases as a table and as JSON.
enum AliasListing {
  static func table(_ aliases: [AliasOverview]) -> Table {
    var table = Table("alias", "traffic", "previous", "provisioned", "description")
    for alias in aliases {
      table.add(
        alias.name, alias.state.text, alias.memory.previous?.before ?? "",
        alias.provisioned.map { "\($0.available)/\($0.requested) \($0.status)" } ?? "",
        alias.memory.text)
    }
    return table
  }

  static func json(_ aliases: [AliasOverview]) -> JSONValue {
    .array(
      aliases.map { alias in
        let members: OperationInput = [
          "name": alias.name, "version": alias.state.version, "weights": alias.state.weights,
          "previous": alias.memory.previous?.before, "unproven": alias.unprovenVersion,
          "failedCode": alias.memory.failed.isEmpty ? nil : alias.memory.failed,
          "description": alias.memory.text,
          "revisionId": alias.revisionID,
          "provisioned": alias.provisioned.map {
            [
              "requested": $0.requested, "available": $0.available, "status": $0.status,
              "statusReason": $0.statusReason,
            ] as OperationInput
          },
          "missingProvisioned": alias.missingProvisioned,
        ]
        return members.json
      })
  }
}
