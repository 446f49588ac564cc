import TestSupport

/// Answers about a serverless and about an asynchronous endpoint `dogs`.
enum KindFixture {
  typealias Routes = EndpointFixture.Routes

  static func serverless(
    memory: Int = 2048, maximum: Int = 5, provisioned: Int? = nil
  ) -> String {
    let more = provisioned.map { ",\"ProvisionedConcurrency\":\($0)" } ?? ""
    return #"{"MemorySizeInMB":\#(memory),"MaxConcurrency":\#(maximum)\#(more)}"#
  }

  /// - Parameter now: of DescribeEndpoint, as a change without another configuration leaves it.
  static func serverlessRoutes(_ configured: String, now: String? = nil) -> Routes {
    let current = now.map { ",\"CurrentServerlessConfig\":\($0)" } ?? ""
    return [
      "DescribeEndpoint": [
        EndpointFixture.endpoint(
          "InService",
          #"{"VariantName":"All","CurrentWeight":1.0,"DesiredWeight":1.0\#(current)}"#)
      ],
      "DescribeEndpointConfig": [
        EndpointFixture.configuration(
          #"{"VariantName":"All","ModelName":"m","ServerlessConfig":\#(configured)}"#)
      ],
    ]
  }

  static let asynchronousConfiguration = """
    {"EndpointConfigName":"c","ProductionVariants":[{"VariantName":"All","ModelName":"m",
    "InstanceType":"ml.g4dn.xlarge","InitialInstanceCount":1}],"AsyncInferenceConfig":{"OutputConfig":
    {"S3OutputPath":"s3://dog-results/output","S3FailurePath":"s3://dog-results/failures"}}}
    """
  static let policyARN = "arn:aws:autoscaling:us-east-1:1:scalingPolicy:2:policyName/zero"
  static let alarmName = "inferencectl-endpoint/dogs/variant/All-HasBacklogWithoutCapacity"

  static let asynchronousRoutes: Routes = [
    "DescribeEndpointConfig": [.init(200, body: asynchronousConfiguration)],
    "PutScalingPolicy": [.init(200, body: #"{"PolicyARN":"\#(policyARN)"}"#)],
    "DescribeAlarms": [.init(200, body: "{}")],
    "PutMetricAlarm": [.init(200, body: "{}")], "DeleteAlarms": [.init(200, body: "{}")],
  ]

  /// Scaled between 0 and 4 as `endpoint autoscale` leaves it.
  static let scaledRoutes = asynchronousRoutes.merging([
    "DescribeScalableTargets": [target],
    "DescribeScalingPolicies": [
      .init(200, body: #"{"ScalingPolicies":[\#(tracking),\#(step())]}"#)
    ],
    "DescribeAlarms": [alarms(alarm())],
  ]) { $1 }

  static let target = ScriptedServer.Answer(
    200,
    body: """
      {"ScalableTargets":[{"ResourceId":"endpoint/dogs/variant/All","MinCapacity":0,"MaxCapacity":4}]}
      """)

  static let tracking = """
    {"PolicyName":"inferencectl-target-tracking","PolicyType":"TargetTrackingScaling","PolicyARN":"arn:tracking",
    "TargetTrackingScalingPolicyConfiguration":{"TargetValue":5.0,"ScaleInCooldown":300,"ScaleOutCooldown":300,
    "CustomizedMetricSpecification":{"MetricName":"ApproximateBacklogSizePerInstance","Namespace":"AWS/SageMaker",
    "Dimensions":[{"Name":"EndpointName","Value":"dogs"}],"Statistic":"Average"}}}
    """

  static func step(_ name: String = "inferencectl-scale-from-zero", arn: String = policyARN)
    -> String
  {
    """
    {"PolicyName":"\(name)","PolicyType":"StepScaling","PolicyARN":"\(arn)","StepScalingPolicyConfiguration":
    {"AdjustmentType":"ChangeInCapacity","Cooldown":300,"MetricAggregationType":"Average",
    "StepAdjustments":[{"MetricIntervalLowerBound":0.0,"ScalingAdjustment":1}]}}
    """
  }

  static func alarm(_ name: String = alarmName, action: String = policyARN) -> String {
    """
    {"AlarmName":"\(name)","StateValue":"OK","ActionsEnabled":true,"AlarmActions":["\(action)"],
    "AlarmDescription":"Starts an instance of dogs when requests wait and there is none",
    "MetricName":"HasBacklogWithoutCapacity","Namespace":"AWS/SageMaker","Statistic":"Average","Period":60,
    "Dimensions":[{"Name":"EndpointName","Value":"dogs"}],"EvaluationPeriods":2,"DatapointsToAlarm":2,
    "Threshold":1.0,"ComparisonOperator":"GreaterThanOrEqualToThreshold","TreatMissingData":"missing"}
    """
  }

  static func alarms(_ alarms: String...) -> ScriptedServer.Answer {
    .init(200, body: #"{"MetricAlarms":[\#(alarms.joined(separator: ","))]}"#)
  }
}
