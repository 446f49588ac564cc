import HTTPClient
import Platform
import SigV4
import TestSupport
import Testing

@testable import AWSClient
@testable import SageMakerRuntime

@Suite struct InvokeEndpointAsyncTests {
  private static func client(
    _ environment: [String: String] = [:]
  ) throws -> (client: SageMakerRuntimeClient, http: HTTPClient) {
    let http = try HTTPClient(trust: TrustStore(primary: .amazonTrustServices), proxy: .direct)
    let configuration = try AWSConfiguration(
      environment: Environment(["AWS_REGION": "us-east-1"].merging(environment) { $1 }))
    // 20231103T200516Z
    let clock = Clock(
      unixMilliseconds: { 1_699_041_916_000 }, monotonicMilliseconds: { 0 }, sleep: { _ in })
    return (
      SageMakerRuntimeClient(
        aws: AWSClient(configuration: configuration, http: http, clock: clock)),
      http
    )
  }

  private static func makeContext() -> CallContext {
    CallContext(
      credentials: AWSCredentials(
        accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        sessionToken: "TOKEN"), deadline: .distantFuture, traceID: nil,
      log: Log(environment: Environment([:])) { _ in })
  }

  private static let everything: InvokeEndpointAsyncRequest = {
    var request = InvokeEndpointAsyncRequest(
      endpointName: "dogs", input: .location("s3://dog-photos/uploads/rex 1.jpg"))
    request.contentType = "image/jpeg"
    request.accept = "application/json"
    request.customAttributes = "trace=a b"
    request.inferenceID = "0123456789abcdef"
    request.outputPathExtension = "dog-photos/uploads"
    request.filename = "rex.json"
    request.requestTTLSeconds = 3_600
    request.invocationTimeoutSeconds = 60
    return request
  }()

  /// The request as it would be sent to AWS.
  private func signed(_ input: InvokeEndpointAsyncRequest) throws -> HTTPRequest {
    let client = try Self.client().client
    let (request, context) = (client.request(input), Self.makeContext())
    return client.aws.signed(
      request, payloadHash: .of(request.body), credentials: context.credentials, redirect: nil,
      in: context)
  }

  private func authorization(of request: HTTPRequest) throws -> String {
    try #require(request.headers.first { $0.name == "Authorization" }).value
  }

  /// Source: botocore, recorded in the project's facts about endpoints, vector (a).
  @Test func aRequestWithALocationHasBotocoresSignature() throws {
    let request = try signed(Self.everything)
    #expect(
      request.url
        == "https://runtime.sagemaker.us-east-1.amazonaws.com/endpoints/dogs/async-invocations")
    #expect(request.body.isEmpty)
    #expect(
      try authorization(of: request) == """
        AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20231103/us-east-1/sagemaker/aws4_request, \
        SignedHeaders=host;x-amz-date;x-amz-security-token;x-amzn-sagemaker-accept;\
        x-amzn-sagemaker-content-type;x-amzn-sagemaker-custom-attributes;x-amzn-sagemaker-filename;\
        x-amzn-sagemaker-inference-id;x-amzn-sagemaker-inputlocation;\
        x-amzn-sagemaker-invocationtimeoutseconds;x-amzn-sagemaker-requestttlseconds;\
        x-amzn-sagemaker-s3outputpathextension, \
        Signature=56f252bc7ba57defae87bb41e2c4312936dcb1e91a1832a68e881922ce3e6887
        """)
  }

  /// Source: the same, vector (b).
  @Test func aRequestWithTheInputInItsBodyHasBotocoresSignature() throws {
    var input = InvokeEndpointAsyncRequest(
      endpointName: "dogs", input: .inline([0xFF, 0xD8, 0xFF, 0xD9]))
    input.contentType = "image/jpeg"
    input.accept = "application/json"
    let request = try signed(input)
    #expect(request.body == [0xFF, 0xD8, 0xFF, 0xD9])
    #expect(
      try authorization(of: request).hasSuffix(
        "Signature=a7d0b303a5a804939f889bf90187df3d3f93bf69eb6dd913f1c0e90b2173b739"))
  }

  private func invoke(
    _ answer: ScriptedServer.Answer
  ) throws -> (result: Result<InvokeEndpointAsyncResponse, AWSError>, server: ScriptedServer) {
    let server = try ScriptedServer([answer])
    defer { server.stop() }
    let (client, http) = try Self.client(["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": server.baseURL])
    var result: Result<InvokeEndpointAsyncResponse, AWSError>?
    client.invokeEndpointAsync(Self.everything, in: Self.makeContext()) { result = $0 }
    http.run()
    return (try #require(result), server)
  }

  @Test func everyHeaderOfTheContractIsSentAndNoPlainContentType() throws {
    let (_, server) = try invoke(.init(202, body: "{}"))
    let received = try #require(server.requests.first)
    #expect(received.method == "POST")
    #expect(received.target == "/endpoints/dogs/async-invocations")
    #expect(received.body.isEmpty)
    for header in Self.everything.headers { #expect(received.header(header.name) == header.value) }
    #expect(Self.everything.headers.count == 9)
    #expect(received.header("Content-Type") == nil)
    #expect(received.header("Accept") == nil || received.header("Accept") == "*/*")
  }

  @Test func theAnswerCarriesTheIDAndBothLocations() throws {
    let headers = [
      ("X-Amzn-SageMaker-OutputLocation", "s3://out/a.out"),
      ("X-Amzn-SageMaker-FailureLocation", "s3://out/a-error.out"), ("x-amzn-RequestId", "r-1"),
    ]
    let (result, _) = try invoke(.init(202, headers, body: #"{"InferenceId":"0123456789abcdef"}"#))
    let response = try result.get()
    #expect(response.inferenceID == "0123456789abcdef")
    #expect(response.outputLocation == "s3://out/a.out")
    #expect(response.failureLocation == "s3://out/a-error.out")
    #expect(response.requestID == "r-1")
  }

  @Test func anAnswerWithoutFailureLocationIsAccepted() throws {
    let (result, _) = try invoke(
      .init(202, [("X-Amzn-SageMaker-OutputLocation", "s3://out/a.out")], body: "{}"))
    #expect(try result.get().failureLocation == nil)
    #expect(try result.get().inferenceID == nil)
  }

  @Test func aDenialNamesTheActionOfItsOwn() throws {
    let (result, _) = try invoke(
      .init(403, [("x-amzn-ErrorType", "AccessDeniedException")], body: #"{"Message":"no"}"#))
    guard case .failure(let error) = result else { return #expect(Bool(false), "it is denied") }
    #expect(error.operation == "InvokeEndpointAsync dogs")
    #expect(error.message.contains("sagemaker:InvokeEndpointAsync"))
  }
}
