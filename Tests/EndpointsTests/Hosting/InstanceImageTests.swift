import AWSControl
import Endpoints
import JSON
import Testing

@Suite struct InstanceImageTests {
  @Test(arguments: [
    ("ml.m5.xlarge", "pytorch-inference:2.6.0-cpu-py312"),
    ("ml.c6a.large", "pytorch-inference:2.6.0-cpu-py312"),
    ("ml.c7i-flex.large", "pytorch-inference:2.6.0-cpu-py312"),
    ("ml.g4dn.xlarge", "pytorch-inference:2.6.0-gpu-py312"),
    ("ml.g6e.xlarge", "pytorch-inference:2.6.0-gpu-py312"),
    ("ml.p4d.24xlarge", "pytorch-inference:2.6.0-gpu-py312"),
    ("ml.c7g.large", "pytorch-inference-graviton:2.4.0-cpu-py311-ubuntu22.04"),
    ("ml.m6gd.large", "pytorch-inference-graviton:2.4.0-cpu-py311-ubuntu22.04"),
    ("ml.t4g.medium", "pytorch-inference-graviton:2.4.0-cpu-py311-ubuntu22.04"),
  ])
  func familyDecidesTheImage(type: String, image: String) throws {
    let uri = try PyTorchImage.uri(.inference, region: "us-east-1", instanceType: type)
    #expect(uri == "763104351884.dkr.ecr.us-east-1.amazonaws.com/\(image)")
  }

  @Test(arguments: ["ml.g5g.xlarge", "ml.g4ad.xlarge", "ml.inf2.xlarge", "ml.trn1.2xlarge"])
  func typeWithoutAnImageIsRefused(type: String) {
    let refusal = #expect(throws: Refusal.self) {
      try PyTorchImage.uri(.inference, region: "us-east-1", instanceType: type)
    }
    #expect(refusal?.reason.hasPrefix("\(type) has ") == true)
    #expect(refusal?.advice.contains("--image") == true)
  }

  @Test func trainingOnGravitonIsRefused() {
    #expect(throws: Refusal.self) {
      try PyTorchImage.uri(.training, region: "us-east-1", instanceType: "ml.c7g.xlarge")
    }
  }

  private typealias F = HostingFixture
  private func plan(
    to type: String, image: String? = nil, model: String = F.model
  ) throws -> EndpointUpdate.Plan {
    let fixture = try F([
      "DescribeEndpoint": [F.endpoint()], "DescribeEndpointConfig": [F.config],
      "DescribeModel": [model], "DescribeScalableTargets": [#"{"ScalableTargets":[]}"#],
    ])
    var update = EndpointUpdate(
      endpointName: "dogs",
      deployment: .init(
        routing: .allAtOnce, waitSeconds: 0, terminationWaitSeconds: 0, alarmNames: []))
    update.instanceType = type
    update.image = image
    return try #require(try update.plan(suffix: "1", with: fixture.client))
  }

  @Test func updateToGravitonChangesTheImage() throws {
    let model = try #require(try plan(to: "ml.c7g.large").model)
    #expect(
      model.image
        == "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference-graviton:2.4.0-cpu-py311-ubuntu22.04"
    )
    #expect(model.modelDataURI == "s3://models/old/model.tar.gz")
  }

  @Test func updateWithinAFamilyOfProcessorsKeepsTheModel() throws {
    #expect(try plan(to: "ml.c6i.large").model == nil)
  }

  @Test(arguments: [(nil, "4"), ("2", "2")])
  func workersFollowTheGPUsUnlessTheyWereSetOtherwise(given: String?, expected: String) throws {
    let variables =
      #""SAGEMAKER_PROGRAM":"inference.py""#
      + (given.map { #","SAGEMAKER_MODEL_SERVER_WORKERS":"\#($0)""# } ?? "")
    let model = F.model.replacing(#""A":"b""#, with: variables)
    let changed = try plan(to: "ml.g4dn.12xlarge", model: model).model
    #expect(changed?.environment["SAGEMAKER_MODEL_SERVER_WORKERS"] == expected)
  }

  @Test func updateToATypeWithoutAnImageIsRefusedUnlessOneIsGiven() throws {
    #expect(throws: Refusal.self) { try plan(to: "ml.inf2.xlarge") }
    #expect(try plan(to: "ml.inf2.xlarge", image: "mine").model?.image == "mine")
  }

  @Test(arguments: [
    ("ml.g4dn.xlarge", 1), ("ml.g4dn.12xlarge", 4), ("ml.g5.48xlarge", 8), ("ml.p3.8xlarge", 4),
    ("ml.m5.xlarge", nil), ("ml.c7g.large", nil), ("ml.g5g.xlarge", nil),
  ])
  func everyGPUGetsAWorker(type: String, count: Int?) { #expect(GPUCount.of(type) == count) }
}
