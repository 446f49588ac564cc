import AWSClient

extension ControlClient {
  /// Deregisters a resource, which deletes its policies and schedules. Its capacity stays as it is.
  ///
  /// - Returns: false when it was not registered.
  package func endScaling(of resource: ScalableResource) throws -> Bool {
    guard try !all(DescribeScalableTargets(resource: resource)).isEmpty else { return false }
    do {
      try write(DeregisterScalableTarget(resource: resource))
    } catch let error as AWSError where error.code.rawValue == "ObjectNotFoundException" {
      // Deregistered meanwhile, or this is the second attempt after a lost response.
      return true
    }
    return true
  }
}
