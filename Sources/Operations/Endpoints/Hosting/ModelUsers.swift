import AWSClient
import AWSControl

/// Which configurations name a model.
enum ModelUsers {
  /// The models that no other configuration names, and the others, each with the reason to keep it.
  static func split(
    _ models: [String], but own: Set<String>, with client: ControlClient
  ) throws -> (unused: [String], kept: [String]) {
    let users = try find(models, but: own, with: client)
    return (
      models.filter { users[$0] == nil },
      models.compactMap { model in
        users[model].map { "model \(model): configuration \($0) names it too" }
      }
    )
  }

  /// Reads only configurations that are not older than the models, since a configuration cannot name
  /// a model that did not exist; several at the same time.
  ///
  /// - Parameter own: configurations that do not count.
  /// - Returns: a configuration by model.
  private static func find(
    _ models: [String], but own: Set<String>, with client: ControlClient
  ) throws -> [String: String] {
    guard !models.isEmpty else { return [:] }
    let oldest = try creationOfOldest(models, with: client)
    let reads = ReadGroup(client)
    let others = try client.all(ListEndpointConfigs()).filter {
      !own.contains($0.name) && $0.creation.isAtLeast(oldest)
    }.map { ($0.name, reads.add(DescribeEndpointConfig(endpointConfigName: $0.name))) }
    try reads.run()
    var users: [String: String] = [:]
    for (name, configuration) in others {
      guard let configuration = try configuration.unlessGone() else { continue }
      for model in configuration.modelNames where models.contains(model) { users[model] = name }
    }
    return users
  }

  /// Nil when one has no time.
  private static func creationOfOldest(
    _ models: [String], with client: ControlClient
  ) throws -> Double? {
    let reads = ReadGroup(client)
    let descriptions = models.map { reads.add(DescribeModel(name: $0)) }
    try reads.run()
    var oldest = Double.infinity
    for description in descriptions {
      guard let model = try description.unlessGone() else { continue }
      guard let creation = model.creation else { return nil }
      oldest = min(oldest, creation)
    }
    return oldest.isFinite ? oldest : nil
  }
}

extension Double? {
  /// Whether this time is not before another one; true when either is unknown.
  func isAtLeast(_ other: Double?) -> Bool {
    guard let self, let other else { return true }
    return self >= other
  }
}

extension ReadGroup.Pending {
  /// The description; nil when it was deleted meanwhile.
  func unlessGone() throws -> Value? {
    do {
      return try get()
    } catch let error as AWSError where error.isNotFound {
      return nil
    }
  }
}
