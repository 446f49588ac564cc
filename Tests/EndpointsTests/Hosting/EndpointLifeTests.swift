import AWSControl
import Archives
import Prices
import JSON
import OperationsSupport
import TestSupport
import Testing

@testable import Endpoints

@Suite struct EndpointLifeTests {
  private typealias F = HostingFixture
  private static let made = [
    "CreateEndpointConfig": [#"{"EndpointConfigArn":"a"}"#], "CreateModel": [#"{"ModelArn":"a"}"#],
    "CreateEndpoint": [#"{"EndpointArn":"a"}"#], "DescribeEndpoint": [F.missing],
  ]
  private var creation: EndpointCreation {
    EndpointCreation(
      endpointName: "dogs", modelData: S3Location(bucket: "models", key: "model.tar.gz"),
      roleARN: "arn:aws:iam::1:role/r", hosting: .instances(type: "ml.m5.xlarge", count: 1))
  }

  @Test func modelConfigurationAndEndpointAreMade() throws {
    let fixture = try F(Self.made)
    let made = try creation.run(suffix: "20260101-000000", with: fixture.client)
    #expect(made.configurationName == "dogs-20260101-000000")
    #expect(fixture.writes == ["CreateModel", "CreateEndpointConfig", "CreateEndpoint"])
    let container = fixture.bodies("CreateModel")[0]["PrimaryContainer"]
    #expect(container?["Image"]?.stringValue?.contains("pytorch-inference:2.6.0-cpu") == true)
    #expect(container?["Environment"]?["SAGEMAKER_PROGRAM"] == "inference.py")
  }

  @Test func quotaErrorLeavesNothingBehind() throws {
    let fixture = try F(
      Self.made.merging([
        "CreateEndpoint": [
          "ResourceLimitExceeded: The account-level service limit 'ml.m5.xlarge for endpoint usage' is 0 Instances"
        ]
      ]) { $1 })
    let error = #expect(throws: (any Error).self) {
      try creation.run(suffix: "1", with: fixture.client)
    }
    #expect("\(try #require(error))".contains("\"ml.m5.xlarge for endpoint usage\""))
    #expect(fixture.writes.suffix(2) == ["DeleteEndpointConfig", "DeleteModel"])
  }

  @Test func endpointThatIsThereIsRefused() throws {
    let fixture = try F(["DescribeEndpoint": [F.endpoint()]])
    let refusal = #expect(throws: Refusal.self) {
      try creation.run(suffix: "1", with: fixture.client)
    }
    #expect(refusal?.message.contains("endpoint update") == true)
    #expect(fixture.writes.isEmpty)
  }

  @Test func roleThatCannotBeAssumedIsExplained() throws {
    let fixture = try F(
      Self.made.merging([
        "CreateModel": ["ValidationException: Could not assume role arn:aws:iam::1:role/r"]
      ]) { $1 })
    let error = #expect(throws: (any Error).self) {
      try creation.run(suffix: "1", with: fixture.client)
    }
    #expect("\(try #require(error))".contains("sagemaker.amazonaws.com"))
  }

  @Test func longNamesKeepTheirSuffix() {
    let name = EndpointCreation.name(String(repeating: "a", count: 63), "20260101-000000")
    #expect(name.count == 63)
    #expect(name.hasSuffix("a-20260101-000000"))
  }

  // MARK: Deletion

  private static let others = [
    "DescribeEndpointConfig": [F.config],
    "DescribeScalableTargets": [#"{"ScalableTargets":[]}"#],
    "ListEndpoints": [#"{"Endpoints":[{"EndpointName":"dogs","EndpointStatus":"InService"}]}"#],
    "ListEndpointConfigs": [#"{"EndpointConfigs":[{"EndpointConfigName":"old"}]}"#],
  ]

  @Test func configurationAndModelGoWhenTheEndpointIsGone() throws {
    let fixture = try F(
      Self.others.merging([
        "DescribeEndpoint": [F.endpoint(), F.endpoint("Deleting"), F.missing]
      ]) { $1 })
    let plan = try EndpointDeletion.plan(
      endpointName: "dogs", keepsModel: false, with: fixture.client)
    #expect(plan.kept.isEmpty)
    try plan.start(with: fixture.client)
    try plan.finish(with: fixture.client, waiter: fixture.waiter)
    #expect(fixture.writes == ["DeleteEndpoint", "DeleteEndpointConfig", "DeleteModel"])
  }

  @Test func configurationOfAnotherEndpointStaysWithItsModel() throws {
    let fixture = try F(
      Self.others.merging([
        "DescribeEndpoint": [F.endpoint()],
        "ListEndpoints": [
          #"{"Endpoints":[{"EndpointName":"dogs","EndpointStatus":"InService"},{"EndpointName":"cats","EndpointStatus":"InService"}]}"#
        ],
      ]) { $1 })
    let plan = try EndpointDeletion.plan(
      endpointName: "dogs", keepsModel: false, with: fixture.client)
    #expect(plan.configurationNames.isEmpty)
    #expect(plan.modelNames.isEmpty)
    #expect(plan.kept == ["configuration old and its models: endpoint cats uses them too"])
  }

  @Test func modelOfAnotherConfigurationStays() throws {
    let fixture = try F(
      Self.others.merging([
        "DescribeEndpoint": [F.endpoint()],
        "ListEndpointConfigs": [
          #"{"EndpointConfigs":[{"EndpointConfigName":"old"},{"EndpointConfigName":"other"}]}"#
        ],
      ]) { $1 })
    let plan = try EndpointDeletion.plan(
      endpointName: "dogs", keepsModel: false, with: fixture.client)
    #expect(plan.configurationNames == ["old"])
    #expect(plan.modelNames.isEmpty)
    #expect(plan.kept == ["model model: configuration other names it too"])
  }

  @Test func registeredVariantIsDeregisteredFirst() throws {
    let fixture = try F(
      Self.others.merging([
        "DescribeEndpoint": [F.endpoint()],
        "DescribeScalableTargets": [
          #"{"ScalableTargets":[{"ResourceId":"endpoint/dogs/variant/All","MinCapacity":1,"MaxCapacity":2}]}"#
        ],
      ]) { $1 })
    let plan = try EndpointDeletion.plan(
      endpointName: "dogs", keepsModel: true, with: fixture.client)
    try plan.start(with: fixture.client)
    #expect(fixture.writes == ["DeregisterScalableTarget", "DeleteEndpoint"])
    #expect(plan.kept == ["model model: --keep-model"])
  }

  @Test func endpointThatIsBeingCreatedIsRefused() throws {
    let fixture = try F(["DescribeEndpoint": [F.endpoint("Creating")]])
    #expect(throws: Refusal.self) {
      try EndpointDeletion.plan(endpointName: "dogs", keepsModel: false, with: fixture.client)
    }
  }

  @Test func estimateCountsInstancesForThePeak() throws {
    let estimates = HostingEstimate.all(
      instances: nil, peakPerSecond: 20, utilization: 0.5, prices: try .usEast1(),
      measured: ["ml.m5.xlarge": 8])
    let xlarge = try #require(estimates.first { $0.instanceType == "ml.m5.xlarge" })
    #expect(xlarge.instances == 5)
    #expect(abs(xlarge.dollarsPerMonth - 5 * 0.23 * 730) < 1e-9)
    #expect(xlarge.isMeasured)
  }

  @Test func estimateOfAnAbsurdPeakIsANumber() throws {
    let estimates = HostingEstimate.all(
      instances: nil, peakPerSecond: 1e300, utilization: 0.5, prices: try .usEast1())
    #expect(estimates.allSatisfy { $0.instances == 1_000_000_000_000_000 })
  }
}
