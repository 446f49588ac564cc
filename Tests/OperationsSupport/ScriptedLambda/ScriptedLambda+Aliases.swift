import JSON
import TestSupport

extension ScriptedLambda.State {
  func json(_ alias: ScriptedLambda.Alias, _ name: String) -> JSONValue {
    var weights = JSONObject()
    for (version, weight) in alias.weights.sorted(by: { $0.key < $1.key }) {
      weights.set(version, to: .number(JSONNumber(weight)))
    }
    return [
      "AliasArn": .string(arn(name)), "Name": .string(name),
      "FunctionVersion": .string(alias.version), "Description": .string(alias.description),
      "RoutingConfig": alias.weights.isEmpty
        ? .null : ["AdditionalVersionWeights": .object(weights)],
      "RevisionId": .string(alias.revision),
    ]
  }

  mutating func getAlias(_ question: Question) throws(Refused) -> ScriptedServer.Answer {
    guard let alias = aliases[question.subject] else {
      throw .notFound("Cannot find alias arn: \(arn(question.subject))")
    }
    // While Lambda moves provisioned concurrency along, every look brings it nearer to its end.
    if provisioned[question.subject]?.looksLeft ?? 0 > 0 { lookAtProvisioned(question.subject) }
    return .json(200, json(alias, question.subject))
  }

  mutating func createAlias(_ question: Question) throws(Refused) -> ScriptedServer.Answer {
    let name = question.body["Name"]?.stringValue ?? ""
    guard aliases[name] == nil else { throw .conflict("Alias already exists: \(arn(name))") }
    let version = question.body["FunctionVersion"]?.stringValue ?? ""
    try requireVersion(version)
    var alias = ScriptedLambda.Alias(
      version, description: question.body["Description"]?.stringValue ?? "")
    try apply(question.body["RoutingConfig"], to: &alias)
    alias.revision = nextRevision()
    aliases[name] = alias
    return .json(201, json(alias, name))
  }

  mutating func updateAlias(_ question: Question) throws(Refused) -> ScriptedServer.Answer {
    let name = question.subject
    guard var alias = aliases[name] else { throw .notFound("Cannot find alias arn: \(arn(name))") }
    if let revision = question.body["RevisionId"]?.stringValue, revision != alias.revision {
      throw .staleRevision
    }
    let (oldVersion, oldWeights) = (alias.version, alias.weights)
    if let version = question.body["FunctionVersion"]?.stringValue {
      try requireVersion(version)
      alias.version = version
    }
    if let description = question.body["Description"]?.stringValue {
      guard description.count <= 256 else { throw .invalid("description is too long") }
      alias.description = description
    }
    try apply(question.body["RoutingConfig"], to: &alias)
    if provisioned[name] != nil {
      try requireNoWeights(alias)
      if alias.version != oldVersion {
        try moveProvisioned(name, &alias, from: oldVersion, isBack: oldWeights[alias.version] == 1)
      }
    }
    alias.revision = nextRevision()
    aliases[name] = alias
    return .json(200, json(alias, name))
  }

  private func requireVersion(_ number: String) throws(Refused) {
    guard number == "$LATEST" || versions.contains(where: { $0.number == number }) else {
      throw .notFound("Function not found: \(arn(number))")
    }
  }

  private func apply(
    _ routing: JSONValue?, to alias: inout ScriptedLambda.Alias
  ) throws(Refused) {
    guard let routing else { return }
    alias.weights = [:]
    for member in routing["AdditionalVersionWeights"]?.objectValue?.members ?? [] {
      try requireVersion(member.key)
      guard let weight = member.value.doubleValue, (0...1).contains(weight) else {
        throw .invalid("Weight must be between 0 and 1")
      }
      alias.weights[member.key] = weight
    }
    guard alias.weights.count <= 1 else {
      throw .invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
    }
    guard alias.weights.isEmpty || alias.version != "$LATEST", alias.weights["$LATEST"] == nil
    else { throw .invalid("$LATEST is not supported for an alias pointing to more than 1 version") }
    guard alias.weights[alias.version] == nil else {
      throw .invalid("Invalid function version \(alias.version): it is the alias's own")
    }
  }

  func requireNoWeights(_ alias: ScriptedLambda.Alias) throws(Refused) {
    guard alias.weights.isEmpty else {
      throw .invalid("Alias with weights can not be used with Provisioned Concurrency")
    }
  }

  /// Lambda moves the provisioned concurrency of a re-pointed alias and leaves all traffic
  /// at the old version by a weight until the new one is ready, forever when that fails.
  private mutating func moveProvisioned(
    _ name: String, _ alias: inout ScriptedLambda.Alias, from old: String,
    isBack: Bool
  ) throws(Refused) {
    provisioned[name]?.reason = nil
    // The version that still has all of it.
    if isBack {
      provisioned[name]?.status = "READY"
      return
    }
    guard provisioned[alias.version] == nil else {
      throw .conflict(
        "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version"
      )
    }
    alias.weights = [old: 1]
    provisioned[name]?.status = "IN_PROGRESS"
    provisioned[name]?.looksLeft = allocationLooks
  }
}
