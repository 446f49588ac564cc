extension ControlClient {
  /// Deregisters a resource, which deletes its policies and schedules. Its capacity stays as it is.
  ///
  /// - Returns: false when it was not registered.
  package func endScaling(of resource: ScalableResource) throws -> Bool {
    guard try !all(DescribeScalableTargets(resource: resource)).isEmpty else { return false }
    try write(DeregisterScalableTarget(resource: resource))
    return true
  }
}
