import AWSClient
import AWSControl
import JSON
import LoopbackServer
import OperationsSupport
import TestSupport
import Testing

/// Conflicts, and responses that are lost: a write is judged by its goal.
@Suite struct GoalTests {
  private static func conflict(_ message: String) -> ScriptedServer.Answer {
    .init(
      409, [("x-amzn-ErrorType", "ResourceConflictException")], body: #"{"Message":"\#(message)"}"#)
  }
  private static let inProgress = conflict(
    "The operation cannot be performed at this time. An update is in progress for resource: arn")
  private static let exists = conflict("Alias already exists: arn")
  private static func missing(_ code: String) -> ScriptedServer.Answer {
    .init(400, body: #"{"__type":"\#(code)","message":"Could not find it"}"#)
  }

  // MARK: Conflicts

  @Test(arguments: [
    inProgress, conflict("The function version 7 is not active yet"),
    conflict("The function is currently in the following state: Pending"), conflict(""),
  ])
  func changeInProgressIsWaitedFor(answer: ScriptedServer.Answer) throws {
    let fixture = try ControlFixture([answer, answer, .init(200, body: "{}")])
    try fixture.client.write(DeleteFunctionConcurrency(functionName: "f"))
    #expect(fixture.requests.count == 3)
    #expect(fixture.sleeps.all == [2000, 2000])
  }

  @Test func waitForAnotherChangeHasALimit() throws {
    let fixture = try ControlFixture([Self.inProgress])
    let error = #expect(throws: AWSError.self) {
      try fixture.client.write(DeleteFunctionConcurrency(functionName: "f"))
    }
    #expect(error?.advice.contains("in progress for 300 s") == true)
    #expect(fixture.sleeps.all.reduce(0, +) == 300_000)
  }

  @Test func conflictThatDoesNotPassIsNotWaitedFor() throws {
    let message = "Version was not deleted because the following aliases reference it: [live]"
    let fixture = try ControlFixture([Self.conflict(message)])
    let error = #expect(throws: AWSError.self) {
      try fixture.client.write(DeleteFunction(functionName: "f", version: "7"))
    }
    #expect(fixture.requests.count == 1)
    #expect(error?.advice.contains("in progress") == false)
  }

  @Test func aliasThatExistsIsComparedWithTheGoal() throws {
    func create(found: String) throws -> AliasConfiguration? {
      let fixture = try ControlFixture([Self.exists, .init(200, body: found)])
      return try fixture.client.write(
        CreateAlias(functionName: "f", alias: "live", functionVersion: "7"))
    }
    #expect(try create(found: #"{"Name":"live","FunctionVersion":"7"}"#)?.functionVersion == "7")
    for other in [
      #"{"Name":"live","FunctionVersion":"6"}"#,
      #"{"Name":"live","FunctionVersion":"7","RoutingConfig":{"AdditionalVersionWeights":{"6":0.1}}}"#,
    ] {
      #expect(throws: AWSError.self) { try create(found: other) }
    }
  }

  // MARK: Lost responses

  /// The first response is lost after AWS has acted; the second time AWS refuses.
  private func repeated<Operation: WriteOperation>(
    _ operation: Operation, refused: ScriptedServer.Answer, found: ScriptedServer.Answer? = nil
  ) throws {
    let fixture = try ControlFixture([.reset, refused] + (found.map { [$0] } ?? []))
    let output = try fixture.client.write(operation)
    #expect(output != nil, "\(operation.title)")
    #expect(fixture.requests.count == (found == nil ? 2 : 3))
  }

  @Test func deletionWhoseResponseIsLostIsASuccess() throws {
    let resource = ScalableResource.variantInstances(endpointName: "dogs", variant: "All")
    let unregistered = Self.missing("ObjectNotFoundException")
    let unknown = Self.missing("ValidationException")
    try repeated(
      DeleteFunction(functionName: "f", version: "7"),
      refused: .init(404, [("x-amzn-ErrorType", "ResourceNotFoundException")], body: "{}"))
    try repeated(DeregisterScalableTarget(resource: resource), refused: unregistered)
    try repeated(
      DeleteScalingPolicy(resource: resource, policyName: "p"), refused: unregistered)
    try repeated(
      DeleteScheduledAction(resource: resource, actionName: "a"), refused: unregistered)
    try repeated(DeleteEndpoint(endpointName: "dogs"), refused: unknown)
    try repeated(DeleteEndpointConfig(name: "dogs-1"), refused: unknown)
    try repeated(DeleteModel(name: "dogs-1"), refused: unknown)
    try repeated(DeleteAlarms(name: "a"), refused: Self.missing("ResourceNotFound"))
  }

  private static let taken = ScriptedServer.Answer(
    400, body: #"{"__type":"ValidationException","message":"Cannot create already existing model"}"#
  )
  private static let model = CreateModel(
    name: "m", image: "i", modelDataURI: "s3://b/k", environment: [:], roleARN: "r")
  private static let configuration = CreateEndpointConfig(
    name: "c",
    variant: .init(
      name: "A", modelName: "m", hosting: .instances(type: "ml.m5.large", count: 2)))

  private static func described(image: String) -> ScriptedServer.Answer {
    .init(
      200,
      body: """
        {"ModelName":"m","ModelArn":"a","ExecutionRoleArn":"r",
        "PrimaryContainer":{"Image":"\(image)","ModelDataUrl":"s3://b/k"}}
        """)
  }

  private static func described(count: Int) -> ScriptedServer.Answer {
    .init(
      200,
      body: """
        {"EndpointConfigName":"c","EndpointConfigArn":"a","ProductionVariants":[{"VariantName":"A","ModelName":"m",
        "InstanceType":"ml.m5.large","InitialInstanceCount":\(count),"InitialVariantWeight":1.0,"VolumeSizeInGB":20}]}
        """)
  }

  @Test func creationWhoseResponseIsLostIsASuccess() throws {
    try repeated(
      CreateAlias(functionName: "f", alias: "live", functionVersion: "7"), refused: Self.exists,
      found: .init(200, body: #"{"Name":"live","FunctionVersion":"7"}"#))
    try repeated(Self.model, refused: Self.taken, found: Self.described(image: "i"))
    try repeated(Self.configuration, refused: Self.taken, found: Self.described(count: 2))
    try repeated(
      CreateEndpoint(endpointName: "dogs", endpointConfigName: "c"), refused: Self.taken,
      found: .init(
        200,
        body: """
          {"EndpointName":"dogs","EndpointArn":"a","EndpointStatus":"Creating","EndpointConfigName":"c"}
          """))
  }

  @Test func nameThatSomethingElseHasIsAnError() {
    #expect(throws: AWSError.self) {
      try repeated(Self.model, refused: Self.taken, found: Self.described(image: "another"))
    }
    #expect(throws: AWSError.self) {
      try repeated(Self.configuration, refused: Self.taken, found: Self.described(count: 3))
    }
  }

  // MARK: Ctrl-C

  @Test func interruptionEndsThePauseBeforeARetryAndNotWhatFollows() throws {
    let fixture = try ControlFixture([
      .init(503), .init(503), .init(503), .init(200, body: #"{"ReservedConcurrentExecutions":5}"#),
    ])
    let isPressed = Locked(false)
    fixture.client.isInterrupted = { isPressed.withLock { $0 } }
    fixture.client.onRetry = { _ in isPressed.withLock { $0 = true } }
    #expect(throws: Interrupted.self) { try fixture.client.read(GetAccountSettings()) }
    #expect(fixture.requests.count == 1)
    // A cleanup after Ctrl-C is retried as always.
    let cleaned = try fixture.client.write(PutFunctionConcurrency(functionName: "f", reserved: 5))
    #expect(cleaned?.reserved == 5)
  }

  @Test func interruptionEndsTheWaitForAnotherChange() throws {
    let fixture = try ControlFixture([Self.inProgress])
    let sleeps = fixture.sleeps
    fixture.client.isInterrupted = { sleeps.all.count >= 2 }
    #expect(throws: Interrupted.self) {
      try fixture.client.write(DeleteFunctionConcurrency(functionName: "f"))
    }
    #expect(sleeps.all == [200, 200])
  }

  // MARK: Debugging

  @Test func debugLinesNameRequestsIDsAndRetriesAndNoSecret() throws {
    let fixture = try ControlFixture([
      .init(503, [("x-amzn-RequestId", "id-1")], body: "{}"),
      .init(200, [("x-amzn-RequestId", "id-2")], body: #"{"ReservedConcurrentExecutions":5}"#),
    ])
    let lines = Recorder<String>()
    fixture.client.onDebug = { lines.add($0) }
    try fixture.client.write(PutFunctionConcurrency(functionName: "f", reserved: 5))
    #expect(lines.all.count == 3)
    #expect(lines.all[0].hasPrefix("PutFunctionConcurrency f: PUT http://127.0.0.1:"))
    #expect(lines.all[1].contains("request id id-1") && lines.all[1].contains("retry in"))
    #expect(lines.all[2].contains("status 200") && lines.all[2].hasSuffix("request id id-2"))
    for word in ["AKIDEXAMPLE", "Signature", "Authorization"] {
      #expect(!lines.all.joined().contains(word))
    }
  }

  @Test func debugLinesLeaveOutThePasswordOfAnEndpointURL() throws {
    let server = try ScriptedServer([.init(200, body: "{}")])
    let url = server.baseURL.replacing("http://", with: "http://operator:pass-word@")
    let fixture = try ControlFixture(url: url)
    let lines = Recorder<String>()
    fixture.client.onDebug = { lines.add($0) }
    _ = try? fixture.client.write(PutFunctionConcurrency(functionName: "f", reserved: 5))
    #expect(lines.all.first?.contains("PUT http://127.0.0.1:") == true, "\(lines.all)")
    #expect(!lines.all.joined().contains("pass-word"))
  }
}
