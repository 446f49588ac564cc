import AWSControl
import JSON

extension RequestCases {
  private static let account = "111122223333"
  private static let role = "arn:aws:iam::111122223333:role/backfill"
  private static let function = "arn:aws:lambda:us-east-1:111122223333:function:dog-breeds:7"

  /// The job of the golden vector.
  static let goldenJob: CreateJob = {
    var job = CreateJob(
      accountID: account, functionARN: function,
      manifest: CreateJob.Manifest(
        format: .csv, hasVersions: true,
        location: S3Location(bucket: "my-dog-results", key: "backfill/manifest.csv"),
        eTag: "60e460c9d1046e73f7dde5043ac3ae85"),
      report: S3Location(bucket: "my-dog-results", key: "backfill/reports"),
      clientRequestToken: "7a9c", priority: 10, roleARN: role)
    job.userArguments = [("backfill", "2026-11-23")]
    job.description = "back & fill"
    return job
  }()

  private static let inventoryJob = CreateJob(
    accountID: account, functionARN: function,
    manifest: CreateJob.Manifest(
      format: .inventory, hasVersions: true,
      location: S3Location(bucket: "inventories", key: "a <b> & ü/manifest.json"), eTag: "e"),
    report: S3Location(bucket: "r", key: "p q/ü"), clientRequestToken: "t", priority: 0,
    roleARN: role)

  private static func report(_ bucket: String, _ prefix: String) -> JSONValue {
    [
      "Bucket": .string("arn:aws:s3:::\(bucket)"), "Format": "Report_CSV_20180820",
      "Enabled": true, "Prefix": .string(prefix), "ReportScope": "AllTasks",
    ]
  }

  static let batch: [RequestCase] = [
    RequestCase(
      goldenJob,
      [
        "AccountId": .string(account), "ConfirmationRequired": true,
        "Operation": [
          "LambdaInvoke": [
            "FunctionArn": .string(function), "InvocationSchemaVersion": "2.0",
            "UserArguments": ["backfill": "2026-11-23"],
          ]
        ], "Report": report("my-dog-results", "backfill/reports"), "ClientRequestToken": "7a9c",
        "Manifest": [
          "Spec": [
            "Format": "S3BatchOperations_CSV_20180820", "Fields": ["Bucket", "Key", "VersionId"],
          ],
          "Location": [
            "ObjectArn": "arn:aws:s3:::my-dog-results/backfill/manifest.csv",
            "ETag": "60e460c9d1046e73f7dde5043ac3ae85",
          ],
        ], "Description": "back & fill", "Priority": 10, "RoleArn": .string(role),
      ]),
    RequestCase(
      inventoryJob,
      [
        "AccountId": .string(account), "ConfirmationRequired": true,
        "Operation": [
          "LambdaInvoke": ["FunctionArn": .string(function), "InvocationSchemaVersion": "2.0"]
        ], "Report": report("r", "p q/ü"), "ClientRequestToken": "t",
        "Manifest": [
          "Spec": ["Format": "S3InventoryReport_CSV_20161130"],
          "Location": [
            "ObjectArn": "arn:aws:s3:::inventories/a <b> & ü/manifest.json", "ETag": "e",
          ],
        ], "Priority": 0, "RoleArn": .string(role),
      ]),
    RequestCase(
      DescribeJob(accountID: account, jobID: "a/b c-1"),
      ["AccountId": .string(account), "JobId": "a/b c-1"]),
    RequestCase(
      ListJobs(accountID: account), ["AccountId": .string(account), "MaxResults": 1000]),
    RequestCase(
      paged(ListJobs(accountID: account, statuses: [.active, .failed]), "a b+c=="),
      [
        "AccountId": .string(account), "JobStatuses": ["Active", "Failed"], "MaxResults": 1000,
        "NextToken": "a b+c==",
      ]),
    RequestCase(
      UpdateJobStatus(accountID: account, jobID: "job-1", request: .ready, reason: "so & so ü"),
      [
        "AccountId": .string(account), "JobId": "job-1", "RequestedJobStatus": "Ready",
        "StatusUpdateReason": "so & so ü",
      ]),
    RequestCase(
      UpdateJobStatus(accountID: account, jobID: "job-1", request: .cancelled),
      ["AccountId": .string(account), "JobId": "job-1", "RequestedJobStatus": "Cancelled"]),
    RequestCase(
      UpdateJobPriority(accountID: account, jobID: "job-1", priority: 2_147_483_647),
      ["AccountId": .string(account), "JobId": "job-1", "Priority": 2_147_483_647]),
    RequestCase(GetRole(roleName: "back+fill@x"), ["RoleName": "back+fill@x"]),
    RequestCase(
      SimulatePrincipalPolicy(
        roleARN: role, action: "s3:GetObject", resourceARN: "arn:aws:s3:::b/a b+ü"),
      [
        "PolicySourceArn": .string(role), "ActionNames": ["s3:GetObject"],
        "ResourceArns": ["arn:aws:s3:::b/a b+ü"],
      ]),
  ]

  /// The account in front of S3 Control's host, and IAM's own region.
  static let batchHosts: [RequestCase] = [
    "us-east-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1",
  ].flatMap { region in
    [
      [:], ["AWS_USE_FIPS_ENDPOINT": "true"], ["AWS_USE_DUALSTACK_ENDPOINT": "true"],
      ["AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true"],
    ].flatMap { variables -> [RequestCase] in
      let job = RequestCase(
        DescribeJob(accountID: account, jobID: "job-1"),
        ["AccountId": .string(account), "JobId": "job-1"], region: region, variables: variables)
      let role = RequestCase(
        GetRole(roleName: "r"), ["RoleName": "r"], region: region, variables: variables)
      // S3 Control has no FIPS in China; with both, IAM's host is of another form outside of `aws`.
      let hasFIPS = variables["AWS_USE_FIPS_ENDPOINT"] != nil
      let isOdd =
        hasFIPS && variables.count == 2 && !["us-east-1", "us-gov-west-1"].contains(region)
      return (region == "cn-north-1" && hasFIPS ? [] : [job]) + (isOdd ? [] : [role])
    }
  }
}
