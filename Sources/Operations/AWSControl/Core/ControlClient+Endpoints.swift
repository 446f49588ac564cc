extension ControlClient {
  /// Where a service is reached.
  package struct ServiceEndpoint: Sendable, Equatable {
    /// The service's name in botocore.
    package let name: String
    /// AWS's own, or the one that an option, a variable, or the profile puts in its place.
    package let url: String
  }

  /// The endpoints of all services but S3, whose host has the bucket's name.
  package var endpoints: [ServiceEndpoint] {
    let services: [ControlService] = [
      .applicationAutoScaling, .cloudWatch, .cloudWatchLogs, .lambda, .sageMaker, .sqs, .sts,
    ]
    return services.map {
      ServiceEndpoint(name: $0.name, url: configuration.baseURL(of: $0.aws, prefix: ""))
    }
  }
}
