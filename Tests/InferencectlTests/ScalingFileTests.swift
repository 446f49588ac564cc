import Foundation
import JSON
import OperationsSupport
import TestSupport
import Testing

@testable import inferencectl

/// `NAME-scaling.json`, which an update keeps while a variant is deregistered.
@Suite struct ScalingFileTests {
  private let name = "dogs-\(UUID().uuidString.prefix(8).lowercased())"
  private var path: String { "\(name)-scaling.json" }

  private func endpoint(_ status: String, _ configuration: String = "old") -> String {
    """
    {"EndpointName":"\(name)","EndpointArn":"a","EndpointConfigName":"\(configuration)","EndpointStatus":"\(status)",
    "ProductionVariants":[{"VariantName":"All","CurrentInstanceCount":2,"DesiredInstanceCount":2}]}
    """
  }

  private func server(
    _ endpoints: [String], registered: Bool = true, refusing: String? = nil
  ) throws -> RoutedServer {
    func ok(_ body: String) -> [ScriptedServer.Answer] { [.init(200, body: body)] }
    var routes = [
      "DescribeEndpoint": endpoints.map { ScriptedServer.Answer(200, body: $0) },
      "DescribeEndpointConfig": ok(
        """
        {"EndpointConfigName":"old","ProductionVariants":[{"VariantName":"All","ModelName":"m",
        "InstanceType":"ml.m5.large","InitialInstanceCount":1}]}
        """),
      "DescribeModel": ok(
        #"{"ModelName":"m","PrimaryContainer":{"Image":"i","ModelDataUrl":"s3://b/m"}}"#),
      "DescribeScalableTargets": ok(
        registered
          ? """
          {"ScalableTargets":[{"ResourceId":"endpoint/\(name)/variant/All","MinCapacity":1,"MaxCapacity":4}]}
          """ : "{}"),
      "DescribeScalingPolicies": ok("{}"), "DescribeScheduledActions": ok("{}"),
      "DescribeScalingActivities": ok("{}"),
      "CreateEndpointConfig": ok(#"{"EndpointConfigArn":"a"}"#), "UpdateEndpoint": ok("{}"),
      "DeregisterScalableTarget": ok("{}"), "RegisterScalableTarget": ok("{}"),
      "DeleteEndpointConfig": ok("{}"),
    ]
    if let refusing {
      routes[refusing] = [
        .init(400, body: #"{"__type":"ValidationException","message":"not now"}"#)
      ]
    }
    return try RoutedServer(routes)
  }

  private func update(_ server: RoutedServer, _ more: [String] = []) -> CommandRun {
    CommandRun(
      [
        "endpoint", "update", "--endpoint-name", name, "--instance-type", "ml.m5.xlarge",
        "--no-probe",
      ] + more,
      url: server.baseURL, clock: makeClock().0)
  }

  private func newName(_ server: RoutedServer) throws -> String {
    let body = try #require(server.bodies("UpdateEndpoint").first)
    return try #require(try JSONValue(parsing: body)["EndpointConfigName"]?.stringValue)
  }

  /// The name of the new configuration: the clock of the tests stands still.
  private var new: String { "\(name)-20231114-221320" }

  @Test func scalingIsPutBackAfterASuccess() throws {
    let server = try server([
      endpoint("InService"), endpoint("InService"), endpoint("Updating"),
      endpoint("InService", new),
    ])
    let run = update(server)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try newName(server) == new)
    #expect(server.calls.suffix(1) == ["RegisterScalableTarget"])
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func scalingIsPutBackAfterARollbackATimeoutAndAFailedCall() throws {
    let ends: [[String]] = [
      [endpoint("Updating"), endpoint("InService")], [endpoint("Updating")], ["not JSON"],
    ]
    for end in ends {
      let server = try server([endpoint("InService"), endpoint("InService")] + end)
      let run = update(server)
      #expect(run.status == 1)
      #expect(server.calls.suffix(1) == ["RegisterScalableTarget"], "\(run.errors)")
      #expect(run.errors.contains("The autoscaling of All is restored"))
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }

  @Test func scalingIsPutBackWithoutAWait() throws {
    let server = try server([endpoint("InService")])
    #expect(update(server, ["--no-wait"]).status == 0)
    #expect(server.calls.suffix(1) == ["RegisterScalableTarget"])
  }

  @Test func scalingThatCannotBePutBackStaysInItsFileAndIsOffered() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let server = try server(
      [endpoint("InService"), endpoint("InService"), endpoint("InService", new)],
      refusing: "RegisterScalableTarget")
    let run = update(server)
    #expect(run.status == 1)
    #expect(run.errors.contains("--restore-scaling \(path)"))
    #expect(FileManager.default.fileExists(atPath: path))
    let unregistered = try self.server([endpoint("InService")], registered: false)
    let shown = CommandRun(
      ["endpoint", "show", "--endpoint-name", name], url: unregistered.baseURL)
    #expect(shown.errors.contains("an interrupted update has left the autoscaling of All"))
    let next = try self.server([endpoint("InService")], registered: false)
    let again = CommandRun(
      ["endpoint", "update", "--endpoint-name", name, "--instance-type", "ml.m5.large"],
      url: next.baseURL)
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.output.contains("already has these settings"))
    #expect(next.calls.contains("RegisterScalableTarget"))
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
