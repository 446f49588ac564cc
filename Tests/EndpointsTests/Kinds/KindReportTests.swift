import AWSControl
import Endpoints
import TestSupport
import Testing

/// `endpoint show` of serverless and asynchronous endpoints.
@Suite struct KindReportTests {
  private typealias K = KindFixture

  private func read(_ routes: K.Routes) throws -> (EndpointReport, calls: [String]) {
    let fixture = try EndpointFixture(routes)
    let report = try EndpointReport.read(endpointName: "dogs", with: fixture.client)
    return (report, fixture.server.calls)
  }

  /// The clock stands at 1700000000, in the minute from 1699999980 on.
  private static let metrics = ScriptedServer.Answer(
    200,
    body: """
      {"MetricDataResults":[
      {"Id":"m0","Timestamps":[1699999920,1699999860],"Values":[12,8]},
      {"Id":"m1","Timestamps":[1699999920],"Values":[12]},
      {"Id":"m2","Timestamps":[1699999920],"Values":[340]},
      {"Id":"m3","Timestamps":[1699999920],"Values":[1]},
      {"Id":"m4","Timestamps":[1699999920,1699998000],"Values":[2,1]}]}
      """)

  @Test func queueOfAnAsynchronousEndpointIsRead() throws {
    let (report, _) = try read(
      K.scaledRoutes.merging(["GetMetricData": [Self.metrics]]) { $1 })
    #expect(report.endpoint.kind == .asynchronous)
    #expect(report.endpoint.asynchronous?.failurePath == "s3://dog-results/failures")
    #expect(report.metrics?.backlog == 12)
    #expect(report.metrics?.ageOfOldestSeconds == 340)
    #expect(report.metrics?.hasBacklogWithoutCapacity == true)
    #expect(report.metrics?.lastHour == ["InvocationFailures": 3])
  }

  @Test func oldDataAreNotTheQueueOfNow() throws {
    let old = ScriptedServer.Answer(
      200,
      body: #"{"MetricDataResults":[{"Id":"m0","Timestamps":[1699998000],"Values":[12]}]}"#)
    let (report, _) = try read(K.scaledRoutes.merging(["GetMetricData": [old]]) { $1 })
    #expect(report.metrics?.backlog == nil)
  }

  @Test func zeroWithoutAStepPolicyIsReported() throws {
    let (report, _) = try read(
      K.scaledRoutes.merging([
        "DescribeScalingPolicies": [.init(200, body: #"{"ScalingPolicies":[\#(K.tracking)]}"#)],
        "GetMetricData": [Self.metrics],
      ]) { $1 })
    #expect(report.notes.contains { $0.contains("no step policy starts the first one") })
    let (scaled, _) = try read(K.scaledRoutes.merging(["GetMetricData": [Self.metrics]]) { $1 })
    #expect(!scaled.notes.contains { $0.contains("no step policy") })
  }

  @Test func unscaledAsynchronousEndpointIsReported() throws {
    let (report, _) = try read(
      K.asynchronousRoutes.merging(["GetMetricData": [Self.metrics]]) { $1 })
    #expect(report.notes.contains { $0.contains("billed while nothing waits") })
  }

  @Test func metricsThatMayNotBeReadAreANote() throws {
    let denied = ScriptedServer.Answer(
      400, body: ##"{"__type":"AccessDeniedException","Message":"no"}"##)
    let (report, _) = try read(K.scaledRoutes.merging(["GetMetricData": [denied]]) { $1 })
    #expect(report.metrics == nil)
    #expect(report.notes.contains { $0.contains("cloudwatch:GetMetricData") })
  }

  @Test func serverlessEndpointHasItsOwnConcurrency() throws {
    let (report, calls) = try read(
      K.serverlessRoutes(K.serverless(), now: K.serverless(maximum: 20)).merging([
        "GetMetricData": [.init(200, body: "{}")]
      ]) { $1 })
    #expect(report.endpoint.kind == .serverless)
    #expect(report.endpoint.variants.first?.serverless?.maximumConcurrency == 20)
    // Without provisioned concurrency nothing can be registered.
    #expect(!calls.contains("DescribeScalableTargets"))
  }

  @Test func realTimeEndpointReadsNoMetrics() throws {
    let (report, calls) = try read([:])
    #expect(report.metrics == nil)
    #expect(!calls.contains("GetMetricData"))
  }
}
