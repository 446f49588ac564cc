/// Where an asynchronous endpoint puts its answers, and who is notified.
///
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AsyncInferenceConfig.html
package struct AsynchronousConfiguration: ResponseShape, Equatable {
  /// Prefix of the answers, `s3://…`, at most 512 characters.
  package var outputPath: String
  /// Prefix of the container's error replies; nil stores none.
  package var failurePath: String?
  /// Encrypts the answers; nil is S3's default encryption.
  package var kmsKeyID: String?
  package var successTopicARN: String?
  package var errorTopicARN: String?
  /// `SUCCESS_NOTIFICATION_TOPIC`, `ERROR_NOTIFICATION_TOPIC`: the topics whose messages contain
  /// replies of up to 128 KB.
  package var topicsWithReplies: [String] = []
  /// 1 to 1000; nil lets SageMaker choose.
  package var maximumInvocationsPerInstance: Int?

  /// An endpoint without notifications; the other properties are set as needed.
  package init(outputPath: String) { self.outputPath = outputPath }

  package init(_ fields: ResponseFields) throws(MalformedResponse) {
    let output = fields.json["OutputConfig"]
    guard let path = output?["S3OutputPath"]?.stringValue else {
      throw MalformedResponse(field: "OutputConfig.S3OutputPath", problem: "is missing")
    }
    outputPath = path
    failurePath = output?["S3FailurePath"]?.stringValue
    kmsKeyID = output?["KmsKeyId"]?.stringValue
    let notifications = output?["NotificationConfig"]
    successTopicARN = notifications?["SuccessTopic"]?.stringValue
    errorTopicARN = notifications?["ErrorTopic"]?.stringValue
    topicsWithReplies = (notifications?["IncludeInferenceResponseIn"]?.arrayValue ?? [])
      .compactMap(\.stringValue)
    maximumInvocationsPerInstance =
      fields.json["ClientConfig"]?["MaxConcurrentInvocationsPerInstance"]?.int64Value
      .map { Int(clamping: $0) }
  }

  package var input: OperationInput {
    let hasTopic = successTopicARN != nil || errorTopicARN != nil
    return [
      "OutputConfig": [
        "S3OutputPath": outputPath, "S3FailurePath": failurePath, "KmsKeyId": kmsKeyID,
        "NotificationConfig": hasTopic
          ? [
            "SuccessTopic": successTopicARN, "ErrorTopic": errorTopicARN,
            "IncludeInferenceResponseIn": topicsWithReplies.isEmpty ? nil : topicsWithReplies,
          ] as OperationInput : nil,
      ] as OperationInput,
      "ClientConfig": maximumInvocationsPerInstance.map {
        ["MaxConcurrentInvocationsPerInstance": $0] as OperationInput
      },
    ]
  }
}

/// A change of an asynchronous endpoint; what is nil stays.
package struct AsynchronousChange: Sendable, Equatable {
  package var outputPath: String?
  package var failurePath: String?
  package var kmsKeyID: String?
  package var successTopicARN: String?
  package var errorTopicARN: String?
  package var maximumInvocationsPerInstance: Int?

  package init() {}

  /// Topics get messages with replies, so that these need not be read from S3.
  package func applied(to present: AsynchronousConfiguration) -> AsynchronousConfiguration {
    var changed = present
    changed.outputPath = outputPath ?? present.outputPath
    changed.failurePath = failurePath ?? present.failurePath
    changed.kmsKeyID = kmsKeyID ?? present.kmsKeyID
    changed.successTopicARN = successTopicARN ?? present.successTopicARN
    changed.errorTopicARN = errorTopicARN ?? present.errorTopicARN
    changed.maximumInvocationsPerInstance =
      maximumInvocationsPerInstance ?? present.maximumInvocationsPerInstance
    for (topic, given) in [
      ("SUCCESS_NOTIFICATION_TOPIC", successTopicARN), ("ERROR_NOTIFICATION_TOPIC", errorTopicARN),
    ] where given != nil && !changed.topicsWithReplies.contains(topic) {
      changed.topicsWithReplies.append(topic)
    }
    return changed
  }

  /// The configuration of a new endpoint.
  ///
  /// - Throws: `Refusal` without an output path.
  package func configuration() throws(Refusal) -> AsynchronousConfiguration {
    guard let outputPath else {
      throw Refusal(
        "An asynchronous endpoint needs a place for its answers", advice: "Add output=s3://…")
    }
    return applied(to: AsynchronousConfiguration(outputPath: outputPath))
  }
}
