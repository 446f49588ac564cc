import AWSControl
import JSON

extension RequestCases {
  private static let errors = Metric(
    namespace: "AWS/Lambda", name: "Errors",
    dimensions: [("FunctionName", odd), ("Resource", "f:2")])
  private static let dimensions: JSONValue = [
    ["Name": "FunctionName", "Value": .string(odd)], ["Name": "Resource", "Value": "f:2"],
  ]

  static let cloudWatch: [RequestCase] = [
    RequestCase(
      paged(
        GetMetricData(
          queries: [.init(id: "e", metric: errors, periodSeconds: 60, statistic: "p99")],
          window: MetricWindow(start: 1_700_000_000, end: 1_700_000_600)), "token"),
      [
        "MetricDataQueries": [
          [
            "Id": "e",
            "MetricStat": [
              "Metric": [
                "Namespace": "AWS/Lambda", "MetricName": "Errors", "Dimensions": dimensions,
              ], "Period": 60, "Stat": "p99",
            ],
          ]
        ], "StartTime": 1_700_000_000, "EndTime": 1_700_000_600, "NextToken": "token",
      ]),
    RequestCase(
      GetMetricStatistics(
        metric: errors, window: MetricWindow(start: 1_700_000_000, end: 1_700_000_600),
        periodSeconds: 60, percentiles: ["p99"]),
      [
        "Namespace": "AWS/Lambda", "MetricName": "Errors", "Dimensions": dimensions,
        "StartTime": 1_700_000_000, "EndTime": 1_700_000_600, "Period": 60,
        "ExtendedStatistics": ["p99"],
      ]),
    RequestCase(
      DescribeAlarms(names: [odd, "b"]),
      [
        "AlarmNames": [.string(odd), "b"], "AlarmTypes": ["MetricAlarm", "CompositeAlarm"],
        "MaxRecords": 100,
      ]),
  ]

  static let sqs: [RequestCase] = [
    RequestCase(GetQueueUrl(queueName: odd), ["QueueName": .string(odd)]),
    RequestCase(
      GetQueueUrl(queueName: "q", ownerAccountID: "123456789012"),
      ["QueueName": "q", "QueueOwnerAWSAccountId": "123456789012"]),
    RequestCase(
      ChangeMessageVisibilityBatch(
        queueURL: "https://sqs/1/q", receiptHandles: [odd, "b"], visibilityTimeoutSeconds: 0),
      [
        "QueueUrl": "https://sqs/1/q",
        "Entries": [
          ["Id": "0", "ReceiptHandle": .string(odd), "VisibilityTimeout": 0],
          ["Id": "1", "ReceiptHandle": "b", "VisibilityTimeout": 0],
        ],
      ]),
    RequestCase(
      GetQueueAttributes(queueURL: "https://sqs/1/q", attributeNames: ["All"]),
      ["QueueUrl": "https://sqs/1/q", "AttributeNames": ["All"]]),
    RequestCase(
      ReceiveMessage(queueURL: "https://sqs/1/q", visibilityTimeoutSeconds: 0, waitSeconds: 1),
      [
        "QueueUrl": "https://sqs/1/q", "MessageSystemAttributeNames": ["All"],
        "MessageAttributeNames": ["All"],
        "MaxNumberOfMessages": 10, "VisibilityTimeout": 0, "WaitTimeSeconds": 1,
      ]),
    RequestCase(
      DeleteMessage(queueURL: "https://sqs/1/q", receiptHandle: odd),
      ["QueueUrl": "https://sqs/1/q", "ReceiptHandle": .string(odd)]),
  ]

  static let sts: [RequestCase] = [RequestCase(GetCallerIdentity(), [:])]

  /// Each service's host in each partition, with and without FIPS and dual-stack.
  static let hosts: [RequestCase] = ["us-east-1", "cn-north-1", "us-gov-west-1"].flatMap { region in
    [
      [:], ["AWS_USE_FIPS_ENDPOINT": "true"], ["AWS_USE_DUALSTACK_ENDPOINT": "true"],
      ["AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true"],
    ].flatMap { variables in
      [
        RequestCase(GetAccountSettings(), [:], region: region, variables: variables),
        RequestCase(
          DescribeEndpoint(endpointName: "e"), ["EndpointName": "e"], region: region,
          variables: variables),
        RequestCase(
          DescribeScalingPolicies(resource: variant), about(variant), region: region,
          variables: variables),
        RequestCase(
          GetMetricStatistics(
            metric: Metric(namespace: "n", name: "m", dimensions: []),
            window: MetricWindow(start: 0, end: 60), periodSeconds: 60, statistics: ["Sum"]),
          [
            "Namespace": "n", "MetricName": "m", "Dimensions": [], "StartTime": 0, "EndTime": 60,
            "Period": 60, "Statistics": ["Sum"],
          ], region: region, variables: variables),
        RequestCase(
          GetQueueUrl(queueName: "q"), ["QueueName": "q"], region: region, variables: variables),
        RequestCase(GetCallerIdentity(), [:], region: region, variables: variables),
        RequestCase(
          DescribeImages(image: image),
          [
            "registryId": "111122223333", "repositoryName": "team/pets",
            "imageIds": [["imageTag": "v1"]],
          ], region: region, variables: variables),
      ]
    }
  }
}
