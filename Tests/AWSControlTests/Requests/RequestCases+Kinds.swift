import AWSControl
import JSON

/// Serverless and asynchronous endpoints.
extension RequestCases {
  private static let provisioned = ScalableResource.variantConcurrency(
    endpointName: "dogs", variant: "All")
  private static let serverless: ServerlessConfiguration = {
    do {
      return try ServerlessConfiguration(
        memoryMegabytes: 2048, maximumConcurrency: 5, provisionedConcurrency: 1)
    } catch { fatalError("\(error)") }
  }()
  private static let asynchronous: AsynchronousConfiguration = {
    var change = AsynchronousChange()
    change.failurePath = "s3://dog-results/failures"
    change.kmsKeyID = "key-1"
    change.successTopicARN = "arn:aws:sns:us-east-1:111122223333:done"
    change.errorTopicARN = "arn:aws:sns:us-east-1:111122223333:failed"
    change.maximumInvocationsPerInstance = 4
    return change.applied(to: AsynchronousConfiguration(outputPath: "s3://dog-results/output"))
  }()
  private static let asynchronousJSON: JSONValue = [
    "OutputConfig": [
      "S3OutputPath": "s3://dog-results/output", "S3FailurePath": "s3://dog-results/failures",
      "KmsKeyId": "key-1",
      "NotificationConfig": [
        "SuccessTopic": "arn:aws:sns:us-east-1:111122223333:done",
        "ErrorTopic": "arn:aws:sns:us-east-1:111122223333:failed",
        "IncludeInferenceResponseIn": ["SUCCESS_NOTIFICATION_TOPIC", "ERROR_NOTIFICATION_TOPIC"],
      ],
    ], "ClientConfig": ["MaxConcurrentInvocationsPerInstance": 4],
  ]
  private static let backlog = Metric(
    namespace: "AWS/SageMaker", name: "ApproximateBacklogSizePerInstance",
    dimensions: [("EndpointName", "dogs")])
  private static let policyARN = "arn:aws:autoscaling:us-east-1:1:scalingPolicy:2:policyName/p"
  private static let dimensions: JSONValue = [["Name": "EndpointName", "Value": "dogs"]]

  static let image: ContainerImage = {
    guard
      let image = ContainerImage("111122223333.dkr.ecr.us-east-1.amazonaws.com/team/pets:v1")
    else { fatalError("not an image") }
    return image
  }()

  static let kinds: [RequestCase] = configurations + scaling + alarms + images

  private static let configurations: [RequestCase] = [
    RequestCase(
      CreateEndpointConfig(
        name: "c", variant: .init(name: "All", modelName: "m", hosting: .serverless(serverless))),
      [
        "EndpointConfigName": "c",
        "ProductionVariants": [
          [
            "VariantName": "All", "ModelName": "m", "InitialVariantWeight": 1,
            "ServerlessConfig": [
              "MemorySizeInMB": 2048, "MaxConcurrency": 5, "ProvisionedConcurrency": 1,
            ],
          ]
        ],
      ]),
    RequestCase(
      CreateEndpointConfig(
        name: "c",
        variant: .init(
          name: "All", modelName: "m", hosting: .instances(type: "ml.g4dn.xlarge", count: 1)),
        asynchronous: asynchronous),
      [
        "EndpointConfigName": "c", "AsyncInferenceConfig": asynchronousJSON,
        "ProductionVariants": [
          [
            "VariantName": "All", "ModelName": "m", "InstanceType": "ml.g4dn.xlarge",
            "InitialInstanceCount": 1, "InitialVariantWeight": 1,
          ]
        ],
      ]),
    // A serverless variant that gets instances, and other paths.
    RequestCase(
      CreateEndpointConfig(
        name: "new",
        copying: [
          "EndpointConfigName": "old",
          "ProductionVariants": [
            [
              "VariantName": "All", "ModelName": "m", "InitialVariantWeight": 1,
              "ServerlessConfig": ["MemorySizeInMB": 1024, "MaxConcurrency": 2],
            ]
          ], "AsyncInferenceConfig": ["OutputConfig": ["S3OutputPath": "s3://old"]],
        ], changing: "All", ["InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1],
        removing: ["ServerlessConfig"], asynchronous: asynchronous),
      [
        "EndpointConfigName": "new", "AsyncInferenceConfig": asynchronousJSON,
        "ProductionVariants": [
          [
            "VariantName": "All", "ModelName": "m", "InitialVariantWeight": 1,
            "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1,
          ]
        ],
      ]),
    RequestCase(
      UpdateEndpointWeightsAndCapacities(
        endpointName: "dogs",
        changes: [
          .init(variant: "A", instanceCount: 0), .init(variant: "B", maximumConcurrency: 20),
          .init(variant: "C", maximumConcurrency: 9, provisionedConcurrency: 2),
        ]),
      [
        "EndpointName": "dogs",
        "DesiredWeightsAndCapacities": [
          ["VariantName": "A", "DesiredInstanceCount": 0],
          ["VariantName": "B", "ServerlessUpdateConfig": ["MaxConcurrency": 20]],
          [
            "VariantName": "C",
            "ServerlessUpdateConfig": ["MaxConcurrency": 9, "ProvisionedConcurrency": 2],
          ],
        ],
      ]),
  ]

  private static let scaling: [RequestCase] = [
    RequestCase(
      RegisterScalableTarget(resource: variant, minimumCapacity: 0, maximumCapacity: 4),
      about(variant, ["MinCapacity": 0, "MaxCapacity": 4])),
    RequestCase(
      RegisterScalableTarget(resource: provisioned, minimumCapacity: 1, maximumCapacity: 3),
      about(provisioned, ["MinCapacity": 1, "MaxCapacity": 3])),
    RequestCase(
      PutScalingPolicy(
        resource: variant, policyName: "p",
        targetTracking: TargetTracking(
          metric: .customized(backlog, statistic: "Average"), target: 5,
          scaleInCooldownSeconds: 300, scaleOutCooldownSeconds: 300)),
      about(
        variant,
        [
          "PolicyName": "p", "PolicyType": "TargetTrackingScaling",
          "TargetTrackingScalingPolicyConfiguration": [
            "TargetValue": 5, "ScaleInCooldown": 300, "ScaleOutCooldown": 300,
            "CustomizedMetricSpecification": [
              "MetricName": "ApproximateBacklogSizePerInstance", "Namespace": "AWS/SageMaker",
              "Dimensions": dimensions, "Statistic": "Average",
            ],
          ],
        ])),
    RequestCase(
      PutScalingPolicy(
        resource: variant, policyName: "p",
        step: StepScaling(adjustment: 1, cooldownSeconds: 300)),
      about(
        variant,
        [
          "PolicyName": "p", "PolicyType": "StepScaling",
          "StepScalingPolicyConfiguration": [
            "AdjustmentType": "ChangeInCapacity", "Cooldown": 300,
            "StepAdjustments": [["MetricIntervalLowerBound": 0, "ScalingAdjustment": 1]],
          ],
        ])),
  ]

  private static let alarms: [RequestCase] = [
    RequestCase(
      PutMetricAlarm(
        MetricAlarm(
          name: odd, description: "d",
          metric: Metric(
            namespace: "AWS/SageMaker", name: "HasBacklogWithoutCapacity",
            dimensions: [("EndpointName", "dogs")]), statistic: "Average", periodSeconds: 60,
          periods: 2, threshold: 1, actions: [policyARN])),
      [
        "AlarmName": .string(odd), "AlarmDescription": "d", "Namespace": "AWS/SageMaker",
        "MetricName": "HasBacklogWithoutCapacity", "Dimensions": dimensions,
        "Statistic": "Average", "Period": 60, "EvaluationPeriods": 2, "DatapointsToAlarm": 2,
        "Threshold": 1, "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "missing", "AlarmActions": [.string(policyARN)],
      ]),
    RequestCase(
      PutMetricAlarm(
        copying: [
          "AlarmName": "a", "AlarmArn": "arn", "StateValue": "OK", "ActionsEnabled": true,
          "AlarmActions": ["old", "other"], "OKActions": [], "EvaluationPeriods": 1,
          "Threshold": 0.5, "ComparisonOperator": "LessThanThreshold",
          "Metrics": [["Id": "m", "Expression": "1"]],
        ], replacing: "old", with: "new"),
      [
        "AlarmName": "a", "ActionsEnabled": true, "AlarmActions": ["new", "other"],
        "OKActions": [], "EvaluationPeriods": 1, "Threshold": 0.5,
        "ComparisonOperator": "LessThanThreshold", "Metrics": [["Id": "m", "Expression": "1"]],
      ]),
    RequestCase(DeleteAlarms(name: odd), ["AlarmNames": [.string(odd)]]),
    RequestCase(
      DescribeAlarms(namePrefix: "p"),
      [
        "AlarmNamePrefix": "p", "AlarmTypes": ["MetricAlarm", "CompositeAlarm"], "MaxRecords": 100,
      ]),
    RequestCase(
      DescribeAlarms(action: policyARN),
      [
        "ActionPrefix": .string(policyARN), "AlarmTypes": ["MetricAlarm", "CompositeAlarm"],
        "MaxRecords": 100,
      ]),
  ]

  private static let images: [RequestCase] = {
    let digest = "sha256:" + String(repeating: "0", count: 64)
    guard
      let image = ContainerImage("111122223333.dkr.ecr.us-east-1.amazonaws.com/pets@\(digest)")
    else { fatalError("not an image") }
    return [
      RequestCase(
        DescribeImages(image: image),
        [
          "registryId": "111122223333", "repositoryName": "pets",
          "imageIds": [["imageDigest": .string(digest)]],
        ])
    ]
  }()
}
