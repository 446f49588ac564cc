/// What Application Auto Scaling scales, always a namespace, a resource and a dimension.
///
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
package struct ScalableResource: Sendable, Equatable {
  /// `lambda` or `sagemaker`.
  package let namespace: String
  /// `function:NAME:ALIAS` or `endpoint/NAME/variant/NAME`.
  package let resourceID: String
  /// `lambda:function:ProvisionedConcurrency`, `sagemaker:variant:DesiredInstanceCount`, or
  /// `sagemaker:variant:DesiredProvisionedConcurrency`.
  package let dimension: String

  /// Provisioned concurrency of an alias (or a version).
  package static func provisionedConcurrency(
    functionName: String, qualifier: String
  ) -> ScalableResource {
    ScalableResource(
      namespace: "lambda", resourceID: "function:\(functionName):\(qualifier)",
      dimension: "lambda:function:ProvisionedConcurrency")
  }

  package static func variantInstances(endpointName: String, variant: String) -> ScalableResource {
    ScalableResource(
      namespace: "sagemaker", resourceID: "endpoint/\(endpointName)/variant/\(variant)",
      dimension: "sagemaker:variant:DesiredInstanceCount")
  }

  /// Provisioned concurrency of a serverless variant.
  package static func variantConcurrency(
    endpointName: String, variant: String
  ) -> ScalableResource {
    ScalableResource(
      namespace: "sagemaker", resourceID: "endpoint/\(endpointName)/variant/\(variant)",
      dimension: "sagemaker:variant:DesiredProvisionedConcurrency")
  }

  private init(namespace: String, resourceID: String, dimension: String) {
    self.namespace = namespace
    self.resourceID = resourceID
    self.dimension = dimension
  }
}

/// An operation of Application Auto Scaling about one resource.
package protocol ScalingOperation: JSONOperation {
  var resource: ScalableResource { get }
}

extension ScalingOperation {
  package static var service: ControlService { .applicationAutoScaling }
  package var subject: String { resource.resourceID }
}
