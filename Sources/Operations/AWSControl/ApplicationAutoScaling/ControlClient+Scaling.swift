import AWSClient

extension ControlClient {
  /// Ends the scaling of a resource: registration, policies and schedules. The capacity stays as it is.
  ///
  /// - Returns: false when it was not registered.
  package func endScaling(of resource: ScalableResource) throws -> Bool {
    guard try !all(DescribeScalableTargets(resource: resource)).isEmpty else { return false }
    do {
      try write(DeregisterScalableTarget(resource: resource))
    } catch let error as AWSError where error.code.rawValue == "ObjectNotFoundException" {
      // Somebody was faster, or it is the second try after a lost answer.
      return true
    }
    return true
  }
}
