import AWSClient
import AWSControl
import Prices

extension BackfillEstimate.Work.Instances {
  /// The instances behind a function, as they are now.
  ///
  /// - Parameters:
  ///   - speed: measured images a second of one instance; nil takes the assumption of the prices.
  ///   - notes: gets what could not be read.
  /// - Returns: nil for an endpoint without instances, or without a known speed.
  package static func behind(
    _ endpointName: String, speed: Double?, prices: PriceList, with client: ControlClient,
    notes: inout [String]
  ) throws -> Self? {
    let read = try client.attempt("The endpoint \(endpointName)", notes: &notes) {
      () -> (DescribeEndpoint.Output, DescribeEndpointConfig.Output?) in
      let endpoint = try client.read(DescribeEndpoint(endpointName: endpointName))
      let configuration = try endpoint.endpointConfigName.map {
        try client.read(DescribeEndpointConfig(endpointConfigName: $0))
      }
      return (endpoint, configuration)
    }
    guard let (endpoint, configuration) = read,
      let type = configuration?.variants.compactMap(\.instanceType).first
    else { return nil }
    let count = endpoint.variants.compactMap(\.currentInstanceCount).reduce(0, +)
    guard let speed = speed ?? prices.assumptions.hostingImagesPerSecond[type] else {
      notes.append(
        "The speed of \(type) is not known, so that the endpoint's time is not in the estimate: measure it, and use "
          + "--images-per-second")
      return nil
    }
    return Self(type: type, count: max(count, 1), imagesPerSecond: speed)
  }
}
