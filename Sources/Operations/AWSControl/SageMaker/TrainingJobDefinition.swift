/// The part of a training job that CreateTrainingJob and a tuning job's trials have in common.
///
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
package struct TrainingJobDefinition: Sendable {
  /// Input data, which a container finds below `/opt/ml/input/data/NAME`.
  package struct Channel: Sendable, Equatable {
    /// 1 to 64 letters, digits and `.-_`.
    package let name: String
    /// Prefix of the objects.
    package let uri: String

    /// A channel in file mode, fully copied to each instance.
    package init(name: String, uri: String) {
      self.name = name
      self.uri = uri
    }
  }

  /// A number that SageMaker extracts from the job's log.
  package struct MetricDefinition: Sendable, Equatable {
    /// For example `validation:loss`.
    package let name: String
    /// A regular expression with one group around the number.
    package let regex: String

    package init(name: String, regex: String) {
      self.name = name
      self.regex = regex
    }
  }

  package var image: String
  /// Role that reads data and image and writes model and log.
  package var roleARN: String
  /// As text, at most 100.
  package var hyperparameters: [String: String]
  /// At most 40.
  package var metrics: [MetricDefinition]
  /// 1 to 20.
  package var channels: [Channel]
  /// The model goes to `URI/JOB/output/model.tar.gz`.
  package var outputURI: String
  /// For example `ml.g4dn.xlarge`.
  package var instanceType: String
  /// 1 unless the script is distributed.
  package var instanceCount = 1
  /// The disk for data, model and checkpoints, in GB.
  package var volumeGigabytes: Int
  /// KMS key of the output in S3; nil uses the bucket's encryption.
  package var kmsKeyID: String?
  /// KMS key of the disk; nil uses SageMaker's.
  package var volumeKMSKeyID: String?
  package var network: ModelNetwork?
  /// Whether the container has no network.
  package var isNetworkIsolated: Bool?
  /// Time limit, 1 s to 28 days; SageMaker's default is a day.
  package var maximumRuntimeSeconds: Int
  /// Managed spot: time limit with waits for capacity, at least the run time; nil is on demand.
  package var maximumWaitSeconds: Int?
  /// Synchronized with `/opt/ml/checkpoints`.
  package var checkpointURI: String?

  /// A definition; the optional properties are set as needed.
  package init(
    image: String, roleARN: String, hyperparameters: [String: String], metrics: [MetricDefinition],
    channels: [Channel], outputURI: String, instanceType: String, volumeGigabytes: Int,
    maximumRuntimeSeconds: Int
  ) {
    self.image = image
    self.roleARN = roleARN
    self.hyperparameters = hyperparameters
    self.metrics = metrics
    self.channels = channels
    self.outputURI = outputURI
    self.instanceType = instanceType
    self.volumeGigabytes = volumeGigabytes
    self.maximumRuntimeSeconds = maximumRuntimeSeconds
  }

  var algorithmInput: OperationInput {
    [
      "TrainingImage": image, "TrainingInputMode": "File",
      "MetricDefinitions": metrics.isEmpty
        ? nil : metrics.map { ["Name": $0.name, "Regex": $0.regex] as OperationInput },
    ]
  }

  var channelInput: [OperationInput] {
    channels.map { channel in
      [
        "ChannelName": channel.name,
        "DataSource": [
          "S3DataSource": [
            "S3DataType": "S3Prefix", "S3Uri": channel.uri,
            "S3DataDistributionType": "FullyReplicated",
          ] as OperationInput
        ] as OperationInput,
      ]
    }
  }

  var outputInput: OperationInput { ["S3OutputPath": outputURI, "KmsKeyId": kmsKeyID] }

  var resourceInput: OperationInput {
    [
      "InstanceType": instanceType, "InstanceCount": instanceCount,
      "VolumeSizeInGB": volumeGigabytes, "VolumeKmsKeyId": volumeKMSKeyID,
    ]
  }

  var stoppingInput: OperationInput {
    ["MaxRuntimeInSeconds": maximumRuntimeSeconds, "MaxWaitTimeInSeconds": maximumWaitSeconds]
  }

  var checkpointInput: OperationInput? { checkpointURI.map { ["S3Uri": $0] } }
  var isSpot: Bool? { maximumWaitSeconds == nil ? nil : true }
}

/// Subnets and security groups of a VPC.
package struct ModelNetwork: Sendable, Equatable {
  /// 1 to 16.
  package let subnetIDs: [String]
  /// 1 to 5.
  package let securityGroupIDs: [String]

  package init(subnetIDs: [String], securityGroupIDs: [String]) {
    self.subnetIDs = subnetIDs
    self.securityGroupIDs = securityGroupIDs
  }

  var input: OperationInput { ["SecurityGroupIds": securityGroupIDs, "Subnets": subnetIDs] }
}

/// A tag, for bills and policies.
package struct ResourceTag: Sendable, Equatable {
  /// 1 to 128 characters.
  package let key: String
  /// At most 256 characters.
  package let value: String

  package init(key: String, value: String) {
    self.key = key
    self.value = value
  }

  static func input(_ tags: [ResourceTag]) -> [OperationInput]? {
    tags.isEmpty ? nil : tags.map { ["Key": $0.key, "Value": $0.value] }
  }
}
