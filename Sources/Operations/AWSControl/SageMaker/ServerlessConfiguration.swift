/// Memory and concurrency of a serverless variant.
///
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantServerlessConfig.html
package struct ServerlessConfiguration: ResponseShape, Equatable {
  /// 1024 to 6144 MB in steps of 1024.
  package static let memoryChoices = Array(stride(from: 1024, through: 6144, by: 1024))
  private static let concurrencyLimits = 1...200

  package let memoryMegabytes: Int
  /// Most requests at the same time, 1 to 200; more are throttled.
  package let maximumConcurrency: Int
  /// Environments that are kept warm, 1 to the maximum; nil for none.
  package let provisionedConcurrency: Int?

  /// A configuration that SageMaker accepts.
  ///
  /// - Parameter provisionedConcurrency: 0 and nil are none.
  /// - Throws: `Refusal` for a value outside of the limits.
  package init(
    memoryMegabytes: Int, maximumConcurrency: Int, provisionedConcurrency: Int?
  ) throws(Refusal) {
    guard Self.memoryChoices.contains(memoryMegabytes) else {
      throw Refusal(
        "A serverless endpoint cannot have \(memoryMegabytes) MB of memory",
        advice: "Use 1024, 2048, 3072, 4096, 5120, or 6144")
    }
    guard Self.concurrencyLimits.contains(maximumConcurrency) else {
      throw Refusal(
        "The maximum concurrency is \(maximumConcurrency) and must be 1 to 200",
        advice: "For more requests at the same time use instances")
    }
    guard (0...maximumConcurrency).contains(provisionedConcurrency ?? 0) else {
      throw Refusal(
        "The provisioned concurrency is \(provisionedConcurrency ?? 0) and must be 0 to the maximum "
          + "concurrency, \(maximumConcurrency)")
    }
    self.memoryMegabytes = memoryMegabytes
    self.maximumConcurrency = maximumConcurrency
    self.provisionedConcurrency = provisionedConcurrency == 0 ? nil : provisionedConcurrency
  }

  package init(_ fields: ResponseFields) throws(MalformedResponse) {
    memoryMegabytes = try fields.integer("MemorySizeInMB")
    maximumConcurrency = try fields.integer("MaxConcurrency")
    let provisioned = fields.optionalInteger("ProvisionedConcurrency")
    provisionedConcurrency = provisioned == 0 ? nil : provisioned
  }

  package var input: OperationInput {
    [
      "MemorySizeInMB": memoryMegabytes, "MaxConcurrency": maximumConcurrency,
      "ProvisionedConcurrency": provisionedConcurrency,
    ]
  }

  /// `2048 MB, at most 5 requests at the same time, 1 provisioned`
  package var text: String {
    "\(memoryMegabytes) MB, at most \(maximumConcurrency) "
      + "\(maximumConcurrency == 1 ? "request" : "requests") at the same time, "
      + "\(provisionedConcurrency.map(String.init) ?? "none") provisioned"
  }
}

/// A change of a serverless variant; what is nil stays.
package struct ServerlessChange: Sendable, Equatable {
  package var memoryMegabytes: Int?
  package var maximumConcurrency: Int?
  /// 0 removes it.
  package var provisionedConcurrency: Int?

  package init(
    memoryMegabytes: Int? = nil, maximumConcurrency: Int? = nil, provisionedConcurrency: Int? = nil
  ) {
    self.memoryMegabytes = memoryMegabytes
    self.maximumConcurrency = maximumConcurrency
    self.provisionedConcurrency = provisionedConcurrency
  }

  /// - Throws: `Refusal` when the result is outside of the limits.
  package func applied(
    to present: ServerlessConfiguration
  ) throws(Refusal) -> ServerlessConfiguration {
    try ServerlessConfiguration(
      memoryMegabytes: memoryMegabytes ?? present.memoryMegabytes,
      maximumConcurrency: maximumConcurrency ?? present.maximumConcurrency,
      provisionedConcurrency: provisionedConcurrency ?? present.provisionedConcurrency)
  }
}
