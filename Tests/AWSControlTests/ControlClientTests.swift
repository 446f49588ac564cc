import AWSClient
import AWSControl
import OperationsSupport
import TestSupport
import Testing

@Suite struct ControlClientTests {
  private static let alias = """
    {"Name":"live","FunctionVersion":"3","RoutingConfig":{"AdditionalVersionWeights":{"4":0.1}},"RevisionId":"r"}
    """

  @Test func requestIsSignedForTheServiceAndTheResponseIsRead() throws {
    let fixture = try ControlFixture([.init(200, body: Self.alias)])
    let alias = try fixture.client.read(GetAlias(functionName: "f", alias: "live"))
    #expect(alias.functionVersion == "3")
    #expect(alias.additionalVersionWeights == ["4": 0.1])
    let request = try #require(fixture.requests.first)
    #expect(request.target == "/2015-03-31/functions/f/aliases/live")
    #expect(request.header("Authorization")?.contains("/us-east-1/lambda/aws4_request") == true)
  }

  @Test func dryRunShowsAWriteAndSendsNothing() throws {
    let fixture = try ControlFixture([.init(500)], dryRun: true)
    let written = try fixture.client.write(
      UpdateAlias(functionName: "f", alias: "live", functionVersion: "4"))
    #expect(written == nil)
    #expect(fixture.requests.isEmpty)
    let plan = try #require(fixture.planned.all.first)
    #expect(plan.title == "UpdateAlias f:live")
    #expect(plan.method == "PUT")
    #expect(plan.url == (fixture.server?.baseURL ?? "") + "/2015-03-31/functions/f/aliases/live")
    #expect(plan.body == ["FunctionVersion": "4"])
  }

  @Test func dryRunReads() throws {
    let fixture = try ControlFixture([.init(200, body: Self.alias)], dryRun: true)
    #expect(try fixture.client.read(GetAlias(functionName: "f", alias: "live")).name == "live")
  }

  @Test func allPagesAreRead() throws {
    let fixture = try ControlFixture([
      .init(200, body: #"{"Aliases":[\#(Self.alias)],"NextMarker":"a+b"}"#),
      .init(200, body: #"{"Aliases":[\#(Self.alias)],"NextMarker":null}"#),
    ])
    #expect(try fixture.client.all(ListAliases(functionName: "f")).count == 2)
    #expect(
      fixture.requests.map(\.target) == [
        "/2015-03-31/functions/f/aliases", "/2015-03-31/functions/f/aliases?Marker=a%2Bb",
      ])
  }

  @Test func pageThatComesAgainIsAnError() throws {
    let fixture = try ControlFixture([.init(200, body: #"{"Aliases":[],"NextMarker":"a"}"#)])
    #expect(throws: AWSError.self) { try fixture.client.all(ListAliases(functionName: "f")) }
    #expect(fixture.requests.count == 2)
  }

  @Test func absentThingIsNil() throws {
    let fixture = try ControlFixture([
      .init(404, [("x-amzn-ErrorType", "ResourceNotFoundException")], body: "{}")
    ])
    let alias = try fixture.client.readIfPresent(
      GetAlias(functionName: "f", alias: "live"),
      absent: AWSErrorCode(rawValue: "ResourceNotFoundException"))
    #expect(alias == nil)
  }

  @Test func noProvisionedConcurrencyIsAnEmptyListInEitherForm() throws {
    let fixture = try ControlFixture([
      .init(
        404, [("x-amzn-ErrorType", "ProvisionedConcurrencyConfigNotFoundException")], body: "{}")
    ])
    #expect(try fixture.client.provisionedConcurrency(ofFunction: "f").isEmpty)
  }

  @Test func missingFieldIsNamed() throws {
    let fixture = try ControlFixture([.init(200, body: #"{"Aliases":[{"Name":"live"}]}"#)])
    let error = #expect(throws: AWSError.self) {
      try fixture.client.all(ListAliases(functionName: "f"))
    }
    #expect(error?.message.contains("Aliases[0].FunctionVersion is missing") == true)
  }

  @Test func emptyBodyIsNoEmptyList() throws {
    let fixture = try ControlFixture([.init(200, body: "")])
    let error = #expect(throws: AWSError.self) {
      try fixture.client.all(ListAliases(functionName: "f"))
    }
    #expect(error?.message.contains("the body is empty") == true, "\(String(describing: error))")
  }

  @Test func writeWithoutAResponseMayHaveAnEmptyBody() throws {
    let fixture = try ControlFixture([.init(204, body: "")])
    #expect(try fixture.client.write(DeleteFunctionConcurrency(functionName: "f")) != nil)
  }

  @Test func writeThatSomethingElseAnsweredIsAnError() throws {
    let fixture = try ControlFixture([.init(200, body: "<html>Please sign in</html>")])
    #expect(throws: AWSError.self) {
      try fixture.client.write(DeleteFunctionConcurrency(functionName: "f"))
    }
  }

  @Test func xmlOfSTSIsRead() throws {
    let fixture = try ControlFixture([
      .init(
        200,
        body: """
          <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
          <Arn>arn:aws:iam::123456789012:user/me</Arn><UserId>AIDA</UserId><Account>123456789012</Account>
          </GetCallerIdentityResult></GetCallerIdentityResponse>
          """)
    ])
    #expect(try fixture.client.read(GetCallerIdentity()).account == "123456789012")
  }
}

@Suite struct ControlErrorTests {
  @Test func throttlingIsTriedAgainAfterRetryAfter() throws {
    let fixture = try ControlFixture([
      .init(
        429, [("x-amzn-ErrorType", "TooManyRequestsException"), ("Retry-After", "3")], body: "{}"),
      .init(400, body: #"{"__type":"com.amazon#ThrottlingException"}"#),
      .init(200, body: #"{"ReservedConcurrentExecutions":5}"#),
    ])
    #expect(
      try fixture.client.write(PutFunctionConcurrency(functionName: "f", reserved: 5))?.reserved
        == 5)
    #expect(fixture.sleeps.all.first == 3_000)
    #expect(fixture.requests.count == 3)
  }

  @Test func triesEndAndAreCounted() throws {
    let fixture = try ControlFixture([.init(503)])
    fixture.client.policy.maximumAttempts = 3
    let error = #expect(throws: AWSError.self) { try fixture.client.read(GetAccountSettings()) }
    #expect(error?.message.contains("3 attempts") == true)
  }

  @Test func invocationIsNotRepeatedWhenTheConnectionBreaks() throws {
    let fixture = try ControlFixture([.reset])
    #expect(throws: AWSError.self) {
      try fixture.client.write(Invoke(functionName: "f", payload: []))
    }
    #expect(fixture.requests.count == 1)
  }

  @Test func errorHasCodeMessageRequestIDReasonAndAdvice() throws {
    let fixture = try ControlFixture([
      .init(
        412, [("x-amzn-ErrorType", "PreconditionFailedException"), ("x-amzn-RequestId", "id-1")],
        body: #"{"Type":"User","message":"The RevisionId provided does not match"}"#)
    ])
    let error = #expect(throws: AWSError.self) {
      try fixture.client.write(UpdateAlias(functionName: "f", alias: "live", revisionID: "old"))
    }
    #expect(
      error?.message == "UpdateAlias f:live: PreconditionFailedException: The RevisionId provided "
        + "does not match (status 412, request id id-1). It was changed meanwhile: inspect it, "
        + "then repeat the command")
  }

  @Test func refusedAccessNamesTheAction() throws {
    let fixture = try ControlFixture([
      .init(403, body: #"{"__type":"AccessDeniedException","Message":"not authorized"}"#)
    ])
    let error = #expect(throws: AWSError.self) {
      try fixture.client.read(DescribeEndpoint(endpointName: "dogs"))
    }
    #expect(error?.advice == "Your user or role needs sagemaker:DescribeEndpoint")
  }
}
