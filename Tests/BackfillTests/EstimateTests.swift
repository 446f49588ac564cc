import Backfill
import Prices
import Testing

@Suite struct EstimateTests {
  /// The worked example of the project's facts about backfills.
  private static let example: BackfillEstimate.Work = {
    var work = BackfillEstimate.Work(
      images: 1_000_000, listed: 1_000_000, way: .batchOperations, secondsPerImage: 0.2,
      memoryGB: 0.25, concurrency: 160, keepsResults: true)
    work.instances = .init(type: "ml.g4dn.xlarge", count: 10, imagesPerSecond: 80)
    return work
  }()

  private func cents(_ dollars: Double) -> Int { Int((dollars * 100).rounded()) }

  @Test func aMillionImagesCostTenDollarsAndSeventyFiveCents() throws {
    let estimate = try BackfillEstimate(Self.example, prices: .usEast1())
    #expect(cents(estimate.dollars) == 10_75)
    #expect(
      estimate.items.map { "\($0.name) \(cents($0.dollars))" } == [
        "S3 Batch Operations 125", "listing 1", "Lambda 103", "S3 requests 540", "logs 50",
        "endpoint, 10 ml.g4dn.xlarge 256",
      ])
    #expect(abs(estimate.hours - 0.3472) < 0.0001)
  }

  @Test func fromThisMachineOnlyTheJobAndItsTasksAreSaved() throws {
    var work = Self.example
    work.way = .local
    let local = try BackfillEstimate(work, prices: .usEast1())
    #expect(cents(local.dollars) == 10_75 - 1_25)
  }

  @Test func endpointLimitsTheSpeedWhenItIsSlower() throws {
    var work = Self.example
    work.instances?.count = 1
    let estimate = try BackfillEstimate(work, prices: .usEast1())
    #expect(abs(estimate.hours - 1_000_000 / 80.0 / 3600) < 1e-9)
    #expect(estimate.limit == "the endpoint's instances")
  }

  @Test func pricesWithoutStorageAreNamed() throws {
    var prices = try PriceList.usEast1()
    prices.storage = nil
    let error = #expect(throws: PriceError.self) {
      try BackfillEstimate(Self.example, prices: prices)
    }
    #expect(error?.message.contains("storage") == true)
  }
}
