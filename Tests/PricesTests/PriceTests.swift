import CapacityPlanner
import Foundation
import Prices
import TestSupport
import Testing

@Suite struct PriceTests {
  private func cents(_ dollars: Double) -> Int { Int((dollars * 100).rounded()) }

  @Test func theWorkedExampleOfAWSComesOutToTheCent() throws {
    // 1,536 MB, x86; 100 provisioned for 8 h with 500,000 requests of 100 ms; 2.5 M requests of 120 ms on demand.
    let month = BilledQuantities(
      requests: 3_000_000, onDemandMilliseconds: 2_500_000 * 120,
      provisionedMilliseconds: 500_000 * 100, provisionedEnvironmentSeconds: 100 * 8 * 3600)
    let cost = try PriceList.usEast1().cost(
      of: month, memoryMegabytes: 1536, architecture: .x86, instanceType: nil,
      includesFreeTier: true)
    #expect(cents(cost.provisionedConcurrency) == 18_00)
    #expect(cents(cost.provisionedDuration) == 73)
    #expect(cents(cost.onDemandDuration) == 83)
    #expect(cents(cost.requests) == 40)
    #expect(cents(cost.total) == 19_96)
  }

  @Test func onDemandDurationGetsCheaperByTheMonthsAmount() throws {
    // 20 G GB-s on x86: 6 G, 9 G and 5 G of them at the three prices.
    let month = BilledQuantities(onDemandMilliseconds: 20_000_000_000_000)
    let cost = try PriceList.usEast1().cost(
      of: month, memoryMegabytes: 1024, architecture: .x86, instanceType: nil)
    #expect(cents(cost.total) == 100_000_20 + 135_000_00 + 66_667_00)
  }

  @Test func armIsCheaperAndAnEndpointIsBilledByTheHour() throws {
    let prices = try PriceList.usEast1()
    let month = BilledQuantities(onDemandMilliseconds: 1_000_000_000, instanceHours: 730)
    let cost = try prices.cost(
      of: month, memoryMegabytes: 2048, architecture: .arm, instanceType: "ml.m5.large")
    #expect(abs(cost.onDemandDuration - 2e6 * 0.0000133334) < 1e-9)
    #expect(cents(cost.endpointInstances) == 83_95)
  }

  @Test func aTwoWeekTraceIsAMonthInProportion() {
    let month = BilledQuantities(requests: 14, instanceHours: 336).perMonth(
      of: .seconds(14 * 86_400))
    #expect(abs(month.instanceHours - 730) < 1e-9)
    #expect(month.requests == 30)
  }

  @Test func anUnknownInstanceTypeIsAnErrorThatListsTheKnown() throws {
    let prices = try PriceList.usEast1()
    let error = #expect(throws: PriceError.self) { try prices.hostingPerHour("ml.x9.huge") }
    #expect(error?.message.contains("ml.m5.large, ml.m5.xlarge") == true)
  }

  @Test func aFileOfPricesReplacesThem() throws {
    var prices = try PriceList.usEast1()
    prices.hostingPerHour["ml.m5.large"] = 1
    let file = try TemporaryFile(String(decoding: JSONEncoder().encode(prices), as: UTF8.self))
    #expect(try PriceList(contentsOf: URL(fileURLWithPath: file.path)) == prices)
  }

  @Test func aBrokenFileOfPricesNamesTheFileAndTheMember() throws {
    let file = try TemporaryFile(
      #"{"region": "us-east-1", "date": "2026-07-01", "sources": [], "lambda": {}}"#)
    let error = #expect(throws: PriceError.self) {
      try PriceList(contentsOf: URL(fileURLWithPath: file.path))
    }
    #expect(error?.message == "\(file.path): lambda.perMillionRequests is missing")
  }

  @Test func aFileWithoutTrainingPricesNamesThatMember() throws {
    let whole = try JSONEncoder().encode(PriceList.usEast1())
    var members = try #require(JSONSerialization.jsonObject(with: whole) as? [String: Any])
    members["trainingPerHour"] = nil
    let data = try JSONSerialization.data(withJSONObject: members)
    let file = try TemporaryFile(String(decoding: data, as: UTF8.self))
    let error = #expect(throws: PriceError.self) {
      try PriceList(contentsOf: URL(fileURLWithPath: file.path))
    }
    #expect(error?.message == "\(file.path): trainingPerHour is missing")
  }

  @Test(arguments: ["hostingPerHour", "trainingPerHour", "notebookPerHour", "ec2PerHour"])
  func aNegativePriceNamesItsMember(member: String) throws {
    let whole = try JSONEncoder().encode(PriceList.usEast1())
    var members = try #require(JSONSerialization.jsonObject(with: whole) as? [String: Any])
    members[member] = ["ml.x": -1]
    let data = try JSONSerialization.data(withJSONObject: members)
    let file = try TemporaryFile(String(decoding: data, as: UTF8.self))
    let error = #expect(throws: PriceError.self) {
      try PriceList(contentsOf: URL(fileURLWithPath: file.path))
    }
    #expect(error?.message == "\(file.path): \(member).ml.x is negative")
  }
}
