import AWSControl
import Prices
import Testing

@testable import Endpoints

@Suite struct KindEstimateTests {
  private func load(_ images: Double, hours: Double = 8) -> KindEstimate.Load {
    KindEstimate.Load(imagesPerDay: images, busyHours: hours)
  }

  private func serverless(
    _ images: Double, memory: Int = 2048, provisioned: Int? = nil, seconds: Double? = 0.5
  ) throws -> KindEstimate? {
    try KindEstimate.serverless(
      load(images),
      ServerlessConfiguration(
        memoryMegabytes: memory, maximumConcurrency: 10, provisionedConcurrency: provisioned),
      measuredSeconds: seconds, prices: .usEast1())
  }

  @Test func realTimeIsBilledWhetherOrNotImagesCome() throws {
    let few = try #require(
      KindEstimate.instances(
        load(10), instanceType: "ml.m5.xlarge", measured: 10, utilization: 0.5,
        prices: .usEast1()))
    #expect(few[0].kind == .realTime)
    #expect(abs(few[0].dollarsPerMonth - 0.23 * 730) < 1e-9)
    #expect(few[0].assumptions.isEmpty)
    // 100,000 in 8 h are 3.5 a second; with half of 2 a second each, 4 instances.
    let many = try #require(
      KindEstimate.instances(
        load(100_000), instanceType: "ml.m5.xlarge", measured: 2, utilization: 0.5,
        prices: .usEast1()))
    #expect(abs(many[0].dollarsPerMonth - 4 * 0.23 * 730) < 1e-9)
  }

  private static let hours: [(images: Double, hours: Double, expected: Double)] = [
    // Each with its start and idle time: 10 × 21 min, and 10 s of work.
    (10, 8, 3.5 + 10.0 / 3600), (1, 8, 0.35 + 1.0 / 3600),
    // The next one comes before that.
    (1000, 8, 8.35), (1000, 24, 24),
    // The work alone takes longer.
    (200_000, 8, 200_000.0 / 3600),
  ]

  @Test(arguments: hours)
  func asynchronousIsBilledWhileItHasInstances(images: Double, hours: Double, expected: Double) {
    let found = KindEstimate.asynchronousHours(load(images, hours: hours), imagesPerSecond: 1)
    #expect(abs(found - expected) < 1e-9)
  }

  @Test func serverlessIsBilledByTheDurationAndTheData() throws {
    let estimate = try #require(try serverless(1000))
    let images = 1000 * 730.0 / 24
    #expect(abs(estimate.dollarsPerMonth - images * (0.5 * 2 * 0.00002 + 0.0005 * 0.016)) < 1e-9)
    #expect(estimate.assumptions == ["data"])
    #expect(estimate.setting == "2048 MB")
  }

  @Test func provisionedConcurrencyIsBilledAllTheTime() throws {
    let estimate = try #require(try serverless(1, provisioned: 1))
    // One of 2 GB is 26.28 a month.
    #expect(abs(estimate.dollarsPerMonth - 26.28) < 0.01)
    #expect(estimate.assumptions.contains("provisioned duration"))
  }

  @Test func unmeasuredTimeIsAssumedAndShrinksWithTheMemory() throws {
    let small = try #require(try serverless(1000, seconds: nil))
    let large = try #require(try serverless(1000, memory: 4096, seconds: nil))
    #expect(small.assumptions == ["image time", "data"])
    #expect(abs(small.dollarsPerMonth - large.dollarsPerMonth) < 1e-9)
  }

  @Test func loadAboveTheConcurrencyHasNoEstimate() throws {
    #expect(try serverless(10_000_000) == nil)
  }

  @Test func typeWithoutASpeedHasNoEstimate() throws {
    #expect(
      try KindEstimate.instances(
        load(10), instanceType: "ml.p3.2xlarge", measured: nil, utilization: 0.5,
        prices: .usEast1()) == nil)
  }
}
