import AWSControl

/// Rollback as a goal: the version before the last move has all traffic.
extension AliasOperations {
  /// How often a rollback is planned anew because the traffic was moved meanwhile.
  private static let maximumPlans = 5

  /// Ends a shift; without one, reverses the last move. Where the alias is already rolled back,
  /// nothing changes.
  ///
  /// - Parameter version: goes to this version instead.
  /// - Throws: `Refusal` when the alias is not where the recorded move left it; `AliasMoved`.
  package func rollback(to version: String? = nil) throws -> Outcome {
    var goal: String?
    var plan = 0
    while true {
      plan += 1
      let seen = try editor.read()
      let target = try version ?? rollbackTarget(seen)
      if let goal, goal != target {
        throw Refusal(
          "Alias \(editor.alias) was moved by someone else during the rollback to version \(goal): it is at "
            + "\(AliasState(seen).text) now, before which it was at version \(target). Nothing was changed",
          advice: "Use alias rollback --to VERSION if it must be moved")
      }
      goal = target
      do {
        return try rollback(seen, to: target)
      } catch is AliasMoved where plan < Self.maximumPlans {
        continue
      }
    }
  }

  private func rollback(_ seen: AliasConfiguration, to target: String) throws -> Outcome {
    if target != seen.functionVersion {
      try requireVersion(target, memory: AliasMemory(description: seen.description))
    }
    let state = AliasState(seen)
    let left =
      target == state.version ? state.weights.keys.first ?? state.version : state.version
    return try move(seen, to: AliasState(version: target)) {
      $0.rollBack(to: target, from: left)
    }
  }

  /// The version that has all traffic after a rollback.
  private func rollbackTarget(_ seen: AliasConfiguration) throws -> String {
    let memory = AliasMemory(description: seen.description)
    let current = seen.functionVersion
    // Weights that Lambda set itself while it moves provisioned concurrency are no shift.
    if !seen.additionalVersionWeights.isEmpty,
      try editor.readProvisionedConcurrency() == nil
    {
      return current
    }
    if memory.rolledBack?.version == current { return current }
    guard let move = memory.previous else {
      let recorded =
        memory.rolledBack.map {
          "the last recorded move is the rollback from version \($0.before) to version \($0.version ?? "")"
        } ?? "no version before it is recorded"
      throw refusal(current, recorded)
    }
    guard move.version == current else {
      throw refusal(
        current,
        move.version.map {
          "the last recorded move is from version \(move.before) to version \($0)"
        }
          ?? "an older program recorded version \(move.before) without where the alias went from there"
      )
    }
    return move.before
  }

  private func refusal(_ current: String, _ recorded: String) -> Refusal {
    Refusal(
      "Alias \(editor.alias) is at version \(current), but \(recorded): another tool may have moved it. "
        + "Nothing was changed",
      advice: "Use alias rollback --to VERSION; versions list prints the versions")
  }
}
