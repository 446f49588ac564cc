import AWSClient
import AWSControl

/// Configurations and models of this tool that no endpoint uses: an update leaves the former ones for
/// a rollback, an interrupted command may leave others.
///
/// Recognized by their names, NAME-YYYYMMDD-HHMMSS. Batch transform jobs and inference components that
/// name a model are not checked.
package struct EndpointOrphans: Sendable, Equatable {
  package private(set) var configurationNames: [String]
  package private(set) var modelNames: [String]
  /// Models that are kept, each with the reason.
  package private(set) var kept: [String] = []

  /// Finds them: three lists, and two calls for each endpoint, none for each configuration.
  ///
  /// - Parameters:
  ///   - endpointName: only those that were made for this endpoint.
  ///   - minimumAgeSeconds: younger ones may belong to a command that is running; nil for those of any age, whatever
  ///     this machine's clock shows.
  package static func find(
    endpointName: String?, minimumAgeSeconds: Int64?, with client: ControlClient
  ) throws -> EndpointOrphans {
    let lists = ReadGroup(client)
    let endpointList = lists.addAll(ListEndpoints())
    let configurationList = lists.addAll(ListEndpointConfigs())
    let modelList = lists.addAll(ListModels())
    try lists.run()
    let used = try inUse(endpointList.get().map(\.name), with: client)
    let newest = minimumAgeSeconds.map {
      Double(client.clock.unixMilliseconds()) / 1000 - Double($0)
    }
    func isOrphan(_ name: String, _ creation: Double?) -> Bool {
      isOurs(name, endpointName) && newest.isAtLeast(creation)
    }
    return EndpointOrphans(
      configurationNames: try configurationList.get().filter {
        isOrphan($0.name, $0.creation) && !used.configurations.contains($0.name)
      }.map(\.name).sorted(),
      modelNames: try modelList.get().filter {
        isOrphan($0.name, $0.creation) && !used.models.contains($0.name)
      }.map(\.name).sorted())
  }

  /// Keeps models that a configuration names that is not an orphan; reads only configurations that
  /// could.
  package func checkingModels(with client: ControlClient) throws -> EndpointOrphans {
    let found = try ModelUsers.split(modelNames, but: Set(configurationNames), with: client)
    var checked = self
    (checked.modelNames, checked.kept) = (found.unused, found.kept)
    return checked
  }

  /// Deletes them, configurations first, and continues past what cannot be deleted.
  ///
  /// - Parameter onStep: receives each name afterwards, with the error that kept it.
  package func delete(
    with client: ControlClient, onStep: (_ name: String, _ error: AWSError?) -> Void
  ) throws {
    for name in configurationNames {
      try attempt("configuration \(name)", onStep) {
        try client.write(DeleteEndpointConfig(name: name))
      }
    }
    for name in modelNames {
      try attempt("model \(name)", onStep) { try client.write(DeleteModel(name: name)) }
    }
  }

  private func attempt(
    _ name: String, _ onStep: (String, AWSError?) -> Void, _ delete: () throws -> Acknowledged?
  ) throws {
    do {
      if try delete() != nil { onStep(name, nil) }
    } catch let error as AWSError {
      onStep(name, error)
    }
  }

  private static func inUse(
    _ endpointNames: [String], with client: ControlClient
  ) throws -> (configurations: Set<String>, models: Set<String>) {
    let reads = ReadGroup(client)
    let endpoints = endpointNames.map { reads.add(DescribeEndpoint(endpointName: $0)) }
    try reads.run()
    let names = Set(
      try endpoints.compactMap { try $0.unlessGone() }.flatMap {
        [$0.endpointConfigName, $0.pendingConfigName].compactMap { $0 }
      })
    let descriptions = names.sorted().map {
      reads.add(DescribeEndpointConfig(endpointConfigName: $0))
    }
    try reads.run()
    return (names, Set(try descriptions.compactMap { try $0.unlessGone() }.flatMap(\.modelNames)))
  }

  /// `dogs-20261122-190512` for the endpoint `dogs`.
  static func isOurs(_ name: String, _ endpointName: String?) -> Bool {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count > 2, let time = parts.last, time.count == 6,
      let date = parts.dropLast().last, date.count == 8,
      (date + time).allSatisfy({ $0.isASCII && $0.isNumber })
    else { return false }
    guard let endpointName else { return true }
    return name == EndpointCreation.name(endpointName, "\(date)-\(time)")
  }
}
