import JSON
import TestSupport

extension ScriptedLambda.State {
  var reservation: JSONValue {
    reserved.map { ["ReservedConcurrentExecutions": .number(JSONNumber(Int64($0)))] } ?? [:]
  }

  private var unreserved: Int { accountLimit - reservedElsewhere - (reserved ?? 0) }

  func accountSettings() -> ScriptedServer.Answer {
    .json(
      200,
      [
        "AccountLimit": [
          "ConcurrentExecutions": .number(JSONNumber(Int64(accountLimit))),
          "UnreservedConcurrentExecutions": .number(JSONNumber(Int64(unreserved))),
        ]
      ])
  }

  mutating func putReserved(_ question: Question) throws(Refused) -> ScriptedServer.Answer {
    let wanted = question.body["ReservedConcurrentExecutions"]?.int64Value.map { Int($0) } ?? 0
    guard accountLimit - reservedElsewhere - wanted >= 100 || wanted == 0 else {
      throw .invalid(
        "Specified ReservedConcurrentExecutions for function decreases account's"
          + " UnreservedConcurrentExecution below its minimum value of [100].")
    }
    guard wanted >= provisioned.values.reduce(0, { $0 + $1.requested }) || wanted == 0 else {
      throw .invalid(
        "ReservedConcurrentExecutions  \(wanted) should not be lower than function's total provisioned"
          + " concurrency [\(provisioned.values.reduce(0) { $0 + $1.requested })].")
    }
    reserved = wanted
    return .json(200, reservation)
  }

  // MARK: Provisioned

  /// A configuration; each read brings one in progress closer to its end.
  @discardableResult
  mutating func lookAtProvisioned(_ qualifier: String) -> JSONValue? {
    guard let seen = provisioned[qualifier] else { return nil }
    if seen.status == "IN_PROGRESS" { advance(qualifier, seen) }
    return json(seen, nil)
  }

  private mutating func advance(_ qualifier: String, _ seen: ScriptedLambda.Provisioned) {
    var next = seen
    next.looksLeft = max(0, seen.looksLeft - 1)
    if next.looksLeft == 0 {
      let version = aliases[qualifier]?.version ?? qualifier
      next.reason = allocationFailures[version]
      next.status = next.reason == nil ? "READY" : "FAILED"
      if next.reason == nil, aliases[qualifier]?.weights.isEmpty == false {
        let revision = nextRevision()
        aliases[qualifier]?.weights = [:]
        aliases[qualifier]?.revision = revision
      }
    }
    provisioned[qualifier] = next
  }

  private func json(_ seen: ScriptedLambda.Provisioned, _ qualifier: String?) -> JSONValue {
    // None is usable until all are allocated.
    let ready = seen.status == "READY" ? seen.requested : 0
    var object: JSONObject = [
      "RequestedProvisionedConcurrentExecutions": .number(JSONNumber(Int64(seen.requested))),
      "AllocatedProvisionedConcurrentExecutions": .number(JSONNumber(Int64(ready))),
      "AvailableProvisionedConcurrentExecutions": .number(JSONNumber(Int64(ready))),
      "Status": .string(seen.status), "LastModified": "2026-11-22T14:26:41+0000",
    ]
    if let qualifier { object.set("FunctionArn", to: .string(arn(qualifier))) }
    if let reason = seen.reason { object.set("StatusReason", to: .string(reason)) }
    return .object(object)
  }

  func listProvisioned(_ question: Question) -> ScriptedServer.Answer {
    let all = provisioned.keys.sorted().compactMap { qualifier in
      provisioned[qualifier].map { json($0, qualifier) }
    }
    return page(all, "ProvisionedConcurrencyConfigs", question)
  }

  mutating func getProvisioned(_ question: Question) throws(Refused) -> ScriptedServer.Answer {
    guard let found = lookAtProvisioned(question.subject) else {
      throw Refused(
        404, "ProvisionedConcurrencyConfigNotFoundException",
        "No Provisioned Concurrency Config found for this function")
    }
    return .json(200, found)
  }

  mutating func putProvisioned(_ question: Question) throws(Refused) -> ScriptedServer.Answer {
    let qualifier = question.subject
    let wanted = question.body["ProvisionedConcurrentExecutions"]?.int64Value.map { Int($0) } ?? 0
    guard qualifier != "$LATEST", aliases[qualifier]?.version != "$LATEST" else {
      throw .invalid(
        "Provisioned Concurrency Configs cannot be applied to unpublished function versions.")
    }
    if let alias = aliases[qualifier] {
      try requireNoWeights(alias)
      guard provisioned[alias.version] == nil else {
        throw .conflict(
          "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version"
        )
      }
    } else {
      try requireFreeVersion(qualifier)
    }
    let others = provisioned.filter { $0.key != qualifier }.values.reduce(0) { $0 + $1.requested }
    if let reserved, others + wanted > reserved {
      throw .invalid(
        "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution"
          + " for function")
    }
    guard reserved != nil || others + wanted <= unreserved - 100 else {
      throw .invalid(
        "Specified ConcurrentExecutions for function is greater than account's unreserved concurrency"
          + " [\(unreserved - 100 - others)].")
    }
    var made = ScriptedLambda.Provisioned(wanted, status: "IN_PROGRESS")
    made.looksLeft = allocationLooks
    provisioned[qualifier] = made
    return .json(202, json(made, nil))
  }

  private func requireFreeVersion(_ number: String) throws(Refused) {
    guard let version = versions.first(where: { $0.number == number }) else {
      throw .notFound("Function not found: \(arn(number))")
    }
    guard version.looksLeft == 0 else {
      throw .conflict("The function version \(number) is not active yet")
    }
    guard !aliases.contains(where: { $1.version == number && provisioned[$0] != nil }) else {
      throw .conflict("Version is pointed by a Provisioned Concurrency alias")
    }
  }
}
