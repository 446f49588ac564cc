import AWSClient
import HTTPClient
import Platform
import SageMakerRuntime
import SigV4
import TestSupport
import Testing

@Suite struct InvokeEndpointTests {
  private func invoke(
    _ request: InvokeEndpointRequest, _ answer: ScriptedServer.Answer
  ) throws -> (result: Result<InvokeEndpointResponse, AWSError>, server: ScriptedServer) {
    let server = try ScriptedServer([answer])
    defer { server.stop() }
    let http = try HTTPClient(trust: TrustStore(primary: .amazonTrustServices), proxy: .direct)
    let configuration = try AWSConfiguration(
      environment: Environment([
        "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": server.baseURL,
      ]))
    let context = CallContext(
      credentials: AWSCredentials(accessKeyID: "A", secretAccessKey: "S"),
      deadline: .after(milliseconds: 10_000, on: .system), traceID: nil,
      log: Log(environment: Environment([:])) { _ in })
    var result: Result<InvokeEndpointResponse, AWSError>?
    SageMakerRuntimeClient(aws: AWSClient(configuration: configuration, http: http))
      .invokeEndpoint(request, in: context) { result = $0 }
    http.run()
    return (try #require(result), server)
  }

  @Test func everyHeaderOfTheContractIsSentAndSigned() throws {
    var request = InvokeEndpointRequest(endpointName: "dog-breeds", body: [1, 2, 3])
    request.contentType = "image/jpeg"
    request.accept = "application/json"
    request.customAttributes = "trace=a b"
    request.targetModel = "model.tar.gz"
    request.targetVariant = "blue"
    request.targetContainerHostname = "first"
    request.inferenceComponentName = "component"
    request.inferenceID = "id-1"
    request.enableExplanations = "`true`"
    request.sessionID = "NEW_SESSION"
    let (_, server) = try invoke(request, .init(200, body: "[[1]]"))
    let received = try #require(server.requests.first)
    #expect(received.method == "POST")
    #expect(received.target == "/endpoints/dog-breeds/invocations")
    #expect(received.body == [1, 2, 3])
    let expected = [
      "Content-Type": "image/jpeg", "Accept": "application/json",
      "X-Amzn-SageMaker-Custom-Attributes": "trace=a b",
      "X-Amzn-SageMaker-Target-Model": "model.tar.gz", "X-Amzn-SageMaker-Target-Variant": "blue",
      "X-Amzn-SageMaker-Target-Container-Hostname": "first",
      "X-Amzn-SageMaker-Inference-Component": "component",
      "X-Amzn-SageMaker-Inference-Id": "id-1",
      "X-Amzn-SageMaker-Enable-Explanations": "`true`",
      "X-Amzn-SageMaker-Session-Id": "NEW_SESSION",
    ]
    let authorization = received.header("Authorization") ?? ""
    for (name, value) in expected {
      #expect(received.header(name) == value)
      #expect(authorization.contains(name.lowercased()), "\(name) is signed")
    }
    #expect(received.header("X-Amz-Content-Sha256") == nil, "outside S3 the hash is not sent")
  }

  @Test func theAnswerCarriesWhatTheHeadersSay() throws {
    let headers = [
      ("Content-Type", "application/json"), ("x-Amzn-Invoked-Production-Variant", "AllTraffic"),
      ("X-Amzn-SageMaker-Custom-Attributes", "a=b"), ("x-amzn-RequestId", "r-1"),
    ]
    let (result, _) = try invoke(
      InvokeEndpointRequest(endpointName: "e", body: []), .init(200, headers, body: "[[1]]"))
    let response = try result.get()
    #expect(response.body == Array("[[1]]".utf8))
    #expect(response.contentType == "application/json")
    #expect(response.invokedProductionVariant == "AllTraffic")
    #expect(response.customAttributes == "a=b")
    #expect(response.requestID == "r-1")
  }

  @Test func anErrorNamesTheEndpoint() throws {
    let answer = ScriptedServer.Answer(
      400, [("x-amzn-ErrorType", "ValidationError")], body: #"{"Message":"not found"}"#)
    let (result, _) = try invoke(InvokeEndpointRequest(endpointName: "dogs", body: []), answer)
    #expect(throws: AWSError.self) { try result.get() }
    if case .failure(let error) = result {
      #expect(error.message == "InvokeEndpoint dogs: ValidationError: not found (status 400)")
    }
  }
}
