import AWSControl
import OperationsSupport
import Platform
import TestSupport

typealias Routes = [String: [ScriptedServer.Answer]]

/// The function `f` with an alias `live` on version 7, as Lambda answers about it.
final class FunctionFixture {
  static let provisioned = "/2019-09-30/functions/f/provisioned-concurrency"
  static let getProvisioned = "GET \(provisioned)?Qualifier=live"
  static let putProvisioned = "PUT \(provisioned)"
  static let deleteProvisioned = "DELETE \(provisioned)"
  static let listProvisioned = "GET \(provisioned)?List=ALL"
  static let getReserved = "GET /2019-09-30/functions/f/concurrency"
  static let putReserved = "PUT /2017-10-31/functions/f/concurrency"
  static let deleteReserved = "DELETE /2017-10-31/functions/f/concurrency"
  static let getAccount = "GET /2016-08-19/account-settings"
  static let getAlias = "GET /2015-03-31/functions/f/aliases/live"
  static let listAliases = "GET /2015-03-31/functions/f/aliases"

  let server: RoutedServer
  let control: ControlFixture
  var client: ControlClient { control.client }

  /// 1,000 for the account, 900 unreserved, nothing reserved, provisioned or scaled, unless
  /// `routes` say otherwise.
  init(_ routes: Routes = [:], dryRun: Bool = false) throws {
    let usual: Routes = [
      Self.getAccount: [Self.account(1000, unreserved: 900)],
      Self.getReserved: [.init(200, body: "{}")],
      Self.listProvisioned: [.init(200, body: #"{"ProvisionedConcurrencyConfigs":[]}"#)],
      Self.getProvisioned: [Self.nothingProvisioned],
      Self.getAlias: [.init(200, body: #"{"Name":"live","FunctionVersion":"7"}"#)],
      Self.listAliases: [
        .init(200, body: #"{"Aliases":[{"Name":"live","FunctionVersion":"7"}]}"#)
      ],
      "GET /2015-03-31/functions/f/configuration": [
        .init(
          200,
          body: """
            {"FunctionName":"f","FunctionArn":"arn:f","Version":"7","MemorySize":1024,"Architectures":["arm64"]}
            """)
      ],
      "DescribeScalableTargets": [.init(200, body: #"{"ScalableTargets":[]}"#)],
      "DescribeScalingPolicies": [.init(200, body: #"{"ScalingPolicies":[]}"#)],
      "DescribeScheduledActions": [.init(200, body: #"{"ScheduledActions":[]}"#)],
      "GetMetricData": [.init(200, body: #"{"MetricDataResults":[]}"#)],
      Self.putReserved: [.init(200, body: "{}")], Self.deleteReserved: [.init(204)],
      Self.deleteProvisioned: [.init(204)],
      "RegisterScalableTarget": [.init(200, body: "{}")],
      "PutScalingPolicy": [.init(200, body: "{}")],
      "PutScheduledAction": [.init(200, body: "{}")],
      "DeleteScheduledAction": [.init(200, body: "{}")],
      "DeregisterScalableTarget": [.init(200, body: "{}")],
    ]
    server = try RoutedServer(usual.merging(routes) { $1 })
    control = try ControlFixture(url: server.baseURL, dryRun: dryRun)
  }

  /// A client for one task; the server lives as long as that.
  static func asking<Value>(
    _ routes: Routes = [:], _ task: (ControlClient) throws -> Value
  ) throws -> Value {
    let fixture = try FunctionFixture(routes)
    return try withExtendedLifetime(fixture) { try task(fixture.client) }
  }

  /// The calls that change something.
  var writes: [String] {
    server.calls.filter {
      !$0.hasPrefix("GET ") && !$0.hasPrefix("Describe") && !$0.hasPrefix("Get")
    }
  }

  var waiter: Waiter { Waiter(clock: control.clock) }

  static func account(_ limit: Int, unreserved: Int) -> ScriptedServer.Answer {
    .init(
      200,
      body: """
        {"AccountLimit":{"ConcurrentExecutions":\(limit),"UnreservedConcurrentExecutions":\(unreserved)}}
        """)
  }

  static func reserved(_ count: Int) -> ScriptedServer.Answer {
    .init(200, body: #"{"ReservedConcurrentExecutions":\#(count)}"#)
  }

  static let nothingProvisioned = ScriptedServer.Answer(
    404, [("x-amzn-ErrorType", "ProvisionedConcurrencyConfigNotFoundException")],
    body: #"{"message":"No Provisioned Concurrency Config found for this function"}"#)

  static func provisioned(
    _ requested: Int, _ status: String, allocated: Int? = nil, reason: String? = nil,
    qualifier: String = "live"
  ) -> String {
    let available = status == "READY" ? requested : 0
    return """
      {"FunctionArn":"arn:aws:lambda:us-east-1:1:function:f:\(qualifier)",
      "RequestedProvisionedConcurrentExecutions":\(requested),
      "AllocatedProvisionedConcurrentExecutions":\(allocated ?? available),
      "AvailableProvisionedConcurrentExecutions":\(available),"Status":"\(status)"
      \(reason.map { ",\"StatusReason\":\"\($0)\"" } ?? "")}
      """
  }

  static func list(_ configurations: String..., next: String? = nil) -> ScriptedServer.Answer {
    let token = next.map { #","NextMarker":"\#($0)""# } ?? ""
    return .init(
      200,
      body:
        #"{"ProvisionedConcurrencyConfigs":[\#(configurations.joined(separator: ","))]\#(token)}"#)
  }

  static func scaled(_ minimum: Int, _ maximum: Int) -> ScriptedServer.Answer {
    .init(
      200,
      body: """
        {"ScalableTargets":[{"ServiceNamespace":"lambda","ResourceId":"function:f:live",
        "ScalableDimension":"lambda:function:ProvisionedConcurrency","MinCapacity":\(minimum),
        "MaxCapacity":\(maximum)}]}
        """)
  }
}
