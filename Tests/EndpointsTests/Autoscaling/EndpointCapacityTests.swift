import AWSControl
import Endpoints
import JSON
import TestSupport
import Testing

@Suite struct EndpointCapacityTests {
  private typealias Fixture = EndpointFixture

  private func set(_ count: Int, _ fixture: EndpointFixture, waits: Bool = true) throws
    -> (changed: Bool, variant: String, warnings: [String])
  {
    try EndpointCapacity.setInstances(
      count, ofEndpoint: "dogs", variant: nil, with: fixture.client,
      waiter: waits ? fixture.waiter : nil)
  }

  @Test func isWaitedForUntilTheInstancesServe() throws {
    let fixture = try EndpointFixture([
      "DescribeEndpoint": [
        Fixture.endpoint(),
        Fixture.endpoint("Updating", Fixture.variant(now: 1, wanted: 3)),
        Fixture.endpoint("Updating", Fixture.variant(now: 2, wanted: 3)),
        Fixture.endpoint("InService", Fixture.variant(now: 3, wanted: 3)),
      ]
    ])
    #expect(try set(3, fixture).changed)
    #expect(fixture.writes == ["UpdateEndpointWeightsAndCapacities"])
    #expect(!fixture.control.sleeps.all.isEmpty)
    #expect(fixture.server.calls.count { $0 == "DescribeEndpoint" } == 4)
  }

  @Test func failureComesWithSageMakersReason() throws {
    let fixture = try EndpointFixture([
      "DescribeEndpoint": [Fixture.endpoint(), Fixture.endpoint("Failed", reason: "no capacity")]
    ])
    let refusal = #expect(throws: Refusal.self) { try set(3, fixture) }
    #expect(refusal?.reason.contains("Failed: no capacity") == true)
  }

  @Test func sameCountIsNotWrittenAgainAndWaitedForWhenItIsUnderWay() throws {
    let settled = try EndpointFixture()
    #expect(try !set(1, settled).changed)
    #expect(settled.writes.isEmpty)
    let underWay = try EndpointFixture([
      "DescribeEndpoint": [
        Fixture.endpoint("Updating", Fixture.variant(now: 1, wanted: 3)),
        Fixture.endpoint("Updating", Fixture.variant(now: 2, wanted: 3)),
        Fixture.endpoint("InService", Fixture.variant(now: 3, wanted: 3)),
      ]
    ])
    #expect(try !set(3, underWay).changed)
    #expect(underWay.writes.isEmpty)
    #expect(underWay.server.calls.count { $0 == "DescribeEndpoint" } == 3)
  }

  @Test func countOutsideOfTheScalingsBoundsIsRefusedAndInsideWarnedOf() throws {
    let routes = ["DescribeScalableTargets": [Fixture.scaled(1, 4)]]
    #expect(throws: Refusal.self) { try set(5, EndpointFixture(routes)) }
    #expect(try set(4, EndpointFixture(routes)).warnings.first?.contains("may change") == true)
  }

  @Test func endpointThatIsBeingUpdatedTakesNoOtherChange() throws {
    let routes = ["DescribeEndpoint": [Fixture.endpoint("Updating")]]
    #expect(throws: Refusal.self) { try set(2, EndpointFixture(routes)) }
  }

  @Test func zeroInstancesAreRefused() throws {
    #expect(throws: Refusal.self) { try set(0, EndpointFixture()) }
  }

  @Test func dryRunPlansTheWriteAndWaitsForNothing() throws {
    let fixture = try EndpointFixture(dryRun: true)
    #expect(try set(3, fixture).changed)
    #expect(fixture.writes.isEmpty)
    #expect(fixture.control.sleeps.all.isEmpty)
    #expect(
      fixture.control.planned.all.map(\.title) == ["UpdateEndpointWeightsAndCapacities dogs"])
  }

  // MARK: Weights

  private let two: EndpointFixture.Routes = [
    "DescribeEndpoint": [
      EndpointFixture.endpoint(
        "InService", EndpointFixture.variant("A", weight: 1),
        EndpointFixture.variant("B", weight: 0))
    ]
  ]

  @Test func onlyWeightsThatChangeAreSent() throws {
    let fixture = try EndpointFixture(two)
    let result = try EndpointCapacity.setWeights(
      ["A": 1, "B": 0.25], ofEndpoint: "dogs", with: fixture.client, waiter: nil)
    #expect(result.changed)
    #expect(result.weights.map(\.weight) == [1, 0.25])
    let body = try JSONValue(
      parsing: fixture.server.bodies("UpdateEndpointWeightsAndCapacities")[0])
    #expect(body["DesiredWeightsAndCapacities"]?.arrayValue?.count == 1)
    #expect(body["DesiredWeightsAndCapacities"]?[0]?["VariantName"] == "B")
  }

  @Test func sameWeightsAreNotWrittenAgain() throws {
    let fixture = try EndpointFixture(two)
    let result = try EndpointCapacity.setWeights(
      ["A": 1], ofEndpoint: "dogs", with: fixture.client, waiter: fixture.waiter)
    #expect(!result.changed)
    #expect(fixture.writes.isEmpty)
  }

  @Test(arguments: [["A": 0.0], ["C": 1], ["B": -1], ["B": .infinity]])
  func weightsThatCannotBeAreRefused(weights: [String: Double]) throws {
    let fixture = try EndpointFixture(two)
    #expect(throws: Refusal.self) {
      try EndpointCapacity.setWeights(
        weights, ofEndpoint: "dogs", with: fixture.client, waiter: nil)
    }
    #expect(fixture.writes.isEmpty)
  }
}
