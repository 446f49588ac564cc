import AWSControl

/// A line an operation: ours, then botocore's parameters.
extension RequestCases {
  static let lambda: [RequestCase] = [
    RequestCase(GetFunctionConfiguration(functionName: "f"), ["FunctionName": "f"]),
    RequestCase(
      GetFunctionConfiguration(functionName: odd, qualifier: "$LATEST"),
      ["FunctionName": .string(odd), "Qualifier": "$LATEST"]),
    RequestCase(
      GetFunction(functionName: "arn:aws:lambda:us-east-1:123456789012:function:f", qualifier: "3"),
      [
        "FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:f", "Qualifier": "3",
      ]),
    RequestCase(ListVersionsByFunction(functionName: odd), ["FunctionName": .string(odd)]),
    RequestCase(
      paged(ListVersionsByFunction(functionName: "f"), "a+b/c=="),
      ["FunctionName": "f", "Marker": "a+b/c=="]),
    RequestCase(
      ListFunctionEventInvokeConfigs(functionName: odd), ["FunctionName": .string(odd)]),
    RequestCase(
      paged(ListFunctionEventInvokeConfigs(functionName: "f"), "m&n"),
      ["FunctionName": "f", "Marker": "m&n"]),
    RequestCase(
      paged(ListAliases(functionName: "f", functionVersion: "2"), "m&n"),
      ["FunctionName": "f", "FunctionVersion": "2", "Marker": "m&n"]),
    RequestCase(
      GetAlias(functionName: odd, alias: "li/ve ü"),
      ["FunctionName": .string(odd), "Name": "li/ve ü"]),
    RequestCase(
      CreateAlias(functionName: "f", alias: "live", functionVersion: "1"),
      ["FunctionName": "f", "Name": "live", "FunctionVersion": "1"]),
    RequestCase(
      CreateAlias(
        functionName: "f", alias: "live", functionVersion: "1", description: odd,
        additionalVersionWeights: ["2": 0.1]),
      [
        "FunctionName": "f", "Name": "live", "FunctionVersion": "1", "Description": .string(odd),
        "RoutingConfig": ["AdditionalVersionWeights": ["2": 0.1]],
      ]),
    RequestCase(
      UpdateAlias(functionName: "f", alias: "live"), ["FunctionName": "f", "Name": "live"]),
    RequestCase(
      UpdateAlias(
        functionName: "f", alias: "live", functionVersion: "2", description: "",
        additionalVersionWeights: [:], revisionID: "r-1"),
      [
        "FunctionName": "f", "Name": "live", "FunctionVersion": "2", "Description": "",
        "RoutingConfig": ["AdditionalVersionWeights": [:]], "RevisionId": "r-1",
      ]),
    RequestCase(PublishVersion(functionName: "f"), ["FunctionName": "f"]),
    RequestCase(
      PublishVersion(functionName: "f", codeSHA256: "a=", revisionID: "r", description: odd),
      [
        "FunctionName": "f", "CodeSha256": "a=", "RevisionId": "r", "Description": .string(odd),
      ]),
    RequestCase(
      UpdateFunctionCode(
        functionName: "f", source: .object(S3Location(bucket: "code", key: "a/b.zip"))),
      ["FunctionName": "f", "S3Bucket": "code", "S3Key": "a/b.zip"]),
    RequestCase(
      UpdateFunctionCode(functionName: "f", source: .zip(Array("PK zip".utf8))),
      ["FunctionName": "f", "ZipFile": ["$bytes": "PK zip"]]),
    RequestCase(
      UpdateFunctionCode(
        functionName: "f", source: .zip(Array("PK".utf8)), architecture: "arm64",
        revisionID: "r", dryRun: true),
      [
        "FunctionName": "f", "ZipFile": ["$bytes": "PK"], "Architectures": ["arm64"],
        "RevisionId": "r", "DryRun": true,
      ]),
    RequestCase(
      DeleteFunction(functionName: odd, version: "7"),
      ["FunctionName": .string(odd), "Qualifier": "7"]),
    RequestCase(
      Invoke(functionName: "f", payload: Array("{}".utf8)),
      ["FunctionName": "f", "InvocationType": "RequestResponse", "Payload": ["$bytes": "{}"]]),
    RequestCase(
      Invoke(functionName: odd, qualifier: "live", type: .event, payload: Array("{\"a\":1}".utf8)),
      [
        "FunctionName": .string(odd), "Qualifier": "live", "InvocationType": "Event",
        "Payload": ["$bytes": "{\"a\":1}"],
      ]),
  ]

  static let concurrency: [RequestCase] = [
    RequestCase(GetFunctionConcurrency(functionName: odd), ["FunctionName": .string(odd)]),
    RequestCase(
      PutFunctionConcurrency(functionName: "f", reserved: 0),
      ["FunctionName": "f", "ReservedConcurrentExecutions": 0]),
    RequestCase(DeleteFunctionConcurrency(functionName: "f"), ["FunctionName": "f"]),
    RequestCase(GetAccountSettings(), [:]),
    RequestCase(
      ListProvisionedConcurrencyConfigs(functionName: "f"), ["FunctionName": "f"]),
    RequestCase(
      paged(ListProvisionedConcurrencyConfigs(functionName: odd), "m"),
      ["FunctionName": .string(odd), "Marker": "m"]),
    RequestCase(
      GetProvisionedConcurrencyConfig(functionName: "f", qualifier: "li ve"),
      ["FunctionName": "f", "Qualifier": "li ve"]),
    RequestCase(
      PutProvisionedConcurrencyConfig(functionName: "f", qualifier: "live", provisioned: 5),
      ["FunctionName": "f", "Qualifier": "live", "ProvisionedConcurrentExecutions": 5]),
    RequestCase(
      DeleteProvisionedConcurrencyConfig(functionName: "f", qualifier: "3"),
      ["FunctionName": "f", "Qualifier": "3"]),
  ]

  /// The page of a token.
  static func paged<Operation: PagedOperation>(
    _ operation: Operation, _ token: String
  ) -> Operation {
    var copy = operation
    copy.pageToken = token
    return copy
  }
}
