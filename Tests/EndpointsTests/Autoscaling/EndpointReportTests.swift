import AWSControl
import Endpoints
import TestSupport
import Testing

@Suite struct EndpointReportTests {
  private typealias Fixture = EndpointFixture

  private let scaled: EndpointFixture.Routes = [
    "DescribeScalableTargets": [EndpointFixture.scaled(1, 4)],
    "DescribeScalingPolicies": [EndpointFixture.policies(600)],
    "DescribeScalingActivities": [
      .init(
        200,
        body: """
          {"ScalingActivities":[{"ActivityId":"1","ServiceNamespace":"sagemaker","ResourceId":"r",
          "ScalableDimension":"d","Description":"Attempting to scale","Cause":"alarm","StartTime":1.7e9,
          "StatusCode":"Unfulfilled","NotScaledReasons":[{"Code":"AlreadyAtMaxCapacity","MaxCapacity":4}]}]}
          """)
    ],
  ]

  private func read(
    _ routes: EndpointFixture.Routes, variant: String? = nil
  ) throws -> EndpointReport {
    try Fixture.asking(routes) {
      try EndpointReport.read(endpointName: "dogs", variant: variant, with: $0)
    }
  }

  @Test func reportHasVariantsPoliciesAndActivitiesWithReasons() throws {
    let report = try read(scaled)
    #expect(report.endpoint.variants.map(\.instanceType) == ["ml.m5.large"])
    let policy = report.scaling["All"]?.policy(
      tracking: "SageMakerVariantInvocationsPerInstance")
    #expect(policy?.targetTracking?.scaleInCooldownSeconds == 300)
    #expect(report.activities["All"]?.first?.notScaledReasons == ["AlreadyAtMaxCapacity"])
    #expect(report.notes.contains { $0.contains("suspended") })
    #expect(report.notes.contains { $0.contains("UpdateEndpoint fails") })
  }

  @Test func variantAtItsMaximumIsReported() throws {
    let full = [
      "DescribeEndpoint": [Fixture.endpoint("InService", Fixture.variant(now: 4, wanted: 4))]
    ]
    #expect(try read(scaled.merging(full) { $1 }).notes[0].contains("at its maximum of 4"))
  }

  @Test func registeredVariantWithoutPolicyIsReported() throws {
    let report = try read(["DescribeScalableTargets": [Fixture.scaled(1, 4)]])
    #expect(report.notes.contains { $0.contains("nothing scales it") })
  }

  @Test func activitiesThatMayNotBeReadAreANote() throws {
    let report = try read(
      scaled.merging([
        "DescribeScalingActivities": [
          .init(400, body: ##"{"__type":"AccessDeniedException","Message":"no"}"##)
        ]
      ]) { $1 })
    #expect(report.activities["All"] == nil)
    #expect(
      report.notes.contains { $0.contains("application-autoscaling:DescribeScalingActivities") })
  }

  @Test func onlyTheVariantAskedForIsShown() throws {
    let two = [
      "DescribeEndpoint": [
        Fixture.endpoint("InService", Fixture.variant("All"), Fixture.variant("B"))
      ]
    ]
    #expect(try read(two).endpoint.variants.map(\.name) == ["All", "B"])
    #expect(try read(two, variant: "B").endpoint.variants.map(\.name) == ["B"])
    #expect(throws: Refusal.self) { try read(two, variant: "C") }
  }
}
