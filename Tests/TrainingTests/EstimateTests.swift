import Prices
import Testing
import Training

@Suite struct EstimateTests {
  private let work = TrainingEstimate.Work(
    photographs: 7200, epochs: 10, architecture: .resnet50, freezesBackbone: false)

  @Test func measuredSpeedReplacesTheAssumption() throws {
    var prices = try PriceList.usEast1()
    prices.assumptions.trainingStartUpMinutes = 0
    let estimates = TrainingEstimate.all(work, prices: prices, measured: ["ml.g4dn.xlarge": 20])
    let job = try #require(
      estimates.first { $0.instanceType == "ml.g4dn.xlarge" && $0.way == .training })
    #expect(job.isMeasured)
    // 72,000 photographs at 20 a second are an hour.
    #expect(job.seconds == 3600)
    #expect(abs(job.dollars - 0.7364) < 1e-9)
    #expect(estimates.contains { !$0.isMeasured })
  }

  @Test func machinesOfTheWriteUpAreAllThere() throws {
    let estimates = TrainingEstimate.all(work, prices: try .usEast1())
    let types = Set(estimates.map(\.instanceType))
    #expect(
      types.isSuperset(of: [
        "ml.t3.medium", "ml.t3.xlarge", "ml.g4dn.xlarge", "ml.m5.xlarge", "t2.micro",
      ]))
    #expect(estimates.map(\.dollars) == estimates.map(\.dollars).sorted())
  }

  @Test func spotIsCheaperThanOnDemand() throws {
    let estimates = TrainingEstimate.all(work, prices: try .usEast1())
    func dollars(_ way: TrainingEstimate.Way) -> Double? {
      estimates.first { $0.instanceType == "ml.g4dn.xlarge" && $0.way == way }?.dollars
    }
    #expect(try #require(dollars(.spot)) < #require(dollars(.training)))
  }

  @Test func frozenBackboneSeesEachPhotographOnce() throws {
    var frozen = work
    frozen.freezesBackbone = true
    let prices = try PriceList.usEast1()
    let slow = TrainingEstimate.all(work, prices: prices).first { $0.instanceType == "m5.xlarge" }
    let fast = TrainingEstimate.all(frozen, prices: prices).first { $0.instanceType == "m5.xlarge" }
    #expect(try #require(fast).seconds < #require(slow).seconds)
  }
}
