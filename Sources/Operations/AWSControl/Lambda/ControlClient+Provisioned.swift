import AWSClient

extension ControlClient {
  /// The provisioned concurrency of all versions and aliases of a function.
  ///
  /// Lambda answers with an empty list when there is none; MiniStack with
  /// `ProvisionedConcurrencyConfigNotFoundException`, which means the same.
  package func provisionedConcurrency(
    ofFunction functionName: String
  ) throws -> [ProvisionedConcurrency] {
    do {
      return try all(ListProvisionedConcurrencyConfigs(functionName: functionName))
    } catch let error as AWSError
      where error.code.rawValue == "ProvisionedConcurrencyConfigNotFoundException"
    {
      return []
    }
  }
}
