/// Prices of S3, S3 Batch Operations, and CloudWatch Logs, in dollars.
package struct StoragePrices: Sendable, Hashable, Codable {
  /// PUT and LIST.
  package var putPerThousand: Double
  package var getPerThousand: Double
  package var batchPerJob: Double
  package var batchPerMillionTasks: Double
  /// Logs that are taken in.
  package var logsPerGB: Double
}
