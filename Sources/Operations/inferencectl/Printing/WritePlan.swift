import AWSControl
import JSON

/// What a dry run would have sent and run, in order.
struct WritePlan {
  var writes: [PlannedWrite] = []
  /// Programs of this machine, each a line of a shell.
  var commands: [String] = []
  var summary: String?
  /// Members of the command's own result, beside those of the plan.
  var members = JSONObject()

  var text: String {
    let lines = commands.map { "would run \($0)" } + writes.map(\.text)
    let all = lines + (summary.map { [$0] } ?? [])
    return all.isEmpty ? "Dry run: nothing would be written" : all.joined(separator: "\n")
  }

  /// `{"dryRun": true, "writes": [{"operation", "method", "url", "body"}], …}`
  var json: JSONValue {
    let plan: OperationInput = ["dryRun": true, "writes": writes.map(\.json)]
    var object = plan.object
    if !commands.isEmpty { object.set("commands", to: .array(commands.map { .string($0) })) }
    for member in members.members where object[member.key] == nil {
      object.set(member.key, to: member.value)
    }
    return .object(object)
  }
}

extension PlannedWrite {
  var text: String {
    let request = "would send \(title)\n  \(method) \(url)"
    guard let body else { return request }
    let lines = PrettyJSON.text(body).split(separator: "\n").map { "  \($0)" }
    return request + "\n" + lines.joined(separator: "\n")
  }

  var json: JSONValue {
    var object = JSONObject()
    object.set("operation", to: .string(title))
    object.set("method", to: .string(method))
    object.set("url", to: .string(url))
    object.set("body", to: body ?? .null)
    return .object(object)
  }
}
