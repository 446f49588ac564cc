/// What a serverless endpoint costs.
///
/// Source: https://aws.amazon.com/sagemaker/ai/pricing/
extension PriceList.ServerlessPrices {
  /// Dollars for requests: their duration, billed by the millisecond, and their data.
  ///
  /// - Parameters:
  ///   - memoryMegabytes: the variant's, 1024 to 6144.
  ///   - onDemandSeconds: of requests that ran without provisioned concurrency.
  ///   - provisionedSeconds: of those that ran on it.
  ///   - bytes: in and out.
  package func requests(
    memoryMegabytes: Int, onDemandSeconds: Double, provisionedSeconds: Double, bytes: Double
  ) -> Double {
    let gigabytes = Double(memoryMegabytes) / 1024
    return onDemandSeconds * gigabytes * perGBSecond
      + provisionedSeconds * gigabytes * provisionedDurationPerGBSecond + bytes / 1e9 * dataPerGB
  }

  /// Dollars for provisioned concurrency, used or not.
  package func provisioned(memoryMegabytes: Int, environmentSeconds: Double) -> Double {
    environmentSeconds * Double(memoryMegabytes) / 1024 * provisionedPerGBSecond
  }
}
