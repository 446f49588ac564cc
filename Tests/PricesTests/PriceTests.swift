import CapacityPlanner
import Foundation
import Prices
import TestSupport
import Testing

@Suite struct PriceTests {
  private func cents(_ dollars: Double) -> Int { Int((dollars * 100).rounded()) }

  /// A worked example of <https://aws.amazon.com/lambda/pricing/>, us-east-1, x86.
  struct Example: Sendable, CustomTestStringConvertible {
    let name: String
    let month: BilledQuantities
    let megabytes: Int
    var storageMegabytes = 512
    let hasFreeTier: Bool
    /// Requests, on-demand duration, provisioned concurrency, duration on it, /tmp, pollers; and the total.
    let cents: [Int]
    let total: Int
    var testDescription: String { name }
  }

  static let examples = [
    Example(
      name: "on demand 1",
      month: BilledQuantities(requests: 3_000_000, onDemandMilliseconds: 3_000_000 * 120),
      megabytes: 1536, hasFreeTier: true, cents: [40, 2_33, 0, 0, 0, 0], total: 2_73),
    Example(
      name: "on demand 2",
      month: BilledQuantities(requests: 7_440_000, onDemandMilliseconds: 7_440_000 * 2000),
      megabytes: 1024, hasFreeTier: false, cents: [1_49, 248_00, 0, 0, 0, 0], total: 249_49),
    Example(
      name: "on demand 3, /tmp of 2 GB",
      month: BilledQuantities(requests: 6_000_000, onDemandMilliseconds: 6_000_000 * 280),
      megabytes: 4096, storageMegabytes: 2048, hasFreeTier: true,
      cents: [1_00, 105_33, 0, 0, 8, 0], total: 106_41),
    Example(
      name: "provisioned 1",
      month: BilledQuantities(
        requests: 3_000_000, onDemandMilliseconds: 2_500_000 * 120,
        provisionedMilliseconds: 500_000 * 100, provisionedEnvironmentSeconds: 100 * 8 * 3600),
      megabytes: 1536, hasFreeTier: true, cents: [40, 83, 18_00, 73, 0, 0], total: 19_96),
    Example(
      name: "provisioned 2",
      month: BilledQuantities(
        requests: 2_000_000, provisionedMilliseconds: 2_000_000 * 280,
        provisionedEnvironmentSeconds: 7 * 24 * 3600),
      megabytes: 4096, hasFreeTier: false, cents: [40, 0, 10_08, 21_78, 0, 0], total: 32_26),
    Example(
      name: "SQS, provisioned mode",
      month: {
        var month = BilledQuantities(
          requests: 30_000_000, onDemandMilliseconds: 30_000_000 * 1000)
        month.pollerHours = 8000
        return month
      }(),
      megabytes: 1024, hasFreeTier: false, cents: [6_00, 500_00, 0, 0, 0, 74_00], total: 580_00),
  ]

  @Test(arguments: examples)
  func everyWorkedExampleOfAWSComesOutToTheCent(example: Example) throws {
    var function = FunctionModel(memoryMegabytes: example.megabytes)
    function.ephemeralStorageMegabytes = example.storageMegabytes
    let cost = try PriceList.usEast1().cost(
      of: example.month, function: function, endpoint: nil, includesFreeTier: example.hasFreeTier)
    let items = [
      cost.requests, cost.onDemandDuration, cost.provisionedConcurrency, cost.provisionedDuration,
      cost.ephemeralStorage, cost.pollers,
    ]
    #expect(items.map(cents) == example.cents)
    #expect(cost.totalCents == example.total)
  }

  @Test func twoIdlePollersAreThirteenFiftyAMonth() throws {
    var month = BilledQuantities()
    month.pollerHours = 2 * 730
    let cost = try PriceList.usEast1().cost(of: month, function: FunctionModel(), endpoint: nil)
    #expect(cost.totalCents == 13_51)
  }

  @Test func aServerlessEnvironmentOf2GBIsTwentySixAMonthWhenProvisioned() throws {
    let model = ServerlessModel(memoryMegabytes: 2048, maximumConcurrency: 1, provisioned: 1)
    let endpoint = EndpointModel(
      kind: .serverless(model), serviceTime: .constant(.milliseconds(100)))
    var month = BilledQuantities()
    month.serverlessProvisionedEnvironmentSeconds = 730 * 3600
    let prices = try PriceList.usEast1()
    let idle = try prices.cost(of: month, function: FunctionModel(), endpoint: endpoint)
    #expect(cents(idle.endpointProvisioned) == 26_28)
    // A million requests of 100 ms, 500 kB each: 200,000 GB-s and 500 GB.
    var busy = BilledQuantities()
    busy.serverlessRequests = 1_000_000
    busy.serverlessMilliseconds = 100_000_000
    let cost = try prices.cost(of: busy, function: FunctionModel(), endpoint: endpoint)
    #expect(cents(cost.endpointRequests) == 4_00 + 8_00)
  }

  @Test func onDemandDurationGetsCheaperByTheMonthsAmount() throws {
    // 20 G GB-s on x86: 6 G, 9 G and 5 G of them at the three prices.
    let month = BilledQuantities(onDemandMilliseconds: 20_000_000_000_000)
    let cost = try PriceList.usEast1().cost(of: month, function: FunctionModel(), endpoint: nil)
    #expect(cents(cost.total) == 100_000_20 + 135_000_00 + 66_667_00)
  }

  @Test func armIsCheaperAndAnEndpointIsBilledByTheHour() throws {
    let prices = try PriceList.usEast1()
    let month = BilledQuantities(onDemandMilliseconds: 1_000_000_000, instanceHours: 730)
    let cost = try prices.cost(
      of: month, function: FunctionModel(memoryMegabytes: 2048, architecture: .arm),
      endpoint: EndpointModel(
        instanceType: "ml.m5.large", serviceTime: .constant(.milliseconds(1))))
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
