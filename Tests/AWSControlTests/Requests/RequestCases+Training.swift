import AWSControl
import JSON

extension RequestCases {
  private static let role = "arn:aws:iam::123456789012:role/training"
  private static let network = ModelNetwork(
    subnetIDs: ["subnet-1", "subnet-2"], securityGroupIDs: ["sg-1"])
  private static let networkJSON: JSONValue = [
    "Subnets": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"],
  ]
  private static let tags = [ResourceTag(key: "team", value: odd)]
  private static let tagJSON: JSONValue = [["Key": "team", "Value": .string(odd)]]

  private static let least = TrainingJobDefinition(
    image: "image", roleARN: role,
    hyperparameters: ["epochs": "20", "architecture": "\"resnet50\""],
    metrics: [], channels: [.init(name: "train", uri: "s3://photos/dogs/")],
    outputURI: "s3://models/dogs", instanceType: "ml.g4dn.xlarge", volumeGigabytes: 30,
    maximumRuntimeSeconds: 3600)

  private static let most: TrainingJobDefinition = {
    var definition = least
    definition.metrics = [.init(name: "validation:loss", regex: "validation_loss=([0-9.]+)")]
    definition.kmsKeyID = "key-1"
    definition.volumeKMSKeyID = "key-2"
    definition.network = network
    definition.isNetworkIsolated = true
    definition.maximumWaitSeconds = 7200
    definition.checkpointURI = "s3://models/checkpoints"
    return definition
  }()

  private static let channelJSON: JSONValue = [
    [
      "ChannelName": "train",
      "DataSource": [
        "S3DataSource": [
          "S3DataType": "S3Prefix", "S3Uri": "s3://photos/dogs/",
          "S3DataDistributionType": "FullyReplicated",
        ]
      ],
    ]
  ]
  private static let hyperparameterJSON: JSONValue = [
    "epochs": "20", "architecture": "\"resnet50\"",
  ]

  /// The members that both kinds of job have: the required ones, and all.
  private static let leastMembers: [(String, JSONValue)] = [
    ("RoleArn", .string(role)),
    ("AlgorithmSpecification", ["TrainingImage": "image", "TrainingInputMode": "File"]),
    ("InputDataConfig", channelJSON), ("OutputDataConfig", ["S3OutputPath": "s3://models/dogs"]),
    (
      "ResourceConfig",
      ["InstanceType": "ml.g4dn.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30]
    ), ("StoppingCondition", ["MaxRuntimeInSeconds": 3600]),
  ]
  private static let mostMembers: [(String, JSONValue)] = [
    ("RoleArn", .string(role)),
    (
      "AlgorithmSpecification",
      [
        "TrainingImage": "image", "TrainingInputMode": "File",
        "MetricDefinitions": [["Name": "validation:loss", "Regex": "validation_loss=([0-9.]+)"]],
      ]
    ), ("InputDataConfig", channelJSON),
    ("OutputDataConfig", ["S3OutputPath": "s3://models/dogs", "KmsKeyId": "key-1"]),
    (
      "ResourceConfig",
      [
        "InstanceType": "ml.g4dn.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30,
        "VolumeKmsKeyId": "key-2",
      ]
    ), ("StoppingCondition", ["MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 7200]),
    ("VpcConfig", networkJSON), ("EnableNetworkIsolation", true),
    ("EnableManagedSpotTraining", true), ("CheckpointConfig", ["S3Uri": "s3://models/checkpoints"]),
  ]

  private static func object(
    _ members: [(String, JSONValue)], _ more: KeyValuePairs<String, JSONValue>
  ) -> JSONValue {
    var object = JSONObject()
    for (key, value) in members { object.set(key, to: value) }
    for (key, value) in more { object.set(key, to: value) }
    return .object(object)
  }

  static let training: [RequestCase] = [
    RequestCase(
      CreateTrainingJob(name: "job", definition: least),
      object(
        leastMembers, ["TrainingJobName": "job", "HyperParameters": hyperparameterJSON])),
    RequestCase(
      CreateTrainingJob(name: "job", definition: most, tags: tags),
      object(
        mostMembers,
        ["TrainingJobName": "job", "HyperParameters": hyperparameterJSON, "Tags": tagJSON])),
    RequestCase(DescribeTrainingJob(name: "job"), ["TrainingJobName": "job"]),
    RequestCase(StopTrainingJob(name: "job"), ["TrainingJobName": "job"]),
    RequestCase(
      ListTrainingJobs(maximumResults: 20),
      ["MaxResults": 20, "SortBy": "CreationTime", "SortOrder": "Descending"]),
    RequestCase(
      paged(
        ListTrainingJobs(maximumResults: 5, nameContains: "dogs", status: "Failed"), "next"),
      [
        "MaxResults": 5, "NameContains": "dogs", "StatusEquals": "Failed",
        "SortBy": "CreationTime", "SortOrder": "Descending", "NextToken": "next",
      ]),
    RequestCase(
      CreateHyperParameterTuningJob(
        name: "tune",
        search: .init(
          strategy: "Bayesian", metricName: "validation:best-loss", objective: "Minimize",
          ranges: [
            .init(
              name: "learning-rate", kind: .continuous, minimum: "0.001", maximum: "0.1",
              scaling: "Logarithmic"),
            .init(
              name: "batch-size", kind: .integer, minimum: "32", maximum: "512",
              scaling: "Logarithmic"),
          ], maximumJobs: 20, maximumParallelJobs: 2, stopsEarly: true, seed: 7),
        definition: most, tags: tags), tuning),
    RequestCase(
      DescribeHyperParameterTuningJob(name: "tune"), ["HyperParameterTuningJobName": "tune"]),
    RequestCase(
      paged(ListTrainingJobsForHyperParameterTuningJob(name: "tune"), "next"),
      ["HyperParameterTuningJobName": "tune", "MaxResults": 100, "NextToken": "next"]),
    RequestCase(
      paged(
        DescribeLogStreams(
          logGroupName: "/aws/sagemaker/TrainingJobs", logStreamNamePrefix: "job/"), "next"),
      [
        "logGroupName": "/aws/sagemaker/TrainingJobs", "logStreamNamePrefix": "job/",
        "nextToken": "next",
      ]),
    RequestCase(
      GetLogEvents(logGroupName: "/aws/sagemaker/TrainingJobs", logStreamName: "job/algo-1"),
      [
        "logGroupName": "/aws/sagemaker/TrainingJobs", "logStreamName": "job/algo-1",
        "startFromHead": true,
      ]),
  ]

  private static let tuning: JSONValue = [
    "HyperParameterTuningJobName": "tune", "Tags": tagJSON,
    "HyperParameterTuningJobConfig": [
      "Strategy": "Bayesian",
      "HyperParameterTuningJobObjective": [
        "Type": "Minimize", "MetricName": "validation:best-loss",
      ], "ResourceLimits": ["MaxNumberOfTrainingJobs": 20, "MaxParallelTrainingJobs": 2],
      "ParameterRanges": [
        "ContinuousParameterRanges": [
          [
            "Name": "learning-rate", "MinValue": "0.001", "MaxValue": "0.1",
            "ScalingType": "Logarithmic",
          ]
        ],
        "IntegerParameterRanges": [
          [
            "Name": "batch-size", "MinValue": "32", "MaxValue": "512",
            "ScalingType": "Logarithmic",
          ]
        ],
      ], "TrainingJobEarlyStoppingType": "Auto", "RandomSeed": 7,
    ], "TrainingJobDefinition": object(mostMembers, ["StaticHyperParameters": hyperparameterJSON]),
  ]

  static let hosting: [RequestCase] = {
    var model = CreateModel(
      name: "m", image: "image", modelDataURI: "s3://models/model.tar.gz",
      environment: ["A": odd], roleARN: role)
    let plain = CreateModel(
      name: "m", image: "image", modelDataURI: "s3://models/model.tar.gz", environment: [:],
      roleARN: role)
    model.network = network
    model.isNetworkIsolated = true
    model.tags = tags
    let described: JSONValue = [
      "EndpointConfigName": "old", "EndpointConfigArn": "arn", "CreationTime": 1_700_000_000,
      "KmsKeyId": "key-1", "EnableNetworkIsolation": false,
      "ProductionVariants": [
        [
          "VariantName": "A", "ModelName": "m", "InstanceType": "ml.m5.large",
          "InitialInstanceCount": 1, "InitialVariantWeight": 1, "VolumeSizeInGB": 20,
        ],
        [
          "VariantName": "B", "ModelName": "n", "InstanceType": "ml.m5.large",
          "InitialInstanceCount": 1,
        ],
      ],
      "DataCaptureConfig": [
        "EnableCapture": true, "InitialSamplingPercentage": 10,
        "DestinationS3Uri": "s3://captured/x", "CaptureOptions": [["CaptureMode": "Input"]],
      ],
    ]
    return [
      RequestCase(
        plain,
        [
          "ModelName": "m", "ExecutionRoleArn": .string(role),
          "PrimaryContainer": ["Image": "image", "ModelDataUrl": "s3://models/model.tar.gz"],
        ]),
      RequestCase(
        model,
        [
          "ModelName": "m", "ExecutionRoleArn": .string(role), "VpcConfig": networkJSON,
          "EnableNetworkIsolation": true, "Tags": tagJSON,
          "PrimaryContainer": [
            "Image": "image", "ModelDataUrl": "s3://models/model.tar.gz",
            "Environment": ["A": .string(odd)],
          ],
        ]),
      RequestCase(DescribeModel(name: "m"), ["ModelName": "m"]),
      RequestCase(DeleteModel(name: "m"), ["ModelName": "m"]),
      RequestCase(
        CreateEndpointConfig(
          name: "c",
          variant: .init(
            name: "All", modelName: "m", hosting: .instances(type: "ml.m5.xlarge", count: 2)),
          kmsKeyID: "key-1", tags: tags),
        [
          "EndpointConfigName": "c", "KmsKeyId": "key-1", "Tags": tagJSON,
          "ProductionVariants": [
            [
              "VariantName": "All", "ModelName": "m", "InstanceType": "ml.m5.xlarge",
              "InitialInstanceCount": 2, "InitialVariantWeight": 1,
            ]
          ],
        ]),
      RequestCase(
        CreateEndpointConfig(
          name: "new", copying: described, changing: "A",
          ["ModelName": "m2", "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 3]),
        [
          "EndpointConfigName": "new", "KmsKeyId": "key-1", "EnableNetworkIsolation": false,
          "ProductionVariants": [
            [
              "VariantName": "A", "ModelName": "m2", "InstanceType": "ml.m5.xlarge",
              "InitialInstanceCount": 3, "InitialVariantWeight": 1, "VolumeSizeInGB": 20,
            ],
            [
              "VariantName": "B", "ModelName": "n", "InstanceType": "ml.m5.large",
              "InitialInstanceCount": 1,
            ],
          ],
          "DataCaptureConfig": [
            "EnableCapture": true, "InitialSamplingPercentage": 10,
            "DestinationS3Uri": "s3://captured/x", "CaptureOptions": [["CaptureMode": "Input"]],
          ],
        ]),
      RequestCase(DeleteEndpointConfig(name: "c"), ["EndpointConfigName": "c"]),
      RequestCase(ListEndpointConfigs(), ["MaxResults": 100]),
      RequestCase(ListModels(), ["MaxResults": 100]),
      RequestCase(
        CreateEndpoint(endpointName: "dogs", endpointConfigName: "c", tags: tags),
        ["EndpointName": "dogs", "EndpointConfigName": "c", "Tags": tagJSON]),
      RequestCase(DeleteEndpoint(endpointName: "dogs"), ["EndpointName": "dogs"]),
      RequestCase(paged(ListEndpoints(), "next"), ["MaxResults": 100, "NextToken": "next"]),
    ] + updates
  }()

  private static let updates: [RequestCase] = {
    func update(_ routing: UpdateEndpoint.Deployment.Routing, _ alarms: [String]) -> UpdateEndpoint
    {
      UpdateEndpoint(
        endpointName: "dogs", endpointConfigName: "c", exceptions: ["DesiredInstanceCount"],
        deployment: .init(
          routing: routing, waitSeconds: 300, terminationWaitSeconds: 120, alarmNames: alarms,
          maximumSeconds: alarms.isEmpty ? nil : 3600))
    }
    func json(_ routing: JSONValue, _ alarms: Bool) -> JSONValue {
      var policy: JSONObject = [
        "TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": 120,
      ]
      var deployment = JSONObject()
      if alarms {
        policy.set("MaximumExecutionTimeoutInSeconds", to: 3600)
        deployment.set(
          "AutoRollbackConfiguration",
          to: ["Alarms": [["AlarmName": "errors"], ["AlarmName": "slow"]]])
      }
      deployment.set("BlueGreenUpdatePolicy", to: .object(policy))
      return [
        "EndpointName": "dogs", "EndpointConfigName": "c", "RetainAllVariantProperties": true,
        "ExcludeRetainedVariantProperties": [["VariantPropertyType": "DesiredInstanceCount"]],
        "DeploymentConfig": .object(deployment),
      ]
    }
    return [
      RequestCase(
        UpdateEndpoint(endpointName: "dogs", endpointConfigName: "c"),
        [
          "EndpointName": "dogs", "EndpointConfigName": "c", "RetainAllVariantProperties": true,
        ]),
      RequestCase(
        update(.canary(percent: 10), ["errors", "slow"]),
        json(
          [
            "Type": "CANARY", "WaitIntervalInSeconds": 300,
            "CanarySize": ["Type": "CAPACITY_PERCENT", "Value": 10],
          ], true)),
      RequestCase(
        update(.linear(percent: 20), []),
        json(
          [
            "Type": "LINEAR", "WaitIntervalInSeconds": 300,
            "LinearStepSize": ["Type": "CAPACITY_PERCENT", "Value": 20],
          ], false)),
      RequestCase(
        update(.allAtOnce, ["errors", "slow"]),
        json(["Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 300], true)),
    ]
  }()

  /// What an update removes temporarily is restored.
  static let restoredScaling: [RequestCase] = {
    let policy: JSONValue = [
      "PolicyARN": "arn", "PolicyName": "p", "PolicyType": "StepScaling", "CreationTime": 1,
      "StepScalingPolicyConfiguration": [
        "AdjustmentType": "ChangeInCapacity",
        "StepAdjustments": [["MetricIntervalLowerBound": 0, "ScalingAdjustment": 1]],
      ],
    ]
    let register = RegisterScalableTarget(
      resource: variant, minimumCapacity: 1, maximumCapacity: 4,
      suspended: ["ScheduledScalingSuspended": true])
    var action = PutScheduledAction(
      resource: variant, actionName: "night", schedule: "rate(1 day)", minimumCapacity: 1)
    action.startTime = 1_700_000_000
    action.endTime = 1_800_000_000
    return [
      RequestCase(
        register,
        about(
          variant,
          [
            "MinCapacity": 1, "MaxCapacity": 4,
            "SuspendedState": ["ScheduledScalingSuspended": true],
          ])),
      RequestCase(
        PutScalingPolicy(resource: variant, policyName: "p", copying: policy),
        about(
          variant,
          [
            "PolicyName": "p", "PolicyType": "StepScaling",
            "StepScalingPolicyConfiguration": [
              "AdjustmentType": "ChangeInCapacity",
              "StepAdjustments": [["MetricIntervalLowerBound": 0, "ScalingAdjustment": 1]],
            ],
          ])),
      RequestCase(
        action,
        about(
          variant,
          [
            "ScheduledActionName": "night", "Schedule": "rate(1 day)",
            "StartTime": 1_700_000_000, "EndTime": 1_800_000_000,
            "ScalableTargetAction": ["MinCapacity": 1],
          ])),
    ]
  }()
}
