import AWSControl
import Testing

@testable import Endpoints

@Suite struct EndpointOrphansTests {
  private typealias F = HostingFixture
  /// The clock of the fixtures is at 1,700,000,000 s.
  private static func configuration(_ name: String, _ creation: Int = 1_600_000_000) -> String {
    #"{"EndpointConfigName":"\#(name)","CreationTime":\#(creation)}"#
  }
  private static func model(_ name: String) -> String {
    #"{"ModelName":"\#(name)","CreationTime":1600000000}"#
  }
  private static let account = [
    "ListEndpoints": [#"{"Endpoints":[{"EndpointName":"dogs","EndpointStatus":"InService"}]}"#],
    "DescribeEndpoint": [F.endpoint(config: "dogs-20260102-000000")],
    "DescribeEndpointConfig": [
      """
      {"EndpointConfigName":"dogs-20260102-000000","ProductionVariants":[
      {"VariantName":"All","ModelName":"dogs-20260101-000000"}]}
      """
    ],
    "DescribeModel": [
      #"{"ModelName":"dogs-20251231-000000","CreationTime":1600000000,"PrimaryContainer":{}}"#
    ],
    "ListEndpointConfigs": [
      """
      {"EndpointConfigs":[\(configuration("dogs-20260102-000000")),\(configuration("dogs-20260101-000000")),
      \(configuration("cats-20260101-000000")),\(configuration("theirs")),
      \(configuration("dogs-20260103-000000", 1_699_999_000))]}
      """
    ],
    "ListModels": [
      """
      {"Models":[\(model("dogs-20260101-000000")),\(model("dogs-20251231-000000")),\(model("theirs"))]}
      """
    ],
  ]

  private func find(
    _ routes: [String: [String]] = [:], of endpointName: String? = "dogs"
  ) throws -> (EndpointOrphans, HostingFixture) {
    let fixture = try F(Self.account.merging(routes) { $1 })
    let orphans = try EndpointOrphans.find(
      endpointName: endpointName, minimumAgeSeconds: 3600, with: fixture.client)
    return (orphans, fixture)
  }

  @Test func whatAnEndpointUsesIsYoungOrIsNotOursIsNoOrphan() throws {
    let (orphans, _) = try find()
    #expect(orphans.configurationNames == ["dogs-20260101-000000"])
    // The model of the first configuration serves in the second.
    #expect(orphans.modelNames == ["dogs-20251231-000000"])
    #expect(
      try find(of: nil).0.configurationNames == ["cats-20260101-000000", "dogs-20260101-000000"])
  }

  @Test func listingCostsNoCallForAConfiguration() throws {
    let many = (10...60).map { Self.configuration("dogs-202601\($0)-000000") }
    let (orphans, fixture) = try find([
      "ListEndpointConfigs": [#"{"EndpointConfigs":[\#(many.joined(separator: ","))]}"#]
    ])
    #expect(orphans.configurationNames.count == 51)
    #expect(fixture.operations.count == 5)
  }

  @Test func modelOfAConfigurationThatStaysIsKept() throws {
    let (orphans, fixture) = try find([
      "DescribeEndpointConfig": [
        #"{"EndpointConfigName":"dogs-20260102-000000","ProductionVariants":[]}"#,
        """
        {"EndpointConfigName":"theirs","ProductionVariants":[
        {"VariantName":"All","ModelName":"dogs-20251231-000000"}]}
        """,
      ]
    ])
    #expect(orphans.modelNames == ["dogs-20251231-000000", "dogs-20260101-000000"])
    let checked = try orphans.checkingModels(with: fixture.client)
    #expect(checked.modelNames == ["dogs-20260101-000000"])
    #expect(checked.kept.count == 1)
  }

  @Test func oneThatCannotBeDeletedDoesNotKeepTheOthers() throws {
    let (orphans, fixture) = try find([
      "DeleteEndpointConfig": ["AccessDeniedException: no"]
    ])
    var failed: [String] = []
    try orphans.delete(with: fixture.client) { if $1 != nil { failed.append($0) } }
    #expect(failed == ["configuration dogs-20260101-000000"])
    #expect(fixture.writes == ["DeleteEndpointConfig", "DeleteModel"])
  }

  @Test(arguments: [
    ("dogs-20260101-000000", true), ("dogs-big-20260101-000000", false), ("dogs", false),
    ("dogs-20260101-00000", false), ("20260101-000000", false), ("dogs-2026010a-000000", false),
  ])
  func namesOfThisToolAreRecognized(name: String, isOurs: Bool) {
    #expect(EndpointOrphans.isOurs(name, "dogs") == isOurs)
  }

  // MARK: An interrupted deletion

  @Test func restOfAnInterruptedDeletionIsDeletedWhateverTheClockShows() throws {
    let fixture = try F(
      Self.account.merging([
        "ListEndpoints": [#"{"Endpoints":[]}"#], "DescribeEndpoint": [F.missing],
        "ListModels": [#"{"Models":[\#(Self.model("dogs-20260101-000000"))]}"#],
        "ListEndpointConfigs": [
          #"{"EndpointConfigs":[\#(Self.configuration("dogs-20260101-000000", 1_700_000_005))]}"#
        ],
      ]) { $1 })
    let plan = try EndpointDeletion.plan(
      endpointName: "dogs", keepsModel: false, with: fixture.client)
    #expect(!plan.deletesEndpoint)
    try plan.start(with: fixture.client)
    try plan.finish(with: fixture.client, waiter: fixture.waiter)
    #expect(fixture.writes == ["DeleteEndpointConfig", "DeleteModel"])
  }

  @Test func endpointThatIsBeingDeletedIsWaitedFor() throws {
    let fixture = try F([
      "DescribeEndpoint": [
        F.endpoint("Deleting", config: "dogs-20260101-000000"), F.endpoint("Deleting"), F.missing,
      ],
      "DescribeEndpointConfig": [F.config], "DescribeModel": [F.model],
      "ListEndpoints": [#"{"Endpoints":[]}"#],
      "ListEndpointConfigs": [#"{"EndpointConfigs":[]}"#],
    ])
    let plan = try EndpointDeletion.plan(
      endpointName: "dogs", keepsModel: false, with: fixture.client)
    #expect(!plan.deletesEndpoint)
    try plan.start(with: fixture.client)
    try plan.finish(with: fixture.client, waiter: fixture.waiter)
    #expect(fixture.writes == ["DeleteEndpointConfig", "DeleteModel"])
  }

  @Test func reasonOfAnEarlierFailureDoesNotEndTheWait() throws {
    let fixture = try F([
      "DescribeEndpoint": [
        F.endpoint("Failed", reason: "no disk"), F.endpoint("Failed", reason: "no disk"),
        F.endpoint("Deleting", reason: "no disk"), F.missing,
      ],
      "DescribeEndpointConfig": [F.missing],
    ])
    let plan = try EndpointDeletion.plan(
      endpointName: "dogs", keepsModel: false, with: fixture.client)
    try plan.start(with: fixture.client)
    try plan.finish(with: fixture.client, waiter: fixture.waiter)
    #expect(fixture.writes == ["DeleteEndpoint"])
  }

  @Test func endpointWithoutARestDoesNotExist() throws {
    let fixture = try F([
      "DescribeEndpoint": [F.missing], "ListEndpoints": [#"{"Endpoints":[]}"#],
    ])
    let refusal = #expect(throws: Refusal.self) {
      try EndpointDeletion.plan(endpointName: "dogs", keepsModel: false, with: fixture.client)
    }
    #expect(refusal?.reason == "Endpoint dogs does not exist")
  }
}
