import AWSClient
import AWSControl
import Endpoints
import Testing

@Suite struct EndpointProbeTests {
  private func run(_ answer: String, classCount: Int? = 2) throws {
    let fixture = try HostingFixture(["POST": [answer]])
    try EndpointProbe(endpointName: "dogs", classCount: classCount).run(with: fixture.client)
  }

  @Test(arguments: ["[[2.5, -1.5]]", "[0.2,0.8]", #"{"predictions":[[1,2,3]]}"#, "cat,0.9"])
  func answerOfAClassifierIsAccepted(answer: String) throws { try run(answer) }

  @Test func modelThatCannotBeLoadedIsReported() throws {
    let refusal = #expect(throws: Refusal.self) {
      try run("ModelError: Received server error (503) from primary with message Prediction failed")
    }
    #expect(refusal?.reason.contains("Endpoint dogs is InService, but its model failed") == true)
    #expect(refusal?.reason.contains("Prediction failed") == true)
    #expect(refusal?.advice.contains("/aws/sagemaker/Endpoints/dogs") == true)
  }

  @Test(arguments: [
    ("[[1.5, 2.5, 3.5]]", "answered with 3 values, but its archive has 2 labels"),
    ("[[NaN, NaN]]", "answered with NaN: the training diverged"),
    ("", "answered with an empty body"),
  ])
  func answerThatTheFunctionCouldNotUseIsReported(answer: String, problem: String) {
    let refusal = #expect(throws: Refusal.self) { try run(answer) }
    #expect(refusal?.reason == "Endpoint dogs is InService, but its model \(problem)")
  }

  @Test(arguments: [
    "AccessDeniedException: not authorized", "ExpiredTokenException: the token has expired",
    "UnrecognizedClientException: the token is invalid",
  ])
  func whatTheCallerLacksIsNotTheModelsFault(answer: String) {
    #expect(throws: AWSError.self) { try run(answer) }
  }

  @Test func builtInPhotographIsAJPEG() {
    let image = EndpointProbe(endpointName: "dogs").image
    #expect(image.starts(with: [0xFF, 0xD8, 0xFF]))
    #expect(image.suffix(2) == [0xFF, 0xD9])
  }
}
