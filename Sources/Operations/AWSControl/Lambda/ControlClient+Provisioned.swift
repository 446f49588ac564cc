import AWSClient

extension ControlClient {
  /// The provisioned concurrency of all versions and aliases of a function.
  ///
  /// Lambda answers with an empty list when there is none; MiniStack with
  /// `ProvisionedConcurrencyConfigNotFoundException`, which means the same.
  package func provisionedConcurrency(
    ofFunction functionName: String
  ) throws -> [ProvisionedConcurrency] {
    let reads = ReadGroup(self)
    let list = reads.addAll(ListProvisionedConcurrencyConfigs(functionName: functionName))
    try reads.run()
    return try list.orNone()
  }
}

extension ReadGroup.Pending where Value == [ProvisionedConcurrency] {
  /// The list; empty when MiniStack responds that there is none.
  package func orNone() throws -> [ProvisionedConcurrency] {
    do {
      return try get()
    } catch let error as AWSError
      where error.code.rawValue == "ProvisionedConcurrencyConfigNotFoundException"
    {
      return []
    }
  }
}
